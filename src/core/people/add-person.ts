import { z } from 'zod';
import { roles } from '../caller.ts';
import { notFound, rule } from '../errors.ts';
import { emailAddress, lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { Person } from './person.ts';

/** Enters a person who acts for one partner. For whoever runs the desk, before anyone is linked. */
export const addPerson = defineUseCase({
  kind: 'command',
  name: 'person add',
  needs: 'system',
  input: z.strictObject({
    /** Slug of the partner. */
    partner: z.string().trim().min(1),
    email: emailAddress.toLowerCase(),
    firstName: lineOf(80),
    lastName: lineOf(80),
    roles: z
      .array(z.enum(roles))
      .min(1)
      .transform((given) => [...new Set(given)]),
  }),
  result: z.object({ personId: z.string(), email: z.string() }),

  async run({ uow, reads, now }, { partner, ...fields }) {
    const partnerId = await reads.people.partnerIdBySlug(partner);
    if (partnerId === null) throw notFound('partner', 'partner');
    if (await reads.people.emailTaken(fields.email)) throw rule('person.email_taken', { field: 'email' });
    const person = new Person({ ...fields, id: uow.newId(), partnerId, active: true, createdAt: now });
    uow.add(person);
    return { personId: person.id, email: person.email };
  },
});
