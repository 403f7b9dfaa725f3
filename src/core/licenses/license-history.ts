import { z } from 'zod';
import { dayAt, dayResult, isBefore } from '../calendar.ts';
import { notFound } from '../errors.ts';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { Partner } from '../people/partner.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { licenseResult, showLicense } from './license-result.ts';
import { showTransactionTo, transactionResult } from './transaction-result.ts';

/**
 * All that happened to one licence in the order of effect, the last first, with the proof of its units: the changes
 * that are effective by today add up to what it holds. A licence that has not begun holds the units of its first day,
 * so its changes are added up as of that day.
 */
export const licenseHistory = defineUseCase({
  kind: 'query',
  name: 'license history',
  needs: 'see',
  input: z.strictObject({ license: lineOf(120), page: pageInput }),
  result: pageOf(
    transactionResult.extend({
      /** Units by this row and all that take effect before it. */
      running: z.int(),
      /** By the day of the proof. */
      effective: z.boolean(),
    }),
  ).extend({
    license: licenseResult.extend({ customer: z.string(), company: z.string() }),
    proof: z.object({
      /** Today in the zone of the partner that owns the customer, or the licence's first day while that is ahead. */
      on: dayResult,
      /** Σ Δ of the rows effective by then. */
      sum: z.int(),
      units: z.int(),
      agrees: z.boolean(),
    }),
  }),

  async run({ uow, reads, actor, now }, { license: licenseId, page }) {
    const license = await reads.licenses.one(licenseId, now);
    if (!license) throw notFound('license', 'license');
    const { timeZone } = await uow.get(Partner, license.partnerId);
    const today = dayAt(now, timeZone);
    const firstDay = Temporal.PlainDate.from(license.startsOn);
    const on = isBefore(today, firstDay) ? firstDay : today;
    const sum = await reads.licenses.effectiveUnits(license.licenseId, on);
    const found = await reads.licenses.history(license.licenseId, { page, size: pageSize });
    return {
      ...found,
      items: found.items.map((row) => ({
        ...showTransactionTo(actor, row),
        effective: !isBefore(on, Temporal.PlainDate.from(row.effectiveOn)),
      })),
      license: { ...showLicense(license), customer: license.customer, company: license.company },
      proof: { on: on.toString(), sum, units: license.units, agrees: sum === license.units },
    };
  },
});
