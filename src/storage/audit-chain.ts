import type { Actor } from '../core/caller.ts';
import type { Written } from './witness.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { newId } from './new-id.ts';
import type { Em } from './orm.ts';

export interface AuditContent {
  readonly at: string;
  readonly useCase: string;
  readonly actorName: string;
  readonly personId: string | null;
  readonly requestId: string;
  readonly input: unknown;
  readonly inputHash: string;
  readonly answer: unknown;
  readonly written: Written | null;
}

export const chainStart = '0'.repeat(64);

/** What a link's hash is made of besides the link before it; every stored column of the entry takes part. */
export const contentHash = (content: AuditContent): string => sha256(canonicalJson(content));

export const linkHash = (previous: string, sequence: bigint, content: string): string =>
  sha256(`${previous}:${sequence}:${content}`);

const secrets = /secret|token|password/i;

/** Secrets never reach the audit; the hash is made of what is stored. */
const withoutSecrets = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, secrets.test(key) ? '•' : withoutSecrets(member)]),
  );
};

/** Through JSON and back: what is hashed is what a later reader of the row gets. */
const asStored = (value: unknown): unknown => JSON.parse(canonicalJson(withoutSecrets(value) ?? null));

/**
 * The entries of one chain, whose partner is given as a parameter. With the partner in their order as well, an index
 * finds the last or the next of them: else each command would read its whole chain.
 */
export const ofChain = (partnerId: string | null): string =>
  partnerId === null ? 'partner_id is null and ?::uuid is null' : 'partner_id = ?::uuid';

/**
 * Appends one link to the actor's chain. The chain is held from here to the commit, so this comes last: two callers
 * of one partner meet only for this moment.
 */
export const appendAudit = async (
  em: Em,
  actor: Actor,
  entry: Omit<AuditContent, 'actorName' | 'personId' | 'at'> & { readonly at: Temporal.Instant },
): Promise<void> => {
  const partnerId = actor.partnerId ?? null;
  const content: AuditContent = {
    // The column keeps microseconds; the hash must be of what it keeps.
    at: entry.at.round({ smallestUnit: 'microsecond', roundingMode: 'trunc' }).toString(),
    useCase: entry.useCase,
    actorName: actor.type === 'person' ? actor.email : actor.name,
    personId: actor.type === 'person' ? actor.personId : null,
    requestId: entry.requestId,
    input: asStored(entry.input),
    inputHash: entry.inputHash,
    answer: asStored(entry.answer),
    written: entry.written,
  };
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`audit:${partnerId ?? 'system'}`]);
  await em.execute(
    `with head as (
       select coalesce(max(sequence), 0) + 1 as next,
              coalesce((array_agg(hash order by sequence desc))[1], ?) as previous
         from (select sequence, hash from audit_entry where ${ofChain(partnerId)}
                order by partner_id desc, sequence desc limit 1) last)
     insert into audit_entry (id, partner_id, sequence, at, use_case, actor_name, person_id, request_id,
                              input, input_hash, answer, written, previous_hash, hash)
     select ?::uuid, ?::uuid, next, ?::timestamptz, ?, ?, ?::uuid, ?, ?::jsonb, ?, ?::jsonb, ?::jsonb, previous,
            encode(sha256(convert_to(previous || ':' || next || ':' || ?, 'UTF8')), 'hex')
       from head`,
    [
      chainStart,
      partnerId,
      newId(),
      partnerId,
      content.at,
      content.useCase,
      content.actorName,
      content.personId,
      content.requestId,
      JSON.stringify(content.input),
      content.inputHash,
      JSON.stringify(content.answer),
      content.written && JSON.stringify(content.written),
      contentHash(content),
    ],
  );
};
