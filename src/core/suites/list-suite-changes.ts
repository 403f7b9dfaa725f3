import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import type { PersonActor } from '../caller.ts';
import { unitTypes } from '../catalog/product.ts';
import { refusedResult } from '../errors.ts';
import { moneyResult, toMoney } from '../money/money.ts';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { seesPrices } from '../permissions.ts';
import { lineOf, optionalLineOf } from '../text.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { findAcceptances, renewLateOnSuites, type Acceptance } from './acceptance-ground.ts';
import { suiteChangeStatuses, type ConcernedRow, type SuiteChangeRow } from './reads.ts';
import {
  concernedOf,
  costOf,
  findSuiteChange,
  foresee,
  foreseenResult,
  showSuiteChanges,
  suiteChangeResult,
  sumUp,
} from './suite-change-result.ts';

/** Whether to look at every customer who is left: what accepting costs, and who could not be accepted. */
const foreseen = z.boolean().default(true);

const foreseenIn = (context: Context<PersonActor>, row: SuiteChangeRow, wanted: boolean) =>
  wanted ? foresee(context, row) : sumUp([], context.actor);

/** The suite changes that the own plans had to deal with: those that wait first, then the newest. */
export const listSuiteChanges = defineUseCase({
  kind: 'rehearsal',
  name: 'suite list',
  needs: 'see',
  input: z.strictObject({
    status: z.enum(suiteChangeStatuses).optional(),
    page: pageInput,
    size: z.int().min(1).max(50).default(pageSize),
    foreseen,
  }),
  result: pageOf(suiteChangeResult.extend(foreseenResult.shape)),

  async run(context, { status, page, size, foreseen: wanted }) {
    const { reads, actor, now } = context;
    await renewLateOnSuites(context);
    const today = dayAt(now, actor.timeZone);
    const found = await reads.suites.changes({ partnerId: actor.partnerId, status }, { page, size }, today);
    const items = [];
    for (const [index, shown] of (await showSuiteChanges(context, found.items)).entries())
      items.push({ ...shown, ...(await foreseenIn(context, found.items[index]!, wanted)) });
    return { ...found, items };
  },
});

/** One change with what accepting would cost today; named by id, or its suite by SKU or name: the newest. */
export const showSuiteChange = defineUseCase({
  kind: 'rehearsal',
  name: 'suite show',
  needs: 'see',
  input: z.strictObject({ change: lineOf(120), foreseen }),
  result: suiteChangeResult.extend(foreseenResult.shape),

  async run(context, { change, foreseen: wanted }) {
    await renewLateOnSuites(context);
    const row = await findSuiteChange(context, change);
    const [shown] = await showSuiteChanges(context, [row]);
    return { ...shown!, ...(await foreseenIn(context, row, wanted)) };
  },
});

const statuses = ['left', 'queued', 'failed', 'accepted'] as const satisfies readonly ConcernedRow['status'][];

const customerResult = z.object({
  assignmentId: z.string(),
  customerId: z.string(),
  /** Account name. */
  customer: z.string(),
  company: z.string(),
  plan: z.string(),
  units: z.int(),
  unitType: z.enum(unitTypes),
  status: z.enum(statuses),
  /** Of the last try; null: none, or it went well. */
  failure: refusedResult.nullable(),
  /** What stands in the way now; null: nothing. */
  hindrance: refusedResult.nullable(),
  /** What accepting costs today; null: nothing, or not for this person's eyes. */
  amount: moneyResult.nullable(),
});
export type SuiteCustomer = z.output<typeof customerResult>;

/** The customers that a change concerns, each with how his acceptance stands, what it costs and what hinders it. */
export const listSuiteCustomers = defineUseCase({
  kind: 'rehearsal',
  name: 'suite customers',
  needs: 'see',
  input: z.strictObject({
    change: lineOf(120),
    /** In company and account name. */
    search: optionalLineOf(120),
    /** `open`: everyone who is not accepted. */
    status: z.enum([...statuses, 'open']).optional(),
    page: pageInput,
    size: z.int().min(1).max(100).default(pageSize),
  }),
  result: pageOf(customerResult),

  async run(context, { change, search, status, page, size }) {
    const { reads, actor, now } = context;
    await renewLateOnSuites(context);
    const row = await findSuiteChange(context, change);
    const found = await reads.suites.concerned(
      concernedOf(actor.partnerId, row),
      { search: search || undefined, status },
      { page, size },
      dayAt(now, actor.timeZone),
    );
    const open = row.status === 'replaced' ? [] : found.items.filter((item) => item.status !== 'accepted');
    const looked = await lookAt(context, row.changeId, open);
    return {
      ...found,
      items: found.items.map(({ code, params, planId: _planId, ...item }) => {
        const acceptance = looked.get(item.assignmentId);
        const cost = acceptance?.planned ? costOf(acceptance) : 0n;
        return {
          ...item,
          unitType: 'seat' as const,
          failure: item.status === 'failed' && code !== null ? { code, params: params ?? {} } : null,
          hindrance: acceptance?.refusal ? { code: acceptance.refusal.code, params: acceptance.refusal.params } : null,
          amount: cost !== 0n && seesPrices(actor) ? toMoney(cost, actor.currency) : null,
        };
      }),
    };
  },
});

const lookAt = async (
  context: Context<PersonActor>,
  changeId: string,
  open: readonly ConcernedRow[],
): Promise<ReadonlyMap<string, Acceptance>> => {
  if (open.length === 0) return new Map();
  const { acceptances } = await findAcceptances(context, changeId, open, { hold: false });
  return new Map(acceptances.map((acceptance) => [acceptance.concerned.assignmentId, acceptance]));
};
