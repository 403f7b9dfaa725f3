import { z } from 'zod';
import { dayAt, dayOf, earliest, isBefore } from '../calendar.ts';
import type { PersonActor } from '../caller.ts';
import { Customer } from '../customers/customer.ts';
import { notFound, rule } from '../errors.ts';
import { tellAdded } from '../licenses/added-mail.ts';
import { tellDiscontinued } from '../licenses/discontinued-mail.ts';
import { endedOn } from '../licenses/end-of-life.ts';
import { License, type LicenseTerm } from '../licenses/license.ts';
import { ledgerWriter } from '../licenses/write-ledger.ts';
import { Partner } from '../people/partner.ts';
import { PlanAssignment } from '../plans/plan-assignment.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import { WaitingCrossgrade } from '../plans/waiting-crossgrade.ts';
import { lineOf } from '../text.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { tellChanged } from './close-undo.ts';
import { Crossgrade, type FormerLicense } from './crossgrade.ts';
import { touchedBy, undoStandingOf } from './undo-standing.ts';

/** @throws Refusal where it was undone, its time is over, or something touched its licences since. */
const requireUndoable = async (
  context: Context<PersonActor>,
  crossgrade: Crossgrade,
  licenses: readonly License[],
): Promise<void> => {
  const standing = await undoStandingOf(
    context,
    crossgrade,
    licenses.map(({ productId }) => productId),
  );
  switch (standing) {
    case 'open':
      return;
    case 'undone':
      throw rule('crossgrade.undone', { field: 'crossgrade' });
    case 'over': {
      const { crossgradeUndoMinutes: minutes } = await context.uow.get(Partner, crossgrade.partnerId);
      throw rule('crossgrade.undo_over', { field: 'crossgrade', params: { minutes } });
    }
    case 'touched':
      throw rule('crossgrade.undo_touched', { field: 'crossgrade' });
  }
};

/** The license as it was; `endOfLifeOn`: of its product, or of the suite that it stands under again. */
const restore = (license: License, former: FormerLicense, endOfLifeOn: Temporal.PlainDate | null): void => {
  const { licenseId: _, startsOn, endsOn, removedOn, terms, ...fields } = former;
  Object.assign(license, fields, {
    terms: terms as LicenseTerm[],
    startsOn: Temporal.PlainDate.from(startsOn),
    endsOn: Temporal.PlainDate.from(endsOn),
    removedOn: removedOn === null ? null : Temporal.PlainDate.from(removedOn),
  });
  // An end of life that became known since writes no ledger row: it ends what comes back as it ended the rest.
  if (endOfLifeOn && isBefore(endOfLifeOn, license.endsOn.add({ days: license.graceDays })))
    Object.assign(license, endedOn(license, endOfLifeOn));
};

/** By licence, the end of life that ends it once it stands as it did before the crossgrade. */
const endsOfLife = async (
  { uow, reads }: Pick<Context, 'uow' | 'reads'>,
  licenses: readonly License[],
  formerById: ReadonlyMap<string, FormerLicense>,
): Promise<ReadonlyMap<string, Temporal.PlainDate | null>> => {
  const plans = new Map<string, ServicePlan>();
  for (const { planId } of formerById.values())
    if (planId !== null && !plans.has(planId)) plans.set(planId, await uow.get(ServicePlan, planId));
  const ids = [...licenses, ...plans.values()].map(({ productId }) => productId);
  const products = await reads.catalog.products([...new Set(ids)]);
  const days = new Map(products.map(({ id, endOfLifeOn }) => [id, endOfLifeOn]));
  return new Map(
    licenses.map(({ id, productId }) => {
      const plan = plans.get(formerById.get(id)?.planId ?? '');
      return [id, earliest(days.get(productId) ?? null, (plan && days.get(plan.productId)) ?? null)];
    }),
  );
};

/** What a crossgrade had brought is discontinued again; what it had removed is there again. */
const tellCustomer = (
  { uow }: Pick<Context, 'uow'>,
  { id, customerId, former }: Crossgrade,
  undone: ReadonlyMap<string, string>,
): void => {
  const [first] = former.newIds;
  const transactionId = first && undone.get(first);
  if (transactionId) tellDiscontinued(uow, { customerId, transactionId, licenseIds: former.newIds });
  const back = former.licenses.filter(({ licenseId }) => former.removedIds.includes(licenseId));
  for (const [assignmentId, licenses] of Map.groupBy(back, (license) => license.assignmentId))
    if (assignmentId !== null)
      tellAdded(uow, assignmentId, { licenseIds: licenses.map(({ licenseId }) => licenseId), reason: id });
};

/**
 * Takes a crossgrade back while its time runs and nothing touched its licences since: compensating ledger rows with
 * opposite money, licences and assignments as they were, new licences removed, the draft waiting again.
 */
export const undoCrossgrade = defineUseCase({
  kind: 'command',
  name: 'crossgrade undo',
  needs: 'license',
  /** The crossgrade's id. */
  input: z.strictObject({ crossgrade: lineOf(64) }),
  result: z.object({ crossgradeId: z.string(), customer: z.string(), plan: z.string() }),

  async run(context, input) {
    const { uow, reads, actor, now } = context;
    const found = await uow.get(Crossgrade, input.crossgrade, 'crossgrade');
    // A managed partner's may be read, and no more.
    if (found.partnerId !== actor.partnerId) throw notFound('crossgrade', 'crossgrade');
    const customer = await uow.lock(Customer, found.customerId);
    // An end of life that is being imported holds them: it is known from here on, or finds what is restored.
    await uow.lockAll(ServicePlan, [
      ...new Set([found.planId, ...found.former.licenses.flatMap(({ planId }) => planId ?? [])]),
    ]);
    const crossgrade = await uow.lock(Crossgrade, found.id, 'crossgrade');
    const { former } = crossgrade;
    const licenses = await uow.lockAll(License, touchedBy(crossgrade));
    const today = dayAt(now, actor.timeZone);
    await requireUndoable(context, crossgrade, licenses);

    const write = ledgerWriter(context, { partnerId: customer.partnerId, customerId: customer.id });
    const written = await reads.crossgrades.written(former.transactionIds);
    const undone = new Map<string, string>();
    for (const row of written.toReversed()) {
      const wasOn = dayOf(row.effectiveOn);
      const effectiveOn = isBefore(wasOn, today) ? today : wasOn;
      const transactionId = write(row.licenseId, {
        effectiveOn,
        productId: row.productId,
        planBeforeId: row.planAfterId,
        planAfterId: row.planBeforeId,
        type: 'License change',
        reason: 'crossgrade_undo',
        unitsBefore: row.unitsAfter,
        delta: -row.delta,
        unitsAfter: row.unitsBefore,
        termBefore: row.termAfter,
        termAfter: row.termBefore,
        money: row.money.map(({ amountMinor, currency }) => ({
          kind: 'correction',
          minor: -BigInt(amountMinor),
          currency,
        })),
      });
      undone.set(row.licenseId, transactionId);
    }

    const formerById = new Map(former.licenses.map((license) => [license.licenseId, license]));
    const ends = await endsOfLife(context, licenses, formerById);
    for (const license of licenses) {
      const before = formerById.get(license.id);
      if (before) restore(license, before, ends.get(license.id) ?? null);
      else Object.assign(license, { removedOn: today, units: 0, unitsAtRenewal: null });
    }
    for (const assignment of await uow.lockAll(PlanAssignment, [crossgrade.assignmentId, ...former.replacedIds]))
      assignment.status = assignment.id === crossgrade.assignmentId ? 'replaced' : 'active';

    const waiting = await reads.crossgrades.waitingId(customer.id, crossgrade.planId);
    if (former.waitingId !== null && waiting === null)
      (await uow.lock(WaitingCrossgrade, former.waitingId)).resolvedAt = null;
    tellCustomer(context, crossgrade, undone);
    crossgrade.undoneAt = now;
    crossgrade.undoneById = actor.personId;
    tellChanged(uow, crossgrade.id, 'undone');
    const names = await reads.crossgrades.planNames([crossgrade.planId]);
    return { crossgradeId: crossgrade.id, customer: customer.company, plan: names.get(crossgrade.planId) ?? '' };
  },
});
