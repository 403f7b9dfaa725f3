import { z } from 'zod';
import { dayOf, dayResult } from '../calendar.ts';
import { findProduct } from '../catalog/find-product.ts';
import { licenseVersions } from '../catalog/product.ts';
import type { PersonActor } from '../caller.ts';
import { Customer } from '../customers/customer.ts';
import { notFound, refusedResult, type Refusal } from '../errors.ts';
import { may, seesPrices } from '../permissions.ts';
import { lineOf } from '../text.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { renewLateAmong, renewLateOf } from './automatic-renewal.ts';
import { findLicense } from './license-ground.ts';
import { lastDay, licenseResult, showLicense } from './license-result.ts';
import { graceEndsOn, licenseStatuses } from './license-status.ts';
import { License } from './license.ts';
import { licenseVerbs, possibleVerbs, togetherVerbs, whyNot, type LicenseVerb } from './license-verbs.ts';

/** What the caller may do with a licence as it stands; nothing with one that he may only read. */
const verbsFor = async (context: Context<PersonActor>, license: License): Promise<LicenseVerb[]> =>
  license.partnerId === context.actor.partnerId && may(context.actor, 'license')
    ? possibleVerbs(context, await findLicense(context, license.id, { hold: false }))
    : [];

/** One licence with its terms, what stands beside it under the same assignment, and what may be done with it. */
export const showOneLicense = defineUseCase({
  kind: 'rehearsal',
  name: 'license show',
  needs: 'see',
  input: z.strictObject({
    /** Id. */
    license: lineOf(64),
  }),
  result: z.object({
    license: licenseResult,
    /** Account name and company. */
    customer: z.string(),
    company: z.string(),
    customerSuspended: z.boolean(),
    /** Suspended by itself, whatever its customer is. */
    suspended: z.boolean(),
    terms: z.array(
      z.object({
        startsOn: dayResult,
        /** The day after the last. */
        endsOn: dayResult,
        expiresOn: dayResult,
        version: z.enum(licenseVersions),
        /** Per unit and year, an exact decimal; null: not an annual one, or not for this person's eyes. */
        yearlyPrice: z.string().nullable(),
        currency: z.string().nullable(),
        /** The list had no new price: the old term's was kept. */
        priceKept: z.boolean(),
      }),
    ),
    graceDays: z.int(),
    /** The last day on which it is open, grace included. */
    openUntil: dayResult,
    dataCentre: z.string().nullable(),
    activationCode: z.string().nullable(),
    /** The others of its assignment that are not removed. */
    others: z.array(z.object({ licenseId: z.string(), productName: z.string(), status: z.enum(licenseStatuses) })),
    may: z.array(z.enum(licenseVerbs)),
  }),

  async run(context, input) {
    const { uow, reads, actor, now } = context;
    await renewLateOf(context, input.license);
    const row = await reads.licenses.one(input.license, now);
    if (!row) throw notFound('license', 'license');
    const license = await uow.get(License, row.licenseId, 'license');
    const { status } = await uow.get(Customer, license.customerId);
    const beside = license.assignmentId === null ? [] : await reads.licenses.keptOf(license.assignmentId);
    const others = [];
    for (const id of beside) {
      const other = id === license.id ? null : await reads.licenses.one(id, now);
      if (other) others.push({ licenseId: id, productName: other.productName, status: other.status });
    }
    const sees = seesPrices(actor);
    return {
      license: showLicense(row),
      customer: row.customer,
      company: row.company,
      customerSuspended: status === 'suspended',
      suspended: license.suspended,
      terms: license.terms.map(({ startsOn, endsOn, version, yearlyPrice, currency, priceKept }) => ({
        startsOn,
        endsOn,
        expiresOn: lastDay(endsOn),
        version,
        yearlyPrice: sees ? yearlyPrice : null,
        currency: sees ? currency : null,
        priceKept: priceKept ?? false,
      })),
      graceDays: license.graceDays,
      openUntil: lastDay(graceEndsOn({ ...license, endsOn: dayOf(row.endsOn) }).toString()),
      dataCentre: license.dataCentre,
      activationCode: license.activationCode,
      others: others.toSorted((a, b) => a.productName.localeCompare(b.productName)),
      may: await verbsFor(context, license),
    };
  },
});

/** A customer's licences with which one thing can be done now; of what acts together, one of each assignment. */
export const licenseChoices = defineUseCase({
  kind: 'rehearsal',
  name: 'license choices',
  needs: 'license',
  input: z.strictObject({
    /** Account name or id. */
    customer: lineOf(120),
    verb: z.enum(licenseVerbs),
    /** SKU, name or id. */
    product: lineOf(120).optional(),
  }),
  result: z.object({
    customer: z.string(),
    company: z.string(),
    items: z.array(
      licenseResult.extend({
        /** Products of the other licences of its assignment. */
        others: z.array(z.string()),
        /** Whether these go along with it. */
        together: z.boolean(),
      }),
    ),
    /** Those that were not removed and with which it cannot be done, and why. */
    refused: z.array(refusedResult.extend({ productName: z.string() })),
  }),

  async run(context, { customer, verb, product }) {
    const { uow, reads, actor, now } = context;
    const customerId = await reads.customers.idOf(customer);
    const found = customerId === null ? null : await uow.get(Customer, customerId, 'customer');
    if (!found || found.partnerId !== actor.partnerId) throw notFound('customer', 'customer');
    await renewLateAmong(context, [found.id]);
    const productId = product === undefined ? undefined : await findProduct(reads, product);

    const items = [];
    const refused: { productName: string; code: string; params: Refusal['params'] }[] = [];
    const taken = new Set<string>();
    for (const row of await reads.licenses.list(found.id, now)) {
      if (row.status === 'removed') continue;
      if (row.assignmentId !== null && togetherVerbs.includes(verb) && taken.has(row.assignmentId)) continue;
      const ground = await findLicense(context, row.licenseId, { hold: false });
      if (productId !== undefined && ground.asked.product.id !== productId) continue;
      const refusal = await whyNot(context, ground, verb);
      if (refusal !== null) {
        refused.push({ productName: row.productName, code: refusal.code, params: refusal.params });
        continue;
      }
      if (row.assignmentId !== null) taken.add(row.assignmentId);
      const others = ground.together.filter((held) => held !== ground.asked).map((held) => held.product.name);
      items.push({
        ...showLicense(row),
        others: others.toSorted(),
        together: others.length > 0 && togetherVerbs.includes(verb),
      });
    }
    return { customer: found.account, company: found.company, items, refused };
  },
});
