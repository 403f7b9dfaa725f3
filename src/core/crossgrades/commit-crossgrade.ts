import { z } from 'zod';
import type { PersonActor } from '../caller.ts';
import { conflict, Refusal } from '../errors.ts';
import { tellAdded } from '../licenses/added-mail.ts';
import { newAssignment, newLicense } from '../licenses/issue-license.ts';
import { tellDiscontinued } from '../licenses/discontinued-mail.ts';
import type { License } from '../licenses/license.ts';
import { ledgerWriter, type WriteLedger } from '../licenses/write-ledger.ts';
import { Partner } from '../people/partner.ts';
import { PlanAssignment } from '../plans/plan-assignment.ts';
import { WaitingCrossgrade } from '../plans/waiting-crossgrade.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { crossgradeHash, crossgradeInput, findCrossgrade, type CrossgradeInput } from './crossgrade-ground.ts';
import { crossgradePreviewResult, showCrossgrade } from './crossgrade-result.ts';
import { Crossgrade, type FormerLicense } from './crossgrade.ts';
import type { FreshLicense } from './plan-crossgrade.ts';
import { undoUntilOf } from './undo-standing.ts';

/** What a crossgrade would do, side by side, without doing it. */
export const previewCrossgrade = defineUseCase({
  kind: 'rehearsal',
  name: 'crossgrade preview',
  needs: 'license',
  input: crossgradeInput,
  result: crossgradePreviewResult,

  async run(context, input) {
    return showCrossgrade(await findCrossgrade(context, input, { hold: false }), context);
  },
});

/** The ground, held, as the preview with this hash showed it. @throws Refusal `crossgrade.stale`. */
const requireFresh = async (context: Context<PersonActor>, input: CrossgradeInput, hash: string) => {
  const stale = () => conflict('crossgrade.stale', { field: 'hash' });
  const ground = await findCrossgrade(context, input, { hold: true }).catch((error: unknown) => {
    // What a rule refuses now had no preview either: the one that was seen is from before.
    throw error instanceof Refusal && error.kind === 'rule' ? stale() : error;
  });
  if ((await crossgradeHash(ground)) !== hash) throw stale();
  return ground;
};

const formerOf = (license: Readonly<License>): FormerLicense => ({
  licenseId: license.id,
  assignmentId: license.assignmentId,
  planId: license.planId,
  version: license.version,
  subscriptionType: license.subscriptionType,
  units: license.units,
  unitsAtRenewal: license.unitsAtRenewal,
  terms: license.terms,
  startsOn: license.startsOn.toString(),
  endsOn: license.endsOn.toString(),
  autoRenewal: license.autoRenewal,
  notifyDays: license.notifyDays,
  graceDays: license.graceDays,
  removedOn: license.removedOn?.toString() ?? null,
});

/**
 * Resolves the duplicates that stand in the way of a plan, all in one transaction, effective at once: licences move
 * to the plan, missing ones are bought, what the plan lacks becomes unbundled or goes, the ledger and its money say
 * so, and the draft that waited is resolved.
 */
export const commitCrossgrade = defineUseCase({
  kind: 'command',
  name: 'crossgrade commit',
  needs: 'license',
  input: crossgradeInput.extend({ hash: z.string().min(1).max(128) }),
  result: z.object({
    crossgradeId: z.string(),
    assignmentId: z.string(),
    licenseIds: z.array(z.string()),
    /** Until then, inclusive, it can be undone. */
    undoUntil: z.iso.datetime(),
  }),

  async run(context, { hash, ...input }) {
    const { uow, reads, actor, now } = context;
    const ground = await requireFresh(context, input, hash);
    const { customer, plan, components, today, planned } = ground;
    const owned = { partnerId: customer.partnerId, customerId: customer.id };

    const assignment = newAssignment(context, plan, {
      ...owned,
      units: planned.units,
      startsOn: today,
      composition: components.map(({ id }) => id),
    });

    const transactionIds: string[] = [];
    const writeLedger = ledgerWriter(context, owned);
    const write: WriteLedger = (licenseId, row) => {
      const id = writeLedger(licenseId, row);
      transactionIds.push(id);
      return id;
    };
    const issue = ({ issued, row }: FreshLicense): string => {
      const { product, unitType, term, graceDays, dataCentre } = issued;
      const license = newLicense(
        context,
        { plan, assignment },
        { product, unitType, units: planned.units, unitsAtRenewal: null, terms: [term], graceDays, dataCentre },
      );
      write(license.id, row);
      return license.id;
    };

    const byId = new Map(ground.licenses.map((license) => [license.id, license]));
    const former = planned.changes.map(({ held }) => formerOf(held.license));
    const moved: string[] = [];
    const removed: { licenseId: string; transactionId: string }[] = [];
    for (const { held, outcome, set, rows } of planned.changes) {
      const license = byId.get(held.license.id)!;
      const written = rows.map((row) => write(license.id, row));
      if (outcome === 'removed') removed.push({ licenseId: license.id, transactionId: written.at(-1)! });
      Object.assign(license, set, outcome === 'transferred' && { assignmentId: assignment.id });
      if (outcome === 'transferred') moved.push(license.id);
    }
    const newIds = planned.fresh.map(issue);

    // An assignment that none of the customer's open licences belongs to any more was replaced by this one.
    await uow.flush();
    const stillOpen = await reads.crossgrades.openLicenses(customer.id, today);
    const holding = new Set(stillOpen.map(({ id }) => byId.get(id)?.assignmentId));
    const replacedIds = [...new Set(former.flatMap(({ assignmentId }) => assignmentId ?? []))].filter(
      (id) => !holding.has(id),
    );
    for (const replaced of await uow.lockAll(PlanAssignment, replacedIds)) replaced.status = 'replaced';

    const waitingId = await reads.crossgrades.waitingId(customer.id, plan.id);
    if (waitingId !== null) (await uow.lock(WaitingCrossgrade, waitingId)).resolvedAt = now;

    const touched = [...former.map(({ licenseId }) => licenseId), ...newIds];
    const crossgrade = new Crossgrade({
      ...owned,
      id: uow.newId(),
      planId: plan.id,
      assignmentId: assignment.id,
      personId: actor.personId,
      at: now,
      former: {
        licenses: former,
        replacedIds,
        removedIds: removed.map(({ licenseId }) => licenseId),
        newIds,
        openIds: stillOpen.map(({ id }) => id),
        waitingId,
        transactionIds,
        ledgerRows: await reads.crossgrades.ledgerRows(touched),
      },
      undoneAt: null,
      undoneById: null,
      undoClosedAt: null,
    });
    uow.add(crossgrade);
    tellAdded(uow, assignment.id, { licenseIds: newIds });
    if (removed[0])
      tellDiscontinued(uow, {
        customerId: customer.id,
        transactionId: removed[0].transactionId,
        licenseIds: removed.map(({ licenseId }) => licenseId),
      });
    uow.enqueue('notify', { topic: 'crossgrade.done', data: { crossgrade: crossgrade.id } });
    return {
      crossgradeId: crossgrade.id,
      assignmentId: assignment.id,
      licenseIds: [...moved, ...newIds],
      undoUntil: undoUntilOf(crossgrade, await uow.get(Partner, customer.partnerId)).toString(),
    };
  },
});
