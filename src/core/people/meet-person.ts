import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import { LinkedIdentity } from './linked-identity.ts';

/** Keeps the way to a person who wrote to us, for later notices. An account that is not linked is no news. */
export const meetPerson = defineUseCase({
  kind: 'scratch',
  name: 'person meet',
  needs: 'system',
  input: z.strictObject({
    platform: z.enum(['slack', 'teams']),
    workspace: z.string(),
    userId: z.string(),
    address: z.record(z.string(), z.string()),
  }),
  result: z.object({}),

  async run({ uow, reads }, { platform, workspace, userId, address }) {
    const person = await reads.people.actorByIdentity(platform, workspace, userId);
    if (!person) return {};
    const identityId = await reads.people.identityId(platform, workspace, userId);
    if (identityId) (await uow.lock(LinkedIdentity, identityId)).address = address;
    return {};
  },
});
