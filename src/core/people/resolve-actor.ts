import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import type { PersonActor } from '../caller.ts';

const actor = z.custom<PersonActor>().nullable();

/** The person whom a script names by e-mail, as the actor of a call; null: nobody active is called so. */
export const actorByEmail = defineUseCase({
  kind: 'query',
  name: 'person by email',
  needs: 'system',
  input: z.strictObject({ email: z.string() }),
  result: z.object({ actor }),

  async run({ reads }, { email }) {
    return { actor: await reads.people.actorByEmail(email.trim()) };
  },
});

/** The person behind a chat account; null: it is not linked, or the person is not active. */
export const actorByAccount = defineUseCase({
  kind: 'query',
  name: 'person by account',
  needs: 'system',
  input: z.strictObject({ platform: z.enum(['slack', 'teams']), workspace: z.string(), userId: z.string() }),
  result: z.object({ actor }),

  async run({ reads }, { platform, workspace, userId }) {
    return { actor: await reads.people.actorByIdentity(platform, workspace, userId) };
  },
});
