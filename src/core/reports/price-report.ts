import { Partner } from '../people/partner.ts';
import type { Context } from '../use-case.ts';
import { lineAmount } from './line-amount.ts';
import type { UsageReport, UsageReportLine } from './usage-report.ts';
import { isCharged } from '../usage/customer-usage.ts';

/** Prices the charged lines from the list of the partner's Tier 1, as it holds on the cycle's first day. */
export const priceReport = async (
  { uow, reads }: Pick<Context, 'uow' | 'reads'>,
  report: UsageReport,
  lines: readonly UsageReportLine[],
): Promise<void> => {
  const charged = lines.filter((line) => line.isCharged());
  if (charged.length === 0) return;
  const { parentId } = await uow.get(Partner, report.partnerId);
  const productIds = [...new Set(charged.map(({ productId }) => productId))];
  const breaks = parentId ? await reads.catalog.breaks(parentId, productIds, report.currency, report.cycleFrom) : [];
  for (const line of charged) {
    const amount = lineAmount(line, breaks, report.currency);
    line.unitPrice = amount?.unitPrice ?? null;
    line.amountMinor = amount?.amountMinor ?? null;
  }
};

/** Σ of the charged lines in minor units; null when a price is missing, 0 for a report without lines. */
export const totalOf = (lines: readonly Pick<UsageReportLine, 'version' | 'amountMinor'>[]): bigint | null => {
  let total = 0n;
  for (const { version, amountMinor } of lines) {
    if (!isCharged(version)) continue;
    if (amountMinor === null) return null;
    total += amountMinor;
  }
  return total;
};
