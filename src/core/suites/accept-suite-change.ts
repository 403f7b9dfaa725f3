import { z } from 'zod';
import { dayAt, dayResult } from '../calendar.ts';
import { unitTypes } from '../catalog/product.ts';
import type { PersonActor } from '../caller.ts';
import { notFound, refusedResult, rule, type Refusal } from '../errors.ts';
import { renewLateAmong } from '../licenses/automatic-renewal.ts';
import { lineOf } from '../text.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { acceptAssignments, type Outcome } from './accept-assignments.ts';
import { changeRefusal, findAcceptances, renewLateOnSuites } from './acceptance-ground.ts';
import type { AcceptancePlan } from './plan-acceptance.ts';
import type { ConcernedAssignment, SuiteChangeRow } from './reads.ts';
import { concernedOf, findSuiteChange, foreseenResult, sumUp } from './suite-change-result.ts';
import { SuiteAcceptance, SuiteChange } from './suite-change.ts';
import { tellSuiteChange } from './tell-suite-change.ts';

const names = z.array(lineOf(120)).max(100_000);

const acceptInput = z.strictObject({
  /** Id, or the suite's SKU or name. */
  change: lineOf(120),
  /** Account names or ids; left out: all that are left. */
  customers: names.min(1).optional(),
  /** Account names or ids of customers that are left out. */
  except: names.default([]),
});
type AcceptInput = z.output<typeof acceptInput>;

/** A customer who was not taken over, and why. */
const failedResult = refusedResult.extend({ /** Account name. */ customer: z.string() });

interface Chosen {
  readonly row: SuiteChangeRow;
  readonly chosen: readonly ConcernedAssignment[];
  /** Named, with nothing left to accept. */
  readonly failed: readonly z.output<typeof failedResult>[];
}

/** @throws Refusal `not_found` that says the first name nobody has. */
const customerIds = async (
  { reads, actor }: Context<PersonActor>,
  named: readonly string[],
  field: string,
): Promise<ReadonlyMap<string, { readonly name: string; readonly company: string }>> => {
  const found = await reads.suites.customersNamed(actor.partnerId, named);
  const known = new Set(found.map(({ name }) => name));
  const unknown = named.find((name) => !known.has(name));
  if (unknown !== undefined) throw notFound(`customer ${unknown}`, field);
  return new Map(found.map(({ customerId, name, company }) => [customerId, { name, company }]));
};

/** What is to be accepted: all that are left, or those that are named, without the exceptions. */
const choose = async (context: Context<PersonActor>, input: AcceptInput): Promise<Chosen> => {
  const { uow, reads, actor, now } = context;
  await renewLateOnSuites(context);
  const row = await findSuiteChange(context, input.change);
  const refusal = changeRefusal(await uow.get(SuiteChange, row.changeId, 'change'));
  if (refusal) throw refusal;
  const only = input.customers && (await customerIds(context, input.customers, 'customers'));
  const except = await customerIds(context, input.except, 'except');
  const left = await reads.suites.left(concernedOf(actor.partnerId, row), dayAt(now, actor.timeZone));
  const chosen = left.filter(({ customerId }) => !except.has(customerId) && (only?.has(customerId) ?? true));
  const concerned = new Set(chosen.map(({ customerId }) => customerId));
  const idle = [...(only ?? [])].filter(([customerId]) => !concerned.has(customerId) && !except.has(customerId));
  return {
    row,
    chosen,
    failed: idle.map(([, { name, company }]) => ({
      customer: name,
      code: 'suite.nothing_left',
      params: { customer: company },
    })),
  };
};

const showFailure = ({ concerned, refusal }: Outcome): z.output<typeof failedResult>[] =>
  refusal ? [{ customer: concerned.customer, code: refusal.code, params: { ...refusal.params } }] : [];

/**
 * Takes customers over to a suite's new composition: all that are left, or the named ones, save the exceptions. Each
 * is judged by itself: the failed ones are listed with their reasons and keep what they have.
 */
export const acceptSuiteChange = defineUseCase({
  kind: 'command',
  name: 'suite accept',
  needs: 'license',
  input: acceptInput,
  result: z.object({
    /** How many assignments were taken over. */
    accepted: z.int(),
    failed: z.array(failedResult),
  }),

  async run(context, input) {
    const { row, chosen, failed } = await choose(context, input);
    const outcomes = await acceptAssignments(context, row.changeId, chosen);
    tellSuiteChange(context.uow, row.changeId);
    return {
      accepted: outcomes.filter(({ refusal }) => refusal === null).length,
      failed: [...failed, ...outcomes.flatMap(showFailure)],
    };
  },
});

const outcomes = ['added', 'transferred', 'superseded', 'unbundled'] as const;

/** What accepting would do and cost today, without doing it; of one customer alone with each licence. */
export const previewSuiteAcceptance = defineUseCase({
  kind: 'rehearsal',
  name: 'suite accept preview',
  needs: 'license',
  input: acceptInput,
  result: foreseenResult.extend({
    changeId: z.string(),
    suiteName: z.string(),
    /** Who was asked for and is left. */
    chosen: z.int(),
    customers: z.array(z.object({ customer: z.string(), company: z.string(), plan: z.string(), units: z.int() })),
    licenses: z.array(
      z.object({
        product: z.string(),
        productName: z.string(),
        outcome: z.enum(outcomes),
        units: z.int(),
        unitType: z.enum(unitTypes),
        /** Exclusive. */
        endsOn: dayResult,
      }),
    ),
  }),

  async run(context, input) {
    const { reads, actor } = context;
    const { row, chosen } = await choose(context, input);
    const { acceptances } =
      chosen.length === 0 ? { acceptances: [] } : await findAcceptances(context, row.changeId, chosen, { hold: false });
    const [suite] = await reads.catalog.products([row.productId]);
    const [only, ...others] = acceptances;
    return {
      ...sumUp(acceptances, actor),
      changeId: row.changeId,
      suiteName: suite?.name ?? '',
      chosen: chosen.length,
      customers: chosen
        .slice(0, shownCustomers)
        .map(({ customer, company, plan, units }) => ({ customer, company, plan, units })),
      licenses: only?.planned && others.length === 0 ? licensesIn(only.planned) : [],
    };
  },
});

/** A preview names so many. */
const shownCustomers = 10;

const licensesIn = ({ changes, added }: AcceptancePlan) => [
  ...added.map(({ product, units, unitType, terms }) => ({
    product: product.sku,
    productName: product.name,
    outcome: 'added' as const,
    units,
    unitType,
    endsOn: terms.at(-1)!.endsOn,
  })),
  ...changes.map(({ held: { license, product }, outcome, set }) => ({
    product: product.sku,
    productName: product.name,
    outcome,
    units: set.units ?? license.units,
    unitType: license.unitType,
    endsOn: (set.endsOn ?? license.endsOn).toString(),
  })),
];

/** The same in the background, however many they are: what was chosen is written down, and a job works through it. */
export const beginSuiteAcceptance = defineUseCase({
  kind: 'command',
  name: 'suite accept begin',
  needs: 'license',
  input: acceptInput.extend({
    /** Only those whose last try failed. */
    again: z.boolean().default(false),
  }),
  result: z.object({ changeId: z.string(), suiteName: z.string(), queued: z.int() }),

  async run(context, { again, ...input }) {
    const { uow, reads, actor, now } = context;
    const { row, chosen: asked } = await choose(context, input);
    const failed = new Set(again ? await reads.suites.failed(row.changeId) : []);
    const chosen = again ? asked.filter(({ assignmentId }) => failed.has(assignmentId)) : asked;
    if (chosen.length === 0) throw rule('suite.nobody_left', { field: 'except' });
    const known = await reads.suites.acceptances(
      row.changeId,
      chosen.map(({ assignmentId }) => assignmentId),
    );
    const rows = await uow.lockAll(
      SuiteAcceptance,
      known.map(({ id }) => id),
    );
    const queued = { status: 'queued', code: null, params: null, personId: actor.personId, queuedAt: now } as const;
    for (const acceptance of rows) Object.assign(acceptance, queued, { doneAt: null });
    const noted = new Set(rows.map(({ assignmentId }) => assignmentId));
    for (const { assignmentId, customerId } of chosen) {
      if (noted.has(assignmentId)) continue;
      uow.add(
        new SuiteAcceptance({
          ...queued,
          id: uow.newId(),
          partnerId: actor.partnerId,
          suiteChangeId: row.changeId,
          customerId,
          assignmentId,
          doneAt: null,
        }),
      );
    }
    wakeAcceptance(uow, row.changeId, actor.personId);
    const [suite] = await reads.catalog.products([row.productId]);
    return { changeId: row.changeId, suiteName: suite?.name ?? '', queued: chosen.length };
  },
});

/** Has what a person queued worked through. */
const wakeAcceptance = (uow: Pick<Context['uow'], 'enqueue'>, changeId: string, personId: string, part = 0): void =>
  uow.enqueue(
    'suite_acceptance',
    { changeId, personId, part: String(part) },
    { key: `${changeId}:${personId}:${part}` },
  );

const progressResult = z.object({
  changeId: z.string(),
  suiteName: z.string(),
  /** When this run was asked for: what was queued by one form, and its figures. */
  since: z.string(),
  total: z.int(),
  queued: z.int(),
  accepted: z.int(),
  failed: z.int(),
  /** Still with the old composition, whatever the reason. */
  left: z.int(),
});
export type AcceptanceProgress = z.output<typeof progressResult>;

const nothingYet = { since: '', total: 0, queued: 0, accepted: 0, failed: 0 };

const progressOf = async (context: Context<PersonActor>, changeId: string): Promise<AcceptanceProgress> => {
  const { reads, actor } = context;
  const row = await findSuiteChange(context, changeId);
  const [suite] = await reads.catalog.products([row.productId]);
  const run = (await reads.suites.lastRun(row.changeId, actor.personId)) ?? nothingYet;
  return { changeId: row.changeId, suiteName: suite?.name ?? '', left: row.left, ...run };
};

/** How far it is with what the caller queued last. */
export const suiteAcceptanceProgress = defineUseCase({
  kind: 'query',
  name: 'suite progress',
  needs: 'see',
  input: z.strictObject({ change: lineOf(120) }),
  result: progressResult,

  async run(context, { change }) {
    return progressOf(context, change);
  },
});

/** Closes rows that can no longer be worked on. */
const closeRows = (rows: readonly SuiteAcceptance[], now: Temporal.Instant, refusal: Refusal | null): void => {
  for (const row of rows)
    if (row.status === 'queued')
      Object.assign(row, {
        status: refusal ? 'failed' : 'accepted',
        code: refusal?.code ?? null,
        params: refusal?.params ?? null,
        doneAt: now,
      });
};

/** Works on the next of what the person queued; one call is one transaction. */
export const acceptNext = defineUseCase({
  kind: 'command',
  name: 'suite accept next',
  needs: 'license',
  input: z.strictObject({ change: lineOf(64), limit: z.int().min(1).max(500).default(25) }),
  result: progressResult.extend({
    /** Something is still queued, by this form or by an earlier one. */ more: z.boolean(),
  }),

  async run(context, { change, limit }) {
    const { uow, reads, actor, now } = context;
    const changeId = await reads.suites.changeId(actor.partnerId, change);
    if (changeId === null) throw notFound('suite change', 'change');
    const next = await reads.suites.queued(changeId, actor.personId, limit);
    if (next.length > 0) {
      const refusal = changeRefusal(await uow.get(SuiteChange, changeId, 'change'));
      const asked = await reads.suites.assignments(next.map(({ assignmentId }) => assignmentId));
      if (!refusal) {
        const planIds = [...new Set(asked.map(({ planId }) => planId))];
        await renewLateAmong(context, [...new Set(asked.map(({ customerId }) => customerId))], planIds);
        await acceptAssignments(context, changeId, asked);
      }
      await uow.flush();
      // What somebody else accepted meanwhile, or what no change speaks of any more, is done as well.
      const rows = await uow.lockAll(
        SuiteAcceptance,
        next.map(({ id }) => id),
      );
      closeRows(rows, now, refusal);
      await uow.flush();
    }
    const progress = await progressOf(context, changeId);
    const more = (await reads.suites.queued(changeId, actor.personId, 1)).length > 0;
    if (next.length > 0 && !more) tellSuiteChange(uow, changeId);
    return { ...progress, more };
  },
});

/** Gives up what a person queued who may do it no longer. */
export const abandonAcceptances = defineUseCase({
  kind: 'command',
  name: 'suite accept abandon',
  needs: 'system',
  input: z.strictObject({ changeId: z.string(), personId: z.string() }),
  result: z.object({ abandoned: z.int() }),

  async run({ uow, reads, now }, { changeId, personId }) {
    const rows = await reads.suites.queued(changeId, personId, 100_000);
    const held = await uow.lockAll(
      SuiteAcceptance,
      rows.map(({ id }) => id),
    );
    closeRows(held, now, rule('suite.right_lost'));
    return { abandoned: held.length };
  },
});

/** The person in whose name customers are taken over; null: no longer active. */
export const acceptanceOwner = defineUseCase({
  kind: 'query',
  name: 'suite accept owner',
  needs: 'system',
  input: z.strictObject({ personId: z.string() }),
  result: z.object({ actor: z.custom<PersonActor>().nullable() }),

  async run({ reads }, { personId }) {
    return { actor: await reads.people.actorById(personId) };
  },
});

/** Goes on in another job. */
export const continueAcceptance = defineUseCase({
  kind: 'scratch',
  name: 'suite accept continue',
  needs: 'system',
  input: z.strictObject({ changeId: z.string(), personId: z.string(), part: z.int() }),
  result: z.object({}),

  async run({ uow }, { changeId, personId, part }) {
    wakeAcceptance(uow, changeId, personId, part);
    return {};
  },
});

/** Wakes what was queued and whose job was lost: rows are the truth. */
export const wakeAcceptances = defineUseCase({
  kind: 'scratch',
  name: 'suite accept wake',
  needs: 'system',
  input: z.object({}),
  result: z.object({ woken: z.int() }),

  async run({ uow, reads }) {
    const waiting = await reads.suites.waitingAcceptances();
    for (const { changeId, personId } of waiting) wakeAcceptance(uow, changeId, personId);
    return { woken: waiting.length };
  },
});
