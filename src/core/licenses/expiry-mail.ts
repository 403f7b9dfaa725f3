import { z } from 'zod';
import { dayOf, dayResult, daysBetween, dayAt } from '../calendar.ts';
import { unitTypes } from '../catalog/product.ts';
import type { PersonActor } from '../caller.ts';
import { Customer } from '../customers/customer.ts';
import { Partner } from '../people/partner.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { defineUseCase } from '../use-case.ts';
import { lastDay } from './license-result.ts';
import { findLicenses } from './license-ground.ts';
import type { License } from './license.ts';

/** The window in days before the end, or that it is over. */
export type ExpiryNotice = number | 'expired';

/** Event and reason: what ends together in one assignment, on one day, is told once for each window. */
const noticeKey = (license: License, notice: ExpiryNotice): string =>
  [
    notice === 'expired' ? 'license.expired' : 'license.expiring',
    license.assignmentId ?? license.id,
    license.endsOn.toString(),
    String(notice),
  ].join(':');

/** Has customers and their partner told of licences that end or ended; gives the number of notices. */
export const tellExpiry = (
  uow: Pick<UnitOfWork, 'enqueue'>,
  ended: readonly { readonly license: License; readonly notice: ExpiryNotice }[],
): number => {
  const groups = Map.groupBy(ended, ({ license, notice }) => noticeKey(license, notice));
  for (const [key, group] of groups) {
    const licenseIds = group.map(({ license }) => license.id).join(',');
    const { license, notice } = group[0]!;
    const data = { key, licenseIds, notice: String(notice), endsOn: license.endsOn.toString() };
    uow.enqueue('notify', { topic: 'license.expiry', data }, { key });
  }
  return groups.size;
};

/** What is told of licences that end or ended together: to the customer, and to the partner's people. */
export const expiryContent = defineUseCase({
  kind: 'query',
  name: 'license expiry mail',
  needs: 'system',
  input: z.strictObject({ licenseIds: z.array(z.string()).min(1) }),
  result: z.object({
    customerId: z.string(),
    account: z.string(),
    company: z.string(),
    contact: z.string(),
    partnerId: z.string(),
    partner: z.string(),
    partnerEmail: z.string(),
    /** Name; null: unbundled. */
    plan: z.string().nullable(),
    expiresOn: dayResult,
    /** From today in the partner's zone to the end; not above zero once it is over. */
    daysLeft: z.int(),
    licenses: z.array(z.object({ productName: z.string(), units: z.int(), unitType: z.enum(unitTypes) })),
    /** The partner's people who can renew. */
    people: z.array(z.custom<PersonActor>()),
  }),

  async run({ uow, reads, now }, { licenseIds }) {
    const licenses = await findLicenses(uow, licenseIds, { hold: false });
    const [first] = licenses;
    const customer = await uow.get(Customer, first!.customerId);
    const partner = await uow.get(Partner, first!.partnerId);
    const plan = first!.planId === null ? null : await uow.get(ServicePlan, first!.planId);
    const products = new Map(
      (await reads.catalog.products(licenses.map(({ productId }) => productId))).map(({ id, name }) => [id, name]),
    );
    const endsOn = first!.endsOn.toString();
    return {
      customerId: customer.id,
      account: customer.account,
      company: customer.company,
      contact: `${customer.firstName} ${customer.lastName}`,
      partnerId: partner.id,
      partner: partner.company,
      partnerEmail: partner.email,
      plan: plan?.name ?? null,
      expiresOn: lastDay(endsOn),
      daysLeft: daysBetween(dayAt(now, partner.timeZone), dayOf(endsOn)),
      licenses: licenses.map(({ productId, units, unitType }) => ({
        productName: products.get(productId) ?? '',
        units,
        unitType,
      })),
      people: [...(await reads.people.licensersOf(partner.id))],
    };
  },
});
