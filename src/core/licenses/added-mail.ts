import { z } from 'zod';
import { dayResult } from '../calendar.ts';
import { unitTypes } from '../catalog/product.ts';
import { Customer } from '../customers/customer.ts';
import { Partner } from '../people/partner.ts';
import { PlanAssignment } from '../plans/plan-assignment.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { defineUseCase } from '../use-case.ts';

/** Event and reason of the mail `license_added`: once for each assignment, and for each time that it is brought back. */
export const addedMailKey = (assignmentId: string, reason = ''): string =>
  `license.added:${assignmentId}${reason && `:${reason}`}`;

/** Has the customer told of the licences of an assignment: of all, or of those that are named. */
export const tellAdded = (
  uow: Pick<UnitOfWork, 'enqueue'>,
  assignmentId: string,
  { licenseIds, reason = '' }: { readonly licenseIds?: readonly string[]; readonly reason?: string } = {},
): void => {
  if (licenseIds?.length === 0) return;
  const data = { assignmentId, ...(licenseIds && { licenseIds: licenseIds.join(',') }), ...(reason && { reason }) };
  uow.enqueue('notify', { topic: 'license.added', data }, { key: addedMailKey(assignmentId, reason) });
};

/** What the mail `license_added` tells a customer of one assignment: of all its licences, or of those that are named. */
export const addedMailContent = defineUseCase({
  kind: 'query',
  name: 'license added mail',
  needs: 'system',
  input: z.strictObject({ assignmentId: z.string(), licenseIds: z.array(z.string()).optional() }),
  result: z.object({
    customerId: z.string(),
    company: z.string(),
    contact: z.string(),
    partner: z.string(),
    partnerEmail: z.string(),
    plan: z.string(),
    licenses: z.array(
      z.object({
        productName: z.string(),
        units: z.int(),
        unitType: z.enum(unitTypes),
        startsOn: dayResult,
        expiresOn: dayResult,
        activationCode: z.string().nullable(),
      }),
    ),
  }),

  async run({ uow, reads }, { assignmentId, licenseIds }) {
    const assignment = await uow.get(PlanAssignment, assignmentId);
    const customer = await uow.get(Customer, assignment.customerId);
    const partner = await uow.get(Partner, assignment.partnerId);
    const plan = await uow.get(ServicePlan, assignment.planId);
    return {
      customerId: customer.id,
      company: customer.company,
      contact: `${customer.firstName} ${customer.lastName}`,
      partner: partner.company,
      partnerEmail: partner.email,
      plan: plan.name,
      licenses: (await reads.licenses.ofAssignment(assignmentId)).filter(
        ({ licenseId }) => licenseIds === undefined || licenseIds.includes(licenseId),
      ),
    };
  },
});
