import { chainStart, contentHash, linkHash } from './audit-chain.ts';
import { systemRole } from './walls.ts';
import type { Em, Orm } from './orm.ts';

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
  previous_hash: string;
  hash: string;
}

export interface BrokenLink {
  readonly entryId: string;
  /** Slug of the partner whose chain it is; null: the system's own. */
  readonly partner: string | null;
  readonly sequence: string;
  readonly reason: 'gap in the sequence' | 'does not follow the entry before it' | 'content was changed';
}

export interface AuditVerdict {
  readonly chains: number;
  readonly entries: number;
  /** The first bad row, chain by chain; null: all chains are whole. */
  readonly broken: BrokenLink | null;
}

const page = 1000;

/** Recomputes every chain (or one partner's) from its first entry. What was cut off at the end leaves no trace here. */
export const verifyAudit = async (orm: Orm, partnerSlug: string | null = null): Promise<AuditVerdict> => {
  const rows = <T>(query: string, parameters: unknown[]): Promise<T[]> =>
    (orm.em.fork({ session: { role: systemRole } }) as Em).transactional((em) =>
      (em as Em).execute<T[]>(query, parameters),
    );
  const chains = await rows<{ partner_id: string | null; slug: string | null }>(
    `select distinct a.partner_id, p.slug from audit_entry a left join partner p on p.id = a.partner_id
      where ?::text is null or p.slug = ? order by p.slug nulls last`,
    [partnerSlug, partnerSlug],
  );
  let entries = 0;
  for (const chain of chains) {
    let previous = chainStart;
    let sequence = 0n;
    for (;;) {
      const links = await rows<EntryRow>(
        `select id, partner_id, sequence::text, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, use_case,
                actor_name, person_id, request_id, input, input_hash, answer, previous_hash, hash
           from audit_entry where partner_id is not distinct from ?::uuid and sequence > ?::bigint
          order by audit_entry.sequence limit ${page}`,
        [chain.partner_id, sequence.toString()],
      );
      for (const link of links) {
        const broken = (reason: BrokenLink['reason']): AuditVerdict => ({
          chains: chains.length,
          entries,
          broken: { entryId: link.id, partner: chain.slug, sequence: link.sequence, reason },
        });
        sequence += 1n;
        if (link.sequence !== sequence.toString()) return broken('gap in the sequence');
        if (link.previous_hash !== previous) return broken('does not follow the entry before it');
        const content = contentHash({
          at: Temporal.Instant.from(link.at).toString(),
          useCase: link.use_case,
          actorName: link.actor_name,
          personId: link.person_id,
          requestId: link.request_id,
          input: link.input,
          inputHash: link.input_hash,
          answer: link.answer,
        });
        if (linkHash(previous, sequence, content) !== link.hash) return broken('content was changed');
        previous = link.hash;
        entries += 1;
      }
      if (links.length < page) break;
    }
  }
  return { chains: chains.length, entries, broken: null };
};
