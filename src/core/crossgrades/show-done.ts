import { z } from 'zod';
import { dayResult } from '../calendar.ts';
import type { PersonActor } from '../caller.ts';
import { Customer } from '../customers/customer.ts';
import { lastDay } from '../licenses/license-result.ts';
import { moneyResult, toMoney } from '../money/money.ts';
import { Partner } from '../people/partner.ts';
import { seesPrices } from '../permissions.ts';
import { PlanAssignment } from '../plans/plan-assignment.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { ledgerLine } from './crossgrade-result.ts';
import { Crossgrade } from './crossgrade.ts';
import { undoStandingOf, undoStandings, undoUntilOf } from './undo-standing.ts';

/** By the id that `crossgrade commit` answered. */
const named = z.strictObject({ crossgrade: lineOf(64) });

/** A crossgrade that was carried out: what it did to each licence, its money, and whether it can be undone. */
export const showDoneCrossgrade = defineUseCase({
  kind: 'query',
  name: 'crossgrade show',
  needs: 'see',
  input: named,
  result: z.object({
    crossgradeId: z.string(),
    customer: z.object({ customerId: z.string(), account: z.string(), company: z.string() }),
    plan: z.string(),
    units: z.int(),
    at: z.iso.datetime(),
    by: z.string(),
    undo: z.enum(undoStandings),
    /** Inclusive. */
    undoUntil: z.iso.datetime(),
    undone: z.object({ at: z.iso.datetime(), by: z.string() }).nullable(),
    /** The rows that it wrote, in their order. */
    ledger: z.array(
      ledgerLine.extend({
        /** The last day of the term that it has since. */
        expiresOn: dayResult.nullable(),
      }),
    ),
    /** Null: not for this person's eyes. */
    money: z.array(z.object({ kind: z.string(), productName: z.string(), amount: moneyResult })).nullable(),
    net: moneyResult.nullable(),
  }),

  async run(context, input) {
    const { uow, reads, actor } = context;
    const crossgrade = await uow.get(Crossgrade, input.crossgrade, 'crossgrade');
    const customer = await uow.get(Customer, crossgrade.customerId);
    const partner = await uow.get(Partner, crossgrade.partnerId);
    const { units } = await uow.get(PlanAssignment, crossgrade.assignmentId);
    const written = await reads.crossgrades.written(crossgrade.former.transactionIds);
    const plans = await reads.crossgrades.planNames([
      crossgrade.planId,
      ...written.flatMap(({ planBeforeId, planAfterId }) => [planBeforeId ?? [], planAfterId ?? []].flat()),
    ]);
    const people = await reads.crossgrades.personNames([crossgrade.personId, crossgrade.undoneById ?? []].flat());
    const nameOf = (planId: string | null): string | null => (planId === null ? null : (plans.get(planId) ?? null));
    const money = written.flatMap(({ productName, money: lines }) =>
      lines.map(({ kind, amountMinor, currency }) => ({ kind, productName, minor: BigInt(amountMinor), currency })),
    );
    const sees = seesPrices(actor);
    return {
      crossgradeId: crossgrade.id,
      customer: { customerId: customer.id, account: customer.account, company: customer.company },
      plan: nameOf(crossgrade.planId) ?? '',
      units,
      at: crossgrade.at.toString(),
      by: people.get(crossgrade.personId) ?? '',
      undo: await undoStandingOf(
        context,
        crossgrade,
        written.map(({ productId }) => productId),
      ),
      undoUntil: undoUntilOf(crossgrade, partner).toString(),
      undone: crossgrade.undoneAt && {
        at: crossgrade.undoneAt.toString(),
        by: people.get(crossgrade.undoneById ?? '') ?? '',
      },
      ledger: written.map((row) => ({
        type: row.type,
        reason: row.reason,
        product: row.sku,
        productName: row.productName,
        unitType: row.unitType,
        planBefore: nameOf(row.planBeforeId),
        planAfter: nameOf(row.planAfterId),
        effectiveOn: row.effectiveOn,
        unitsBefore: row.unitsBefore,
        delta: row.delta,
        unitsAfter: row.unitsAfter,
        expiresOn: row.termAfter && lastDay(row.termAfter.endsOn),
      })),
      money: sees
        ? money.map(({ kind, productName, minor, currency }) => ({
            kind,
            productName,
            amount: toMoney(minor, currency),
          }))
        : null,
      net: sees
        ? toMoney(
            money.reduce((sum, { minor }) => sum + minor, 0n),
            money[0]?.currency ?? actor.currency,
          )
        : null,
    };
  },
});

/** Who is told about a crossgrade: the person who did it, while he is active. For composing notices. */
export const crossgradeAudience = defineUseCase({
  kind: 'query',
  name: 'crossgrade audience',
  needs: 'system',
  input: named,
  result: z.object({ person: z.custom<PersonActor>().nullable() }),

  async run({ uow, reads }, { crossgrade }) {
    const { personId } = await uow.get(Crossgrade, crossgrade);
    return { person: await reads.people.actorById(personId) };
  },
});
