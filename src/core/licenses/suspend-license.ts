import type { z } from 'zod';
import type { PersonActor } from '../caller.ts';
import { rule, type Refusal } from '../errors.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { findRenewed } from './automatic-renewal.ts';
import { effectiveUnits, rowOf } from './ledger-draft.ts';
import { applyChanges, licenseChangeResult, showChanges, type LicenseChange } from './license-change.ts';
import type { HeldLicense, LicenseGround } from './license-ground.ts';
import { oneOrAll, oneOrAllInput } from './one-or-all.ts';
import { ledgerWriter } from './write-ledger.ts';

/** A row of today that changes neither units nor dates: it says that the licence rests, or is in use again. */
const turned = (held: HeldLicense, suspended: boolean, today: Temporal.PlainDate): LicenseChange => {
  const units = effectiveUnits(held, today);
  const row = rowOf(held, {
    type: 'License change',
    reason: suspended ? 'suspension' : 'resumption',
    effectiveOn: today,
    planAfterId: held.license.planId,
    unitsBefore: units,
    unitsAfter: units,
  });
  return { held, set: { suspended }, rows: [row] };
};

const alreadySo = ({ product }: HeldLicense, suspended: boolean): Refusal =>
  rule(suspended ? 'license.already_suspended' : 'license.not_suspended', {
    field: 'license',
    params: { product: product.name },
  });

/**
 * What suspending or resuming does: to one licence, or to all open ones of the assignment that are not so yet.
 * @throws Refusal where it is removed or over, or where it is so already.
 */
export const planSuspension = (
  ground: LicenseGround,
  { all, suspended }: { readonly all: boolean; readonly suspended: boolean },
): LicenseChange[] => {
  const changing = oneOrAll(ground, all).filter(({ license }) => license.suspended !== suspended);
  if (changing.length === 0) throw alreadySo(ground.asked, suspended);
  return changing.map((held) => turned(held, suspended, ground.today));
};

const turn = async (
  context: Context<PersonActor>,
  { license, all }: z.output<typeof oneOrAllInput>,
  suspended: boolean,
) => {
  const ground = await findRenewed(context, license, { hold: true });
  const { customer } = ground;
  const changes = planSuspension(ground, { all, suspended });
  applyChanges(changes, ledgerWriter(context, { partnerId: customer.partnerId, customerId: customer.id }));
  return showChanges(ground, changes, context.actor);
};

/** Suspends a licence, or all of its assignment. Its term runs on, it renews, and what is used is charged. */
export const suspendLicense = defineUseCase({
  kind: 'command',
  name: 'license suspend',
  needs: 'license',
  input: oneOrAllInput,
  result: licenseChangeResult,
  run: (context, input) => turn(context, input, true),
});

/** Ends the suspension of a licence, or of all of its assignment. That of its customer is another thing. */
export const resumeLicense = defineUseCase({
  kind: 'command',
  name: 'license resume',
  needs: 'license',
  input: oneOrAllInput,
  result: licenseChangeResult,
  run: (context, input) => turn(context, input, false),
});
