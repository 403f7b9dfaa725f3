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
