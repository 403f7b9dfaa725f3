import { z } from 'zod';
import { notFound, rule } from '../errors.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { LinkedIdentity } from './linked-identity.ts';

/** Lets a chat account act as a person. Doing it twice changes nothing; an account never acts as two people. */
export const linkPerson = defineUseCase({
  kind: 'command',
  name: 'person link',
  needs: 'system',
  input: z.strictObject({
    email: z.string().trim().min(1),
    platform: z.enum(['slack', 'teams']),
    /** Slack team id, or Entra tenant id. */
    workspace: lineOf(120),
    /** Slack user id, or Teams user id. */
    userId: lineOf(200),
  }),
  result: z.object({ personId: z.string(), linked: z.boolean() }),

  async run({ uow, reads, now }, { email, platform, workspace, userId }) {
    const person = await reads.people.actorByEmail(email);
    if (!person) throw notFound('person', 'email');
    const holder = await reads.people.actorByIdentity(platform, workspace, userId);
    if (holder?.personId === person.personId) return { personId: person.personId, linked: false };
    if (holder) throw rule('identity.taken', { field: 'userId' });
    uow.add(
      new LinkedIdentity({
        id: uow.newId(),
        partnerId: person.partnerId,
        personId: person.personId,
        platform,
        workspace,
        userId,
        address: null,
        createdAt: now,
      }),
    );
    return { personId: person.personId, linked: true };
  },
});
