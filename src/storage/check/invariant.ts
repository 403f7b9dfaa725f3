import type { AuditVerdict } from '../audit-verify.ts';

/** The first row that breaks an invariant, in words for the operator. */
export interface Breach {
  readonly table: string;
  /** The row's id; null: the row that ought to be there is not. */
  readonly id: string | null;
  /** Slug of the partner it belongs to; null: of none. */
  readonly partner: string | null;
  /** What is wrong. */
  readonly what: string;
  readonly expected: string | null;
  readonly found: string | null;
}

/** What the checks ask with. */
export interface CheckGround {
  /** Rows of one statement that sees everybody's, as of one moment: what is written meanwhile confuses nothing. */
  rows<T>(query: string, parameters?: readonly unknown[]): Promise<T[]>;
  /** Business time. */
  readonly now: Temporal.Instant;
  /** The references between tables, as they are mapped: a constraint that was dropped is still known. */
  readonly references: readonly Reference[];
  verifyAudit(): Promise<AuditVerdict>;
}

/** A column of one table that holds ids of another. */
export interface Reference {
  readonly table: string;
  readonly column: string;
  readonly to: string;
  /** The column by which the row names its partner; null: it belongs to none. */
  readonly partner: 'partner_id' | 'id' | null;
  /** Whether the row referred to names a partner as well. */
  readonly owned: boolean;
}

export interface Invariant {
  /** `I6`. */
  readonly name: string;
  /** The rule in one sentence. */
  readonly says: string;
  /** The first row that breaks it; null: none does. */
  find(ground: CheckGround): Promise<Breach | null>;
}

/** Rows with the columns of a `Breach`: `"table"`, `id`, `partner`, `what`, `expected`, `found`. */
export type BreachQuery = (ground: CheckGround) => { readonly query: string; readonly parameters?: readonly unknown[] };

/** An invariant that some queries look into, one after the other: the first row that any of them gives is told. */
export const invariant = (name: string, says: string, ...queries: readonly BreachQuery[]): Invariant => ({
  name,
  says,
  async find(ground) {
    for (const queryOf of queries) {
      const { query, parameters = [] } = queryOf(ground);
      const [breach] = await ground.rows<Breach>(
        `select b."table", b.id::text, b.partner, b.what, b.expected::text, b.found::text
           from (${query}) b order by b.partner, b.id limit 1`,
        parameters,
      );
      if (breach) return breach;
    }
    return null;
  },
});
