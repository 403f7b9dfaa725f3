import type { PersonActor } from '../caller.ts';
import type { Refusal } from '../errors.ts';
import { tellAdded } from '../licenses/added-mail.ts';
import { newLicense } from '../licenses/issue-license.ts';
import { applyChanges } from '../licenses/license-change.ts';
import { ledgerWriter } from '../licenses/write-ledger.ts';
import { PlanAssignment } from '../plans/plan-assignment.ts';
import type { Context } from '../use-case.ts';
import { findAcceptances, type Acceptance } from './acceptance-ground.ts';
import type { ConcernedAssignment } from './reads.ts';
import { SuiteAcceptance, type SuiteChange } from './suite-change.ts';

/** How the acceptance of one assignment ended. */
export interface Outcome {
  readonly concerned: ConcernedAssignment;
  /** Null: accepted. */
  readonly refusal: Refusal | null;
}

/** Carries one acceptance out; gives the other assignments that it touched. */
const carryOut = (context: Context<PersonActor>, change: SuiteChange, acceptance: Acceptance): readonly string[] => {
  const { uow } = context;
  const { customer, assignment, planned } = acceptance;
  if (!planned) return [];
  const write = ledgerWriter(context, { partnerId: customer.partnerId, customerId: customer.id });
  applyChanges(planned.changes, write);
  const licenseIds = planned.added.map((added) => {
    const license = newLicense(context, acceptance, added);
    for (const row of added.rows) write(license.id, row);
    return license.id;
  });
  assignment.composition = [...change.after];
  tellAdded(uow, assignment.id, { licenseIds, reason: change.id });
  return planned.replacedIds;
};

/** What became of the assignments, beside the change, for lists and for whoever tries the rest again. */
const remember = async (
  { uow, reads, actor, now }: Context<PersonActor>,
  change: SuiteChange,
  outcomes: readonly Outcome[],
): Promise<void> => {
  const known = await reads.suites.acceptances(
    change.id,
    outcomes.map(({ concerned }) => concerned.assignmentId),
  );
  const rows = new Map(
    (
      await uow.lockAll(
        SuiteAcceptance,
        known.map(({ id }) => id),
      )
    ).map((row) => [row.assignmentId, row]),
  );
  for (const { concerned, refusal } of outcomes) {
    const outcome = {
      status: refusal ? ('failed' as const) : ('accepted' as const),
      code: refusal?.code ?? null,
      params: refusal?.params ?? null,
      personId: actor.personId,
      doneAt: now,
    };
    const row = rows.get(concerned.assignmentId);
    if (row) Object.assign(row, outcome);
    else
      uow.add(
        new SuiteAcceptance({
          id: uow.newId(),
          partnerId: change.partnerId,
          suiteChangeId: change.id,
          customerId: concerned.customerId,
          assignmentId: concerned.assignmentId,
          queuedAt: now,
          ...outcome,
        }),
      );
  }
};

/** Each customer once a round: what the first of his assignments changes is the ground of the next. */
const roundsOf = (asked: readonly ConcernedAssignment[]): ConcernedAssignment[][] => {
  const rounds: ConcernedAssignment[][] = [];
  for (const mine of Map.groupBy(asked, ({ customerId }) => customerId).values())
    mine.forEach((concerned, nth) => (rounds[nth] ??= []).push(concerned));
  return rounds;
};

/**
 * Takes assignments over to the suite's new composition. Each is judged by itself before anything of it is written:
 * what is refused is remembered as failed and harms no other; what somebody else accepted meanwhile is passed over.
 * @throws Refusal where the change is not approved, or a newer one took its place.
 */
export const acceptAssignments = async (
  context: Context<PersonActor>,
  changeId: string,
  asked: readonly ConcernedAssignment[],
): Promise<Outcome[]> => {
  const { uow } = context;
  const all: Outcome[] = [];
  for (const round of roundsOf(asked)) {
    const { change, acceptances } = await findAcceptances(context, changeId, round, { hold: true });
    const outcomes = acceptances.map(({ concerned, refusal }) => ({ concerned, refusal }));
    const emptied = acceptances.flatMap((acceptance) => carryOut(context, change, acceptance));
    await remember(context, change, outcomes);
    await uow.flush();
    // Held with the ground already.
    for (const assignment of await uow.lockAll(PlanAssignment, emptied)) assignment.status = 'replaced';
    all.push(...outcomes);
  }
  return all;
};
