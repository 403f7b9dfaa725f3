import { invariant, type Invariant } from './invariant.ts';

export const messageInvariants: readonly Invariant[] = [
  invariant(
    'I10',
    'one notice per event, recipient and reason',
    () => ({
      query: `
        with counted as (select o.*, row_number() over (partition by lane, notice_key order by position, id) as nth
                           from outgoing o where notice_key is not null)
        select 'outgoing' as "table", o.id, p.slug as partner, 'the same notice stands in the conversation before it' as what,
               'one ' || o.notice_key as expected, o.lane as found
          from counted o join partner p on p.id = o.partner_id where o.nth > 1`,
    }),
    () => ({
      query: `
        with counted as (select m.*, row_number() over (partition by lower(btrim(m."to")), notice_key order by created_at, id) as nth from mail m)
        select 'mail' as "table", m.id, p.slug as partner, 'the same notice was mailed to the same address before' as what,
               'one ' || m.notice_key as expected, m."to" as found
          from counted m join partner p on p.id = m.partner_id where m.nth > 1`,
    }),
  ),
  invariant(
    'I11',
    'one post per digest slot',
    () => ({
      query: `
        with counted as (select d.*, row_number() over (partition by digest_id, slot_at order by created_at, id) as of_slot,
                                row_number() over (partition by outgoing_id order by created_at, id) as of_message from digest_post d)
        select 'digest_post' as "table", d.id, p.slug as partner,
               case when d.of_slot > 1 then 'the slot has another post' else 'its message stands for another post' end as what,
               'one post' as expected, format('digest %s at %s', d.digest_id, d.slot_at) as found
          from counted d join partner p on p.id = d.partner_id
         where d.of_slot > 1 or (d.outgoing_id is not null and d.of_message > 1)`,
    }),
    () => ({
      query: `
        with counted as (select o.*, row_number() over (partition by tag order by position, id) as nth
                           from outgoing o where tag like 'digest:%' and kind = 'post' and person_id is null)
        select 'outgoing' as "table", o.id, p.slug as partner, 'the digest was posted for this slot before' as what,
               'one post' as expected, o.tag as found
          from counted o join partner p on p.id = o.partner_id where o.nth > 1`,
    }),
    () => ({
      // A post beside the schedule was asked for by a person, at that moment.
      query: `
        select 'digest_post' as "table", d.id, p.slug as partner, 'no slot and nobody asked for it' as what,
               'a whole minute, or a request to send' as expected, d.slot_at::text as found
          from digest_post d join partner p on p.id = d.partner_id
         where date_trunc('minute', d.slot_at) <> d.slot_at
           and not exists (select from audit_entry a where a.partner_id = d.partner_id and a.use_case = 'digest send' and a.at = d.slot_at)`,
    }),
  ),
];
