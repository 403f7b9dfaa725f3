import type { Actor } from '../../core/caller.ts';
import type { DigestReads } from '../../core/digests/reads.ts';
import type { Platform } from '../../core/people/linked-identity.ts';
import type { Em } from '../orm.ts';

interface DigestRowPart {
  id: string;
  platform: Platform;
  channel_id: string;
  channel_name: string;
  weekday: number;
  time: string;
  time_zone: string;
  paused: boolean;
  next_slot_at: string;
  owner: string;
}

const instant = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const asText = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const digestReads = (em: Em, _actor: Actor): DigestReads => ({
  async list() {
    const rows = await em.execute<DigestRowPart[]>(
      `select d.id, d.platform, d.channel_id, d.channel_name, d.weekday, d.time, d.time_zone, d.paused,
              ${asText('d.next_slot_at')} as next_slot_at, p.first_name || ' ' || p.last_name as owner
         from digest d join person p on p.id = d.owner_id
        where d.removed_at is null
        order by lower(d.channel_name), d.weekday, d.time, d.id`,
    );
    return rows.map((row) => ({
      id: row.id,
      platform: row.platform,
      channelId: row.channel_id,
      channelName: row.channel_name,
      weekday: row.weekday,
      time: row.time,
      timeZone: row.time_zone,
      paused: row.paused,
      nextSlotAt: instant(row.next_slot_at),
      owner: row.owner,
    }));
  },

  async holdsChannel(platform, workspace, channelId) {
    const rows = await em.execute<unknown[]>(
      'select 1 as one from channel_claim where platform = ? and workspace = ? and channel_id = ?',
      [platform, workspace, channelId],
    );
    return rows.length > 0;
  },

  async holderOf(platform, workspace, channelId) {
    const [row] = await em.execute<{ partner_id: string }[]>(
      'select partner_id from channel_claim where platform = ? and workspace = ? and channel_id = ?',
      [platform, workspace, channelId],
    );
    return row?.partner_id ?? null;
  },

  async isScheduled({ platform, workspace, channelId, weekday, time, timeZone }) {
    const rows = await em.execute<unknown[]>(
      `select 1 as one from digest
        where platform = ? and workspace = ? and channel_id = ? and weekday = ? and time = ? and time_zone = ?
          and removed_at is null`,
      [platform, workspace, channelId, weekday, time, timeZone],
    );
    return rows.length > 0;
  },

  async due(now, limit) {
    const rows = await em.execute<{ id: string }[]>(
      `select id from digest where removed_at is null and not paused and next_slot_at <= ?::timestamptz
        order by next_slot_at, id limit ?`,
      [now.toString(), limit],
    );
    return rows.map(({ id }) => id);
  },

  async unposted(limit) {
    const rows = await em.execute<{ digest_id: string; slot_at: string }[]>(
      `select digest_id, ${asText('slot_at')} as slot_at from digest_post
        where outgoing_id is null order by created_at limit ?`,
      [limit],
    );
    return rows.map(({ digest_id: digestId, slot_at: slotAt }) => ({ digestId, slotAt: instant(slotAt) }));
  },

  async postOf(digestId, slotAt) {
    const [row] = await em.execute<{ id: string }[]>(
      'select id from digest_post where digest_id = ?::uuid and slot_at = ?::timestamptz',
      [digestId, slotAt.toString()],
    );
    return row?.id ?? null;
  },

  async latestSlot(digestId, after, until) {
    const [row] = await em.execute<{ slot_at: string | null }[]>(
      `select ${asText('max(slot_at)')} as slot_at from digest_post
        where digest_id = ?::uuid and slot_at > ?::timestamptz and slot_at <= ?::timestamptz`,
      [digestId, after.toString(), until.toString()],
    );
    return row?.slot_at ? instant(row.slot_at) : null;
  },

  async nextSlotAt() {
    const [row] = await em.execute<{ at: string | null }[]>(
      `select to_json(min(next_slot_at)) #>> '{}' as at from digest where removed_at is null and not paused`,
    );
    return row?.at ? Temporal.Instant.from(row.at) : null;
  },
});
