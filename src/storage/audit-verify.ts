import { IsolationLevel } from '@mikro-orm/core';
import type { EntityClass, Stored } from '../core/unit-of-work.ts';
import { chainStart, contentHash, linkHash, ofChain } from './audit-chain.ts';
import type { Em, Orm } from './orm.ts';
import { systemRole } from './walls.ts';
import { appendOnly, changing, rowDigest, type Written } from './witness.ts';

interface EntryRow {
  id: string;
  partner_id: string | null;
  sequence: string;
  at: string;
  use_case: string;
  actor_name: string;
  person_id: string | null;
  request_id: string;
  input: unknown;
  input_hash: string;
  answer: unknown;
  written: Written | null;
  previous_hash: string;
  hash: string;
}

export interface BrokenLink {
  /** The entry that tells it; null: there is none, which is what is wrong. */
  readonly entryId: string | null;
  /** Slug of the partner whose chain it is; null: the system's own. */
  readonly partner: string | null;
  readonly sequence: string | null;
  /** Where the bad row stands, and its id. */
  readonly table: string;
  readonly rowId: string | null;
  readonly reason:
    | 'gap in the sequence'
    | 'does not follow the entry before it'
    | 'content was changed'
    | 'the end of the chain is missing'
    | 'the row that it wrote is gone'
    | 'the row that it wrote was changed'
    | 'the row is not as the last entry left it'
    | 'no entry wrote the row';
}

export interface ChainVerdict {
  readonly entries: number;
  readonly broken: BrokenLink | null;
}

export interface AuditVerdict extends ChainVerdict {
  readonly chains: number;
}

/** Runs some statements in a transaction of its own. */
export type Within = <T>(work: (em: Em) => Promise<T>) => Promise<T>;

/** Each time a transaction of its own that sees one moment, as the system: nothing is held while a long chain is read. */
export const asSystem =
  (orm: Orm): Within =>
  (work) =>
    (orm.em.fork({ session: { role: systemRole } }) as Em).transactional((em) => work(em as Em), {
      isolationLevel: IsolationLevel.REPEATABLE_READ,
    });

interface Chain {
  readonly partnerId: string | null;
  readonly slug: string | null;
  /** Where the database says that it ends; null: nowhere. */
  readonly head: { readonly sequence: string; readonly hash: string } | null;
}

const page = 1000;

const contentOf = (link: EntryRow): string =>
  contentHash({
    at: Temporal.Instant.from(link.at).toString(),
    useCase: link.use_case,
    actorName: link.actor_name,
    personId: link.person_id,
    requestId: link.request_id,
    input: link.input,
    inputHash: link.input_hash,
    answer: link.answer,
    written: link.written,
  });

/** What the rows of one table say now, by id. */
const digestsNow = async (
  within: Within,
  type: EntityClass<Stored>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const digests = new Map<string, string>();
  for (let from = 0; from < ids.length; from += page) {
    const some = { id: { $in: ids.slice(from, from + page) } };
    const rows = await within((em) => em.find(type as never, some as never, { disableIdentityMap: true }));
    for (const row of rows as Stored[]) digests.set(row.id, rowDigest(row));
  }
  return digests;
};

/** The first append-only row among those that the entries wrote which is not as it was written. */
const firstChanged = async (
  within: Within,
  links: readonly EntryRow[],
): Promise<{
  readonly link: EntryRow;
  readonly table: string;
  readonly rowId: string;
  readonly gone: boolean;
} | null> => {
  const digests = new Map<string, ReadonlyMap<string, string>>();
  for (const [table, type] of appendOnly) {
    const ids = links.flatMap(({ written }) => Object.keys(written?.[table] ?? {}));
    digests.set(table, await digestsNow(within, type, ids));
  }
  for (const link of links)
    for (const [table, found] of digests)
      for (const [rowId, digest] of Object.entries(link.written?.[table] ?? {})) {
        const digestNow = found.get(rowId);
        if (digestNow !== digest) return { link, table, rowId, gone: digestNow === undefined };
      }
  return null;
};

/** Recomputes one chain from its first entry to its head, with the rows that its entries wrote. */
const verifyChain = async (within: Within, { partnerId, slug, head }: Chain): Promise<ChainVerdict> => {
  let entries = 0;
  let previous = chainStart;
  let sequence = 0n;
  const broken = (
    link: Pick<EntryRow, 'id' | 'sequence'> | null,
    reason: BrokenLink['reason'],
    row: Partial<Pick<BrokenLink, 'table' | 'rowId'>> = {},
  ): ChainVerdict => ({
    entries,
    broken: {
      entryId: link?.id ?? null,
      partner: slug,
      sequence: link?.sequence ?? null,
      table: 'audit_entry',
      rowId: link?.id ?? null,
      ...row,
      reason,
    },
  });
  for (;;) {
    const links = await within((em) =>
      em.execute<EntryRow[]>(
        `select id, partner_id, sequence::text, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, use_case,
                actor_name, person_id, request_id, input, input_hash, answer, written, previous_hash, hash
           from audit_entry where ${ofChain(partnerId)} and audit_entry.sequence > ?::bigint
          order by audit_entry.partner_id, audit_entry.sequence limit ${page}`,
        [partnerId, sequence.toString()],
      ),
    );
    for (const link of links) {
      sequence += 1n;
      if (link.sequence !== sequence.toString()) return broken(link, 'gap in the sequence');
      if (link.previous_hash !== previous) return broken(link, 'does not follow the entry before it');
      if (linkHash(previous, sequence, contentOf(link)) !== link.hash) return broken(link, 'content was changed');
      previous = link.hash;
      entries += 1;
    }
    const changed = await firstChanged(within, links);
    if (changed)
      return broken(
        changed.link,
        changed.gone ? 'the row that it wrote is gone' : 'the row that it wrote was changed',
        changed,
      );
    if (links.length < page) break;
  }
  // Whoever takes entries from the end takes the head as well: a chain without one has no end that can be proved.
  if (!head && entries > 0) return broken(null, 'the end of the chain is missing');
  // Entries that came while we read are beyond the head that we were told of; what is before it must be there.
  if (head && (BigInt(head.sequence) > sequence || (BigInt(head.sequence) === sequence && head.hash !== previous)))
    return broken({ id: '', sequence: head.sequence }, 'the end of the chain is missing', { rowId: null });
  return { entries, broken: null };
};

/**
 * Recomputes every chain (or one partner's) from its first entry to the head that the database keeps, and the ledger
 * rows and histories that the entries wrote. All chains together also account for every such row (one that no entry
 * wrote is found), and for the state of what deeds change, which is as the last entry left it.
 */
export const verifyAudit = async (
  orm: Orm,
  partnerSlug: string | null = null,
  within: Within = asSystem(orm),
): Promise<AuditVerdict> => {
  const chains = await within((em) =>
    em.execute<{ partner_id: string | null; slug: string | null; sequence: string | null; hash: string | null }[]>(
      `select c.partner_id, p.slug, h.sequence::text, h.hash
         from (select distinct partner_id from audit_entry
                union select case when pg_input_is_valid(chain, 'uuid') then chain::uuid end from audit_head) c
         left join audit_head h on h.chain = coalesce(c.partner_id::text, 'system')
         left join partner p on p.id = c.partner_id
        where ?::text is null or p.slug = ? order by p.slug nulls last`,
      [partnerSlug, partnerSlug],
    ),
  );
  let entries = 0;
  for (const { partner_id: partnerId, slug, sequence, hash } of chains) {
    const head = sequence === null || hash === null ? null : { sequence, hash };
    const verdict = await verifyChain(within, { partnerId, slug, head });
    entries += verdict.entries;
    if (verdict.broken) return { chains: chains.length, entries, broken: verdict.broken };
  }
  // What a row is now, or that it is there at all, may stand in any chain.
  const broken = partnerSlug === null ? ((await unwritten(within)) ?? (await firstMoved(within))) : null;
  return { chains: chains.length, entries, broken };
};

interface LastWritten {
  readonly id: string;
  readonly slug: string | null;
  readonly entryId: string;
  readonly sequence: string;
  readonly digest: string;
}

/**
 * The first of a table's rows that is not in the state in which an entry left it. Where several chains tell of a row,
 * the last word of each is taken for it: their entries have no common order.
 */
const movedOn = async (em: Em, table: string, type: EntityClass<Stored>): Promise<BrokenLink | null> => {
  const last = await em.execute<LastWritten[]>(
    `select distinct on (row.id, e.partner_id) row.id, p.slug, e.id as "entryId", e.sequence::text, row.digest
       from audit_entry e cross join lateral jsonb_each_text(e.written -> '${table}') as row(id, digest)
       left join partner p on p.id = e.partner_id
      where jsonb_exists(e.written, '${table}')
      order by row.id, e.partner_id, e.sequence desc`,
  );
  const words = Map.groupBy(last, ({ id }) => id);
  const now = await digestsNow((work) => work(em), type, [...words.keys()]);
  for (const [rowId, told] of words) {
    const digest = now.get(rowId);
    if (told.some((word) => word.digest === digest)) continue;
    const { slug, entryId, sequence } = told[0]!;
    const reason = digest === undefined ? 'the row that it wrote is gone' : 'the row is not as the last entry left it';
    return { entryId, partner: slug, sequence, table, rowId, reason };
  }
  return null;
};

/** The first changing row of any table that somebody changed without an entry. */
const firstMoved = async (within: Within): Promise<BrokenLink | null> => {
  for (const [table, type] of changing) {
    // Entries and rows of one moment: what is written meanwhile confuses nothing.
    const moved = await within((em) => movedOn(em, table, type));
    if (moved) return moved;
  }
  return null;
};

/** The first append-only row that no entry of any chain speaks of. */
const unwritten = async (within: Within): Promise<BrokenLink | null> => {
  for (const table of appendOnly.keys()) {
    const [row] = await within((em) =>
      em.execute<{ id: string; slug: string }[]>(
        // As sets: row by row it would take the square of their number.
        `select t.id, p.slug
           from (select id from "${table}"
                 except
                 select jsonb_object_keys(written -> '${table}')::uuid from audit_entry
                  where jsonb_exists(written, '${table}')) t
           join "${table}" row on row.id = t.id left join partner p on p.id = row.partner_id
          order by t.id limit 1`,
      ),
    );
    if (row)
      return {
        entryId: null,
        partner: row.slug,
        sequence: null,
        table,
        rowId: row.id,
        reason: 'no entry wrote the row',
      };
  }
  return null;
};

/** The chain of the partner behind whose walls `em` stands, as its own people may verify it. */
export const verifyOwnChain = async (em: Em): Promise<ChainVerdict> => {
  // A chain that has not begun has no head; its first entry may come while we read.
  const [chain] = await em.execute<{ partnerId: string; slug: string; sequence: string | null; hash: string | null }[]>(
    `select p.id as "partnerId", p.slug, h.sequence::text, h.hash
       from partner p left join wall.audit_head() h on true
      where p.id = wall.partner()
        and (h.hash is not null or exists (select 1 from audit_entry e where e.partner_id = p.id))`,
  );
  if (!chain) return { entries: 0, broken: null };
  const { partnerId, slug, sequence, hash } = chain;
  const head = sequence === null || hash === null ? null : { sequence, hash };
  return verifyChain((work) => work(em), { partnerId, slug, head });
};

/** What is wrong, for people. */
export const brokenText = ({ partner, sequence, table, rowId, reason }: BrokenLink): string => {
  if (reason === 'no entry wrote the row') return `${table} ${rowId} of ${partner ?? 'nobody'}: ${reason}.`;
  const chain = partner === null ? "the system's chain" : `the chain of ${partner}`;
  if (sequence === null) return `${chain}: ${reason}.`;
  const row = rowId === null ? '' : table === 'audit_entry' ? ` (${rowId})` : `, ${table} ${rowId}`;
  return `${chain}, entry ${sequence}${row}: ${reason}.`;
};
