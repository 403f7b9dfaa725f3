import { z } from 'zod';
import { Customer } from '../customers/customer.ts';
import type { Context } from '../use-case.ts';
import { defineUseCase } from '../use-case.ts';
import { Content } from './content.ts';
import { laneOf } from './lane.ts';
import { Mail } from './mail.ts';
import { Outgoing, waiting } from './outgoing.ts';

/** A neutral message as `src/bot` draws it; nothing here looks inside. */
export const neutralMessage = z.looseObject({ title: z.string() });

const body = z.custom<Content<string>>((value) => value instanceof Content);

const mail = z.object({ subject: z.string().min(1), html: body, text: body });

const toPerson = z.object({
  to: z.literal('person'),
  personId: z.uuid(),
  /** Event and reason. With the recipient it is unique: a second notice of the same key is not sent. */
  key: z.string().min(1).max(300),
  message: neutralMessage,
  tag: z.string().min(1).max(100).optional(),
  mail: mail.optional(),
});
const toCustomer = z.object({
  to: z.literal('customer'),
  customerId: z.uuid(),
  key: z.string().min(1).max(300),
  mail,
});
const toCopies = z.object({
  to: z.literal('copies'),
  tag: z.string().min(1).max(100),
  key: z.string().min(1).max(300),
  message: neutralMessage,
  /** The newest update of a copy that still waits to leave is overtaken by this one. */
  latest: z.boolean().default(false),
});

/**
 * Puts notices into the outgoing queue: to a person on every platform where he is linked, and by mail; or in the
 * place of every posted copy that carries a tag; to a customer by mail alone. Each once per key and recipient, however often it is asked.
 */
export const postMessages = defineUseCase({
  kind: 'scratch',
  name: 'messages post',
  needs: 'system',
  input: z.object({ notices: z.array(z.discriminatedUnion('to', [toPerson, toCustomer, toCopies])).max(500) }),
  result: z.object({ queued: z.int(), mails: z.int() }),

  async run(context, { notices }) {
    let queued = 0;
    let mails = 0;
    for (const notice of notices) {
      if (notice.to === 'copies') queued += await updateCopies(context, notice);
      else if (notice.to === 'customer') mails += await mailToCustomer(context, notice);
      else {
        queued += await postPrivately(context, notice);
        mails += await mailTo(context, notice);
      }
    }
    return { queued, mails };
  },
});

const postPrivately = async (
  { uow, reads, now }: Context,
  { personId, key, message, tag }: z.output<typeof toPerson>,
): Promise<number> => {
  const person = await reads.people.actorById(personId);
  if (!person) return 0;
  let queued = 0;
  for (const { platform, workspace, userId, address } of await reads.people.identitiesOf(personId)) {
    const lane = laneOf({ platform, workspace, id: userId });
    if (await reads.messages.isNoticed(lane, key)) continue;
    uow.add(
      waiting({
        id: uow.newId(),
        partnerId: person.partnerId,
        platform,
        lane,
        address: address ?? {},
        kind: 'post',
        message,
        tag: tag ?? null,
        personId,
        noticeKey: key,
        createdAt: now,
      }),
    );
    uow.enqueue('deliver', { lane });
    queued += 1;
  }
  return queued;
};

const updateCopies = async (
  { uow, reads, now }: Context,
  { tag, key, message, latest }: z.output<typeof toCopies>,
): Promise<number> => {
  const copies = await reads.messages.postsTagged(tag);
  let queued = 0;
  for (const { id, partnerId, platform, lane, address, personId } of copies) {
    const noticeKey = `${key}#${id}`;
    if (await reads.messages.isNoticed(lane, noticeKey)) continue;
    if (latest && (await overtake(uow, await reads.messages.lastUpdateOf(id), { message, noticeKey }))) continue;
    uow.add(
      waiting({
        id: uow.newId(),
        partnerId,
        platform,
        lane,
        address,
        kind: 'update',
        message,
        updatesId: id,
        personId,
        noticeKey,
        createdAt: now,
      }),
    );
    uow.enqueue('deliver', { lane });
    queued += 1;
  }
  return queued;
};

/** Whether the update had not left yet, and now says this instead. */
const overtake = async (
  uow: Context['uow'],
  updateId: string | null,
  instead: Pick<Outgoing, 'message' | 'noticeKey'>,
): Promise<boolean> => {
  if (updateId === null) return false;
  const update = await uow.lock(Outgoing, updateId);
  if (update.state !== 'waiting') return false;
  Object.assign(update, instead);
  return true;
};

const mailTo = async (
  context: Context,
  { personId, key, mail: letter }: z.output<typeof toPerson>,
): Promise<number> => {
  const person = letter && (await context.reads.people.actorById(personId));
  return person ? writeMail(context, { partnerId: person.partnerId, to: person.email, key, letter }) : 0;
};

const mailToCustomer = async (
  context: Context,
  { customerId, key, mail: letter }: z.output<typeof toCustomer>,
): Promise<number> => {
  const { partnerId, email } = await context.uow.get(Customer, customerId);
  return writeMail(context, { partnerId, to: email, key, letter });
};

const writeMail = async (
  { uow, reads, now }: Context,
  {
    partnerId,
    to,
    key,
    letter,
  }: {
    readonly partnerId: string;
    readonly to: string;
    readonly key: string;
    readonly letter: z.output<typeof mail>;
  },
): Promise<number> => {
  if (await reads.messages.isMailed(to, key)) return 0;
  const id = uow.newId();
  uow.add(
    new Mail({
      id,
      partnerId,
      noticeKey: key,
      to,
      subject: letter.subject,
      html: letter.html.value,
      text: letter.text.value,
      state: 'waiting',
      createdAt: now,
    }),
  );
  uow.enqueue('mail', { mailId: id }, { key: id });
  return 1;
};
