import { defineEntity, p } from '@mikro-orm/core';
import { ChannelClaim, Digest, DigestPost } from '../../core/digests/digest.ts';
import { FormDraft } from '../../core/messages/form-draft.ts';
import { Mail } from '../../core/messages/mail.ts';
import { Outgoing } from '../../core/messages/outgoing.ts';
import { StoredFile } from '../../core/messages/stored-file.ts';
import { Partner } from '../../core/people/partner.ts';
import { Person } from '../../core/people/person.ts';
import { BytesType, InstantType, type Columns } from '../columns.ts';
import { ownRows, personalRows } from '../walls.ts';

const partner = () => p.manyToOne(Partner).mapToPk().fieldName('partner_id');

export const OutgoingMapping = defineEntity({
  class: Outgoing,
  tableName: 'outgoing',
  ...ownRows,
  indexes: [
    {
      name: 'outgoing_waiting',
      expression: `create index "outgoing_waiting" on "outgoing" ("lane", "position") where state in ('waiting', 'sending')`,
    },
    { name: 'outgoing_tag', properties: ['tag'] },
    { name: 'outgoing_updates', properties: ['updatesId'] },
    {
      name: 'outgoing_notice_unique',
      expression: `create unique index "outgoing_notice_unique" on "outgoing" ("lane", "notice_key") where notice_key is not null`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    // The order of a lane is the order in which rows are written.
    position: p.bigint().autoincrement(),
    partnerId: partner,
    platform: p.text(),
    lane: p.text(),
    address: p.json(),
    kind: p.text(),
    message: p.json().nullable(),
    fileId: () => p.manyToOne(StoredFile).mapToPk().nullable().fieldName('file_id'),
    updatesId: () => p.manyToOne(Outgoing).mapToPk().nullable().fieldName('updates_id'),
    tag: p.text().nullable(),
    personId: () => p.manyToOne(Person).mapToPk().nullable().fieldName('person_id'),
    noticeKey: p.text().nullable(),
    state: p.text(),
    attempts: p.integer(),
    notBefore: p.type(InstantType).nullable(),
    messageId: p.text().nullable(),
    error: p.text().nullable(),
    createdAt: p.type(InstantType),
  } satisfies Columns<Outgoing>,
} as any);

export const MailMapping = defineEntity({
  class: Mail,
  tableName: 'mail',
  ...ownRows,
  uniques: [{ name: 'mail_notice_unique', properties: ['noticeKey', 'to'] }],
  indexes: [
    { name: 'mail_created', properties: ['createdAt'] },
    {
      name: 'mail_waiting',
      expression: `create index "mail_waiting" on "mail" ("created_at") where state = 'waiting'`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    noticeKey: p.text(),
    to: p.text(),
    subject: p.text(),
    html: p.text(),
    text: p.text(),
    state: p.text(),
    createdAt: p.type(InstantType),
  } satisfies Columns<Mail>,
} as any);

export const StoredFileMapping = defineEntity({
  class: StoredFile,
  tableName: 'stored_file',
  ...ownRows,
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    name: p.text(),
    contentType: p.text(),
    bytes: p.type(BytesType),
    createdAt: p.type(InstantType),
    expiresAt: p.type(InstantType),
  } satisfies Columns<StoredFile>,
} as any);

export const FormDraftMapping = defineEntity({
  class: FormDraft,
  tableName: 'form_draft',
  ...personalRows,
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    personId: () => p.manyToOne(Person).mapToPk().fieldName('person_id').index('form_draft_person'),
    form: p.text(),
    context: p.json(),
    answers: p.json(),
    step: p.integer(),
    origin: p.json().nullable(),
    createdAt: p.type(InstantType),
  } satisfies Columns<FormDraft>,
} as any);

export const DigestMapping = defineEntity({
  class: Digest,
  tableName: 'digest',
  ...ownRows,
  indexes: [
    {
      name: 'digest_due',
      expression: `create index "digest_due" on "digest" ("next_slot_at") where removed_at is null and not paused`,
    },
  ],
  checks: [{ name: 'digest_weekday', expression: 'weekday >= 1 and weekday <= 7' }],
  properties: {
    id: p.uuid().primary(),
    partnerId: () => partner().index('digest_partner'),
    platform: p.text(),
    workspace: p.text(),
    channelId: p.text(),
    channelName: p.text(),
    address: p.json(),
    weekday: p.integer(),
    time: p.text(),
    timeZone: p.text(),
    paused: p.boolean(),
    ownerId: () => p.manyToOne(Person).mapToPk().fieldName('owner_id'),
    nextSlotAt: p.type(InstantType),
    createdAt: p.type(InstantType),
    removedAt: p.type(InstantType).nullable(),
  } satisfies Columns<Digest>,
} as any);

export const DigestPostMapping = defineEntity({
  class: DigestPost,
  tableName: 'digest_post',
  ...ownRows,
  uniques: [{ name: 'digest_post_slot_unique', properties: ['digestId', 'slotAt'] }],
  indexes: [
    {
      name: 'digest_post_waiting',
      expression: `create index "digest_post_waiting" on "digest_post" ("created_at") where outgoing_id is null`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    digestId: () => p.manyToOne(Digest).mapToPk().fieldName('digest_id'),
    slotAt: p.type(InstantType),
    late: p.boolean(),
    outgoingId: () => p.manyToOne(Outgoing).mapToPk().nullable().fieldName('outgoing_id'),
    createdAt: p.type(InstantType),
  } satisfies Columns<DigestPost>,
} as any);

export const ChannelClaimMapping = defineEntity({
  class: ChannelClaim,
  tableName: 'channel_claim',
  ...ownRows,
  uniques: [{ name: 'channel_claim_unique', properties: ['platform', 'workspace', 'channelId'] }],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    platform: p.text(),
    workspace: p.text(),
    channelId: p.text(),
  } satisfies Columns<ChannelClaim>,
} as any);
