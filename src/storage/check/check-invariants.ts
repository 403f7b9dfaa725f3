import { asSystem, verifyAudit, type Within } from '../audit-verify.ts';
import type { Orm } from '../orm.ts';
import { auditInvariant } from './audit.ts';
import type { Breach, CheckGround, Invariant, Reference } from './invariant.ts';
import { licenseInvariants } from './licenses.ts';
import { messageInvariants } from './messages.ts';
import { ownershipInvariant } from './ownership.ts';
import { reportInvariants } from './reports.ts';
import { suiteInvariants } from './suites.ts';

/** What must always hold, in the order of its numbers. */
export const invariants: readonly Invariant[] = [
  ...reportInvariants,
  ...licenseInvariants,
  ...messageInvariants,
  ownershipInvariant,
  auditInvariant,
  ...suiteInvariants,
];

export interface BrokenInvariant extends Breach {
  readonly invariant: string;
  readonly says: string;
}

export interface CheckVerdict {
  /** How many invariants were looked into: all of them, over the whole database. */
  readonly checked: number;
  /** The first offending row of each that is broken. */
  readonly broken: readonly BrokenInvariant[];
}

export interface CheckOptions {
  /** How statements are run: each in a transaction of its own, or all in one that is open. */
  readonly within?: Within;
  /** Default: all. */
  readonly which?: readonly Invariant[];
}

/** Every column that refers to another table, by the mapping. */
const referencesOf = (orm: Orm): Reference[] => {
  const isOwned = (table: string): boolean => tables.get(table)?.has('partner_id') ?? false;
  const metas = [...orm.getMetadata().getAll().values()];
  const tables = new Map(
    metas.map((meta) => [meta.tableName, new Set(meta.props.flatMap(({ fieldNames = [] }) => fieldNames))]),
  );
  return metas.flatMap((meta) =>
    meta.relations.flatMap((property): Reference[] => {
      const column = property.fieldNames[0];
      const to = property.targetMeta?.tableName;
      if (!column || !to) return [];
      const partner = isOwned(meta.tableName) ? 'partner_id' : meta.tableName === 'partner' ? 'id' : null;
      return [{ table: meta.tableName, column, to, partner, owned: isOwned(to) }];
    }),
  );
};

/** A value that the database cannot count with is a finding as well: no door of ours writes such a one. */
const unreadable = (error: unknown): Breach => {
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code !== 'string' || !code.startsWith('22')) throw error;
  const what = 'a value stands in it that cannot be read';
  return { table: 'the database', id: null, partner: null, what, expected: null, found: message ?? code };
};

/**
 * Looks into all invariants over the whole database, as the system, and names the first offending row of each that is
 * broken. Everything is counted inside the database, one statement at a time; nothing is held or changed.
 */
export const checkInvariants = async (
  orm: Orm,
  now: Temporal.Instant,
  { within = asSystem(orm), which = invariants }: CheckOptions = {},
): Promise<CheckVerdict> => {
  const ground: CheckGround = {
    now,
    references: referencesOf(orm),
    rows: (query, parameters = []) => within((em) => em.execute(query, [...parameters])),
    verifyAudit: () => verifyAudit(orm, null, within),
  };
  const broken: BrokenInvariant[] = [];
  for (const { name, says, find } of which) {
    const breach = await find(ground).catch(unreadable);
    if (breach) broken.push({ invariant: name, says, ...breach });
  }
  return { checked: which.length, broken };
};
