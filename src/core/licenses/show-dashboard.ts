import { z } from 'zod';
import { dayAt, daysBetween } from '../calendar.ts';
import { may } from '../permissions.ts';
import type { Reads } from '../reads.ts';
import { reportStatuses } from '../reports/usage-report.ts';
import { defineUseCase } from '../use-case.ts';
import { licenseStatuses } from './license-status.ts';

/** Ended report cycles that the usage figures go back. */
export const dashboardCycles = 13;

/** The reports of one status: the own ones and, of a Tier 1, those of its partners. */
export const reportCount = z.object({
  status: z.enum(reportStatuses),
  reports: z.int(),
  /** Days until the first of them is submitted automatically, negative when that is past; null: none waits for it. */
  daysLeft: z.int().nullable(),
});

/** A partner's reports by status, as dashboard and digest count them on a day of its zone. */
export const countReports = async (
  reads: Reads,
  partnerId: string,
  today: Temporal.PlainDate,
): Promise<z.input<typeof reportCount>[]> =>
  (await reads.licenses.reportsByStatus(partnerId)).map(({ dueOn, ...row }) => ({
    ...row,
    daysLeft: dueOn === null ? null : daysBetween(today, Temporal.PlainDate.from(dueOn)),
  }));

/** The partner's figures as of now: what the dashboard shows and the digest posts. */
export const showDashboard = defineUseCase({
  kind: 'query',
  name: 'dashboard',
  needs: 'see',
  input: z.strictObject({}),
  result: z.object({
    day: z.iso.date(),
    /** Enabled customers. */
    customers: z.int(),
    plans: z.object({ enabled: z.int(), locked: z.int() }),
    /** Open licences. */
    licenses: z.int(),
    licensesByStatus: z.partialRecord(z.enum(licenseStatuses), z.int()),
    units: z.int(),
    /** An exact decimal. */
    credits: z.string(),
    waitingCrossgrades: z.int(),
    /** Suite changes that wait for approval, and assignments of customers who are left to be accepted to approved ones. */
    suiteChanges: z.object({ waiting: z.int(), left: z.int() }),
    /** Open licences with a term, running or ahead, that was renewed at the old price for want of a new one. */
    pricesKept: z.int(),
    /** Null for who may not see reports. */
    reports: z.array(reportCount).nullable(),
    /** Peaks of the last ended cycles, oldest first. */
    usage: z.array(z.object({ cycle: z.string(), provisioned: z.int(), used: z.int().nullable() })),
    /** Of a Tier 1: its Tier 2 partners and the number of their enabled customers; else null. */
    partners: z.array(z.object({ partner: z.string(), customers: z.int() })).nullable(),
  }),

  async run({ reads, actor, now }) {
    const today = dayAt(now, actor.timeZone);
    const month = today.with({ day: 1 });
    const [figures, suites, usage, reports, partners] = await Promise.all([
      reads.licenses.figures(actor.partnerId, today),
      reads.suites.figures(actor.partnerId, today),
      reads.licenses.usageByCycle(actor.partnerId, month.subtract({ months: dashboardCycles }), month),
      may(actor, 'see_reports') ? countReports(reads, actor.partnerId, today) : null,
      actor.tier === 'tier_1' ? reads.licenses.customerCounts() : null,
    ]);
    return {
      day: today.toString(),
      customers: figures.customers,
      plans: { enabled: figures.plansEnabled, locked: figures.plansLocked },
      licenses: figures.licenses.reduce((sum, { licenses }) => sum + licenses, 0),
      licensesByStatus: Object.fromEntries(figures.licenses.map(({ status, licenses }) => [status, licenses])),
      units: figures.licenses.reduce((sum, { units }) => sum + units, 0),
      credits: figures.credits,
      waitingCrossgrades: figures.waitingCrossgrades,
      suiteChanges: { waiting: suites.waiting, left: suites.left },
      pricesKept: figures.pricesKept,
      reports,
      usage: [...usage],
      partners: partners && [...partners],
    };
  },
});
