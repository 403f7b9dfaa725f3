import { randomUUIDv7 } from 'node:crypto';
import type { Message } from '../bot/view.ts';
import { licenseStatusWords } from '../bot/format.ts';
import { customerSummary, type SummaryCursor } from '../core/customers/customer-summary.ts';
import { composeDigest, type DigestFigures } from '../core/digests/compose-digest.ts';
import type { DigestSummary } from '../core/digests/digest-summary.ts';
import { failDigest, postDigest } from '../core/digests/post-digest.ts';
import { licenseStatuses, type LicenseStatus } from '../core/licenses/license-status.ts';
import { Content } from '../core/messages/content.ts';
import type { Jobs } from '../core/unit-of-work.ts';
import type { Execute } from '../core/use-case.ts';
import { dashboardChart } from './chart/dashboard-chart.ts';
import { systemDoor, type RealTime, type SystemDoor } from './door.ts';
import { customerSummarySheet, summaryFileName, summaryRow, SummaryTotals } from './workbook/customer-summary.ts';
import type { Row } from './workbook/sheet.ts';
import { workbookType, writeWorkbook } from './workbook/write-workbook.ts';

/** Draws a digest for its channel: the message with the picture in it, and the words above the workbook. */
export type DrawDigest = (
  figures: DigestFigures,
  summary: DigestSummary,
  chartFileId: string,
) => { readonly message: Message; readonly comment: string };

export interface DigestJobParts {
  readonly execute: Execute;
  readonly drawDigest: DrawDigest;
  readonly realTime: RealTime;
}

/** Links to files of a digest are good for a week. */
const linkHours = 7 * 24;

const statusColours: Readonly<Record<LicenseStatus, string>> = {
  active: '#0f8f6f',
  expiring: '#e0a21b',
  grace: '#d1435b',
  pending_activation: '#5b8def',
  scheduled: '#9aa3ad',
  suspended: '#4b5661',
  expired: '#c8cdd3',
  removed: '#c8cdd3',
};
const shownOrder: readonly LicenseStatus[] = [
  'active',
  'expiring',
  'grace',
  'pending_activation',
  'scheduled',
  'suspended',
];

/** Builds and posts one digest for one slot. Safe to run again: the post is put into the queue once. */
export const createDigestJob =
  ({ execute, drawDigest, realTime }: DigestJobParts) =>
  async (jobId: string, { digestId, slot }: Jobs['digest']): Promise<void> => {
    const door = systemDoor(execute, 'digest', jobId);
    const figures = await door(composeDigest, { digestId, slot });
    if (!figures) return;
    const { partner, cycle } = figures;
    const { bytes, summary } = await buildSummary(door, figures);
    const chart = dashboardChart({
      company: partner.company,
      cycles: figures.usage,
      statuses: shownOrder.flatMap((status) => {
        const counted = summary.licenses.find((entry) => entry.status === status);
        return counted
          ? [{ label: licenseStatusWords[status], colour: statusColours[status], count: counted.licenses }]
          : [];
      }),
    });
    const chartFileId = randomUUIDv7();
    const { message, comment } = drawDigest(figures, summary, chartFileId);
    await door(postDigest, {
      postId: figures.postId,
      message,
      comment,
      chart: {
        fileId: chartFileId,
        name: `seatwise-dashboard-${partner.slug}-${cycle.name}.png`,
        contentType: 'image/png',
        bytes: new Content(chart),
      },
      workbook: {
        fileId: randomUUIDv7(),
        name: summaryFileName(partner.slug, cycle.name),
        contentType: workbookType,
        bytes: new Content(bytes),
      },
      linksUntil: realTime().add({ hours: linkHours }).toString(),
    });
  };

/** One pass over the customers makes both the file and the figures of the post, so the two agree. */
const buildSummary = async (
  door: SystemDoor,
  { partner, slot, cycle }: DigestFigures,
): Promise<{ bytes: Uint8Array; summary: DigestSummary }> => {
  const totals = new SummaryTotals();
  const byStatus = new Map<LicenseStatus, { licenses: number; units: number }>();
  const pages = async function* (): AsyncGenerator<readonly Row[]> {
    let after: SummaryCursor | null = null;
    do {
      const page: { rows: Parameters<typeof summaryRow>[0][]; next: SummaryCursor | null } = await door(
        customerSummary,
        { partnerId: partner.partnerId, at: slot, cycleFrom: cycle.from, after },
      );
      for (const row of page.rows) {
        totals.add(row);
        if (!row.license) continue;
        const counted = byStatus.get(row.license.status) ?? { licenses: 0, units: 0 };
        byStatus.set(row.license.status, {
          licenses: counted.licenses + 1,
          units: counted.units + row.license.units,
        });
      }
      yield page.rows.map(summaryRow);
      after = page.next;
    } while (after);
  };
  const bytes = await writeWorkbook(customerSummarySheet, pages(), () => totals.rows());
  const { units, credits } = totals.all;
  const licenses = licenseStatuses.flatMap((status) => {
    const counted = byStatus.get(status);
    return counted ? [{ status, ...counted }] : [];
  });
  return { bytes, summary: { licenses, units, credits: credits?.toFixed() ?? null } };
};

/** The last attempt failed as well: the owner is told, and the slot is over. */
export const giveUpDigest = async (
  execute: Execute,
  jobId: string,
  { digestId, slot }: Jobs['digest'],
): Promise<void> => {
  await systemDoor(execute, 'digest', jobId)(failDigest, { digestId, slot, reason: 'not_built' });
};
