import type { Actor } from '../../core/caller.ts';
import { Mail } from '../../core/messages/mail.ts';
import type { MessageReads, PostedCopy } from '../../core/messages/reads.ts';
import type { Em } from '../orm.ts';

/** The outgoing queue and the mails. */
export const messageReads = (em: Em, _actor: Actor): MessageReads => ({
  async holdLane(lane) {
    await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`lane:${lane}`]);
  },

  async headOf(lane) {
    const [row] = await em.execute<{ id: string }[]>(
      `select id from outgoing where lane = ? and state in ('waiting', 'sending') order by position limit 1`,
      [lane],
    );
    return row?.id ?? null;
  },

  async lanesWaiting(realTime, limit) {
    const rows = await em.execute<{ lane: string }[]>(
      `select lane from (
         select distinct on (lane) lane, not_before from outgoing
          where state in ('waiting', 'sending') order by lane, position) head
        where not_before is null or not_before <= ?::timestamptz limit ?`,
      [realTime.toString(), limit],
    );
    return rows.map(({ lane }) => lane);
  },

  async endLeases(realTime) {
    const rows = await em.execute<unknown[]>(
      `update outgoing set not_before = ?::timestamptz where state = 'sending' returning id`,
      [realTime.toString()],
    );
    return rows.length;
  },

  async postsTagged(tag) {
    const rows = await em.execute<
      {
        id: string;
        partner_id: string;
        platform: PostedCopy['platform'];
        lane: string;
        address: Record<string, string>;
        person_id: string | null;
      }[]
    >(
      `select id, partner_id, platform, lane, address, person_id from outgoing
        where tag = ? and kind = 'post' and state <> 'failed' order by position`,
      [tag],
    );
    return rows.map(({ partner_id: partnerId, person_id: personId, ...row }) => ({ ...row, partnerId, personId }));
  },

  async lastUpdateOf(postId) {
    const [row] = await em.execute<{ id: string }[]>(
      'select id from outgoing where updates_id = ?::uuid order by position desc limit 1',
      [postId],
    );
    return row?.id ?? null;
  },

  async filePiece(fileId, from, length) {
    const [row] = await em.execute<{ piece: Uint8Array }[]>(
      'select substring(bytes from ?::int for ?::int) as piece from stored_file where id = ?::uuid',
      [from + 1, length, fileId],
    );
    return row ? new Uint8Array(row.piece) : new Uint8Array();
  },

  async isNoticed(lane, noticeKey) {
    const rows = await em.execute<unknown[]>('select 1 as one from outgoing where lane = ? and notice_key = ?', [
      lane,
      noticeKey,
    ]);
    return rows.length > 0;
  },

  async isMailed(to, noticeKey) {
    const rows = await em.execute<unknown[]>('select 1 as one from mail where "to" = ? and notice_key = ?', [
      to,
      noticeKey,
    ]);
    return rows.length > 0;
  },

  async mailsWaiting(limit) {
    const rows = await em.execute<{ id: string }[]>(
      `select id from mail where state = 'waiting' order by created_at limit ?`,
      [limit],
    );
    return rows.map(({ id }) => id);
  },

  mails: (limit) => em.find(Mail, {}, { orderBy: { createdAt: 'desc', id: 'desc' }, limit }),
});
