import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import { Partner } from '../people/partner.ts';
import { countReports, dashboardCycles, reportCount } from '../licenses/show-dashboard.ts';
import { cycleName, cycleOf } from '../usage/report-cycle.ts';
import { defineUseCase } from '../use-case.ts';
import { Digest, DigestPost } from './digest.ts';

const figures = z.object({
  postId: z.uuid(),
  late: z.boolean(),
  slot: z.iso.datetime(),
  timeZone: z.string(),
  partner: z.object({ partnerId: z.uuid(), slug: z.string(), company: z.string() }),
  /** The last ended cycle: its first day and its name. */
  cycle: z.object({ from: z.iso.date(), name: z.string() }),
  customers: z.int(),
  plansEnabled: z.int(),
  plansLocked: z.int(),
  waitingCrossgrades: z.int(),
  reports: z.array(reportCount),
  /** The last 13 ended cycles, oldest first; null: nothing was reported. */
  usage: z.array(z.object({ cycle: z.string(), provisioned: z.int().nullable(), used: z.int().nullable() })),
});
export type DigestFigures = z.output<typeof figures>;

/** What a digest post says, as of its slot; null when it was posted already or never promised. */
export const composeDigest = defineUseCase({
  kind: 'query',
  name: 'digest compose',
  needs: 'system',
  input: z.object({ digestId: z.uuid(), slot: z.iso.datetime() }),
  result: figures.nullable(),

  async run({ uow, reads }, { digestId, slot }) {
    const slotAt = Temporal.Instant.from(slot);
    const postId = await reads.digests.postOf(digestId, slotAt);
    if (!postId) return null;
    const post = await uow.get(DigestPost, postId);
    if (post.outgoingId) return null;
    const digest = await uow.get(Digest, digestId);
    const partner = await uow.get(Partner, digest.partnerId);

    // Figures are counted in the partner's zone, as everywhere; the digest's own zone says when it is posted.
    const day = dayAt(slotAt, partner.timeZone);
    const running = cycleOf(day);
    const ended = cycleOf(running.from.subtract({ days: 1 }));
    const first = running.from.subtract({ months: dashboardCycles });
    const dashboard = await reads.licenses.figures(partner.id, day);
    const usage = new Map(
      (await reads.licenses.usageByCycle(partner.id, first, running.from)).map((cycle) => [cycle.cycle, cycle]),
    );
    return {
      postId,
      late: post.late,
      slot,
      timeZone: digest.timeZone,
      partner: { partnerId: partner.id, slug: partner.slug, company: partner.company },
      cycle: { from: ended.from.toString(), name: cycleName(ended) },
      customers: dashboard.customers,
      plansEnabled: dashboard.plansEnabled,
      plansLocked: dashboard.plansLocked,
      waitingCrossgrades: dashboard.waitingCrossgrades,
      reports: await countReports(reads, partner.id, day),
      usage: Array.from({ length: dashboardCycles }, (_, index) => {
        const cycle = first.add({ months: index }).toPlainYearMonth().toString();
        const known = usage.get(cycle);
        return { cycle, provisioned: known?.provisioned ?? null, used: known?.used ?? null };
      }),
    };
  },
});
