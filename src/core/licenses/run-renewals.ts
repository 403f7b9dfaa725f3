import { z } from 'zod';
import { dayResult, isBefore, isOnOrAfter } from '../calendar.ts';
import { Customer } from '../customers/customer.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { bringUpToDate, holdDue, type RenewalGround } from './automatic-renewal.ts';
import { tellExpiry } from './expiry-mail.ts';
import type { HeldLicense } from './license-ground.ts';
import type { License } from './license.ts';
import { graceEndsOn, isOpen, renewsByItself, saleEndsOn } from './license-status.ts';

/** Customers that one transaction holds. */
const batch = 25;

/** The notice that a day calls for: the nearest window that was reached since, or that the licence is over. */
const noticeOf = (license: License, today: Temporal.PlainDate): number | 'expired' | null => {
  const isNew = (day: Temporal.PlainDate): boolean =>
    isOnOrAfter(today, day) && (license.settledOn === null || isBefore(license.settledOn, day));
  if (!isOpen(license, today)) return isNew(graceEndsOn(license)) ? 'expired' : null;
  if (isOnOrAfter(today, license.endsOn)) return null;
  const windows = license.notifyDays.filter((days) => isNew(license.endsOn.subtract({ days })));
  return windows.length === 0 ? null : Math.min(...windows);
};

const settle = async (context: Context, ground: RenewalGround, held: HeldLicense) => {
  const { license } = held;
  const { today, customer, planProduct } = ground;
  const terms = await bringUpToDate(context, ground, held);
  const notice = noticeOf(license, today);
  license.settledOn = today;
  if (notice === null) return { held, terms, notice };
  const goesOn = renewsByItself({
    autoRenewal: license.autoRenewal,
    endsOn: license.endsOn,
    saleEndsOn: saleEndsOn(planProduct ?? held.product, held.product),
  });
  const open = await context.reads.licenses.openOf(customer.id, [license.productId], today);
  const isFollowed = open.some(({ licenseId }) => licenseId !== license.id);
  const isCalledFor = !isFollowed && (notice === 'expired' || !goesOn);
  return { held, terms, notice: isCalledFor ? notice : null };
};

/**
 * What time brings to licences, for some customers in each call until none is left (`more`): automatic renewals, each
 * dated as on its day however late this runs, and the notices of ends that come and that came. Doing it again does
 * nothing.
 */
export const runRenewals = defineUseCase({
  kind: 'command',
  name: 'renewals run',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({
    renewed: z.array(
      z.object({
        licenseId: z.string(),
        /** Account name. */
        customer: z.string(),
        /** SKU. */
        product: z.string(),
        units: z.int(),
        startsOn: dayResult,
        endsOn: dayResult,
      }),
    ),
    /** Notices queued. */
    notices: z.int(),
    more: z.boolean(),
  }),

  async run(context) {
    const { uow, reads, now } = context;
    const ids = await reads.renewals.dueCustomers(now, batch);
    const customers = await uow.lockAll(Customer, ids);
    const done: { customer: Customer; settled: Awaited<ReturnType<typeof settle>> }[] = [];
    // Found again behind the customers' locks: another process may have been here.
    for (const { ground, held } of await holdDue(context, customers))
      done.push({ customer: ground.customer, settled: await settle(context, ground, held) });
    const notices = tellExpiry(
      uow,
      done.flatMap(
        ({
          settled: {
            held: { license },
            notice,
          },
        }) => (notice === null ? [] : [{ license, notice }]),
      ),
    );
    return {
      renewed: done.flatMap(({ customer, settled: { held: one, terms } }) =>
        terms.map((term) => ({
          licenseId: one.license.id,
          customer: customer.account,
          product: one.product.sku,
          ...term,
        })),
      ),
      notices,
      more: ids.length === batch,
    };
  },
});

/** Whether any licence's day has come: asked each minute, so that an idle minute leaves no trace. */
export const renewalsDue = defineUseCase({
  kind: 'query',
  name: 'renewals due',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({ due: z.boolean() }),

  async run({ reads, now }) {
    return { due: (await reads.renewals.dueCustomers(now, 1)).length > 0 };
  },
});
