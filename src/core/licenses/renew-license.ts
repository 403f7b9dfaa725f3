import { z } from 'zod';
import { isOnOrAfter } from '../calendar.ts';
import { tierOneOf, type PersonActor } from '../caller.ts';
import { rule } from '../errors.ts';
import { lineOf } from '../text.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { findRenewed } from './automatic-renewal.ts';
import { applyChanges, licenseChangeResult, showChanges, type LicenseChange } from './license-change.ts';
import {
  planStatusOf,
  productsHeldOtherwise,
  requireBundled,
  standingOf,
  statusOf,
  type HeldLicense,
  type LicenseGround,
} from './license-ground.ts';
import { isOpen, licenseStatus } from './license-status.ts';
import { isRenewedAhead, renewedFrom } from './renewal-terms.ts';
import { ledgerWriter } from './write-ledger.ts';

/** @throws Refusal where the licence is never renewed by hand, or not now. */
const requireRenewable = (ground: LicenseGround): void => {
  const { asked, customer, planProduct, today } = ground;
  const params = { product: asked.product.name, customer: customer.company };
  const refuse = (code: string) => rule(code, { field: 'license', params });
  if (asked.license.version === 'nfr') throw refuse('license.nfr_fixed');
  if (asked.license.version === 'trial') throw refuse('license.trial_never_renews');
  if (statusOf(ground, asked) === 'removed') throw refuse('license.removed');
  requireBundled(ground);
  const status = planStatusOf(ground);
  if (status === 'end_of_sale' || status === 'end_of_life') throw refuse('license.sale_ended');
  const { endOfLifeOn } = asked.product;
  if (endOfLifeOn && isOnOrAfter(startOf(asked, today), endOfLifeOn)) throw refuse('license.sale_ended');
  if (planProduct?.endOfLifeOn && isOnOrAfter(startOf(asked, today), planProduct.endOfLifeOn))
    throw refuse('license.sale_ended');
  if (customer.status === 'suspended') throw refuse('license.renew_suspended');
  const beneath = licenseStatus({ ...standingOf(ground, asked), suspended: false, customerSuspended: false }, today);
  if (beneath === 'scheduled') throw refuse('license.not_begun');
  if (isRenewedAhead(asked, today)) throw refuse('license.renewed_ahead');
};

/** The new term's first day: the old end, or today once the licence is expired. */
const startOf = ({ license }: HeldLicense, today: Temporal.PlainDate): Temporal.PlainDate =>
  isOpen(license, today) ? license.endsOn : today;

/** The licences that the renewal acts on: the asked one, and those of its assignment that stand as it does. */
const renewedWith = (
  { asked, together, today }: LicenseGround,
  others: ReadonlySet<string>,
): readonly HeldLicense[] => {
  const isExpired = !isOpen(asked.license, today);
  return together.filter(
    (held) =>
      held === asked ||
      (isOpen(held.license, today) !== isExpired &&
        !others.has(held.product.id) &&
        !isRenewedAhead(held, today) &&
        !(held.product.endOfLifeOn && isOnOrAfter(startOf(held, today), held.product.endOfLifeOn))),
  );
};

/**
 * A renewal by hand, for the assignment's renewal period (else its initial one): from the old end, at most one term
 * ahead; once expired, from today. In a suite all open licences of the assignment go together.
 * @throws Refusal blaming `license`.
 */
export const planRenewal = async (
  { reads, actor }: Context<PersonActor>,
  ground: LicenseGround,
): Promise<LicenseChange[]> => {
  requireRenewable(ground);
  const { assignment, planProduct, today } = ground;
  const { settings } = assignment!;
  const under = { settings, planProduct, tierOneId: tierOneOf(actor), currency: actor.currency, today };
  const changes: LicenseChange[] = [];
  for (const held of renewedWith(ground, await productsHeldOtherwise(reads, ground)))
    changes.push(await renewedFrom(reads, held, under, startOf(held, today)));
  return changes;
};

/** Id. */
const input = z.strictObject({ license: lineOf(64) });

/** What a renewal by hand would bring and cost, without doing it. */
export const previewRenewal = defineUseCase({
  kind: 'rehearsal',
  name: 'license renew preview',
  needs: 'license',
  input,
  result: licenseChangeResult,

  async run(context, { license }) {
    const ground = await findRenewed(context, license, { hold: false });
    return showChanges(ground, await planRenewal(context, ground), context.actor);
  },
});

/** Renews a licence by hand. */
export const renewLicense = defineUseCase({
  kind: 'command',
  name: 'license renew',
  needs: 'license',
  input,
  result: licenseChangeResult,

  async run(context, { license }) {
    const ground = await findRenewed(context, license, { hold: true });
    const { customer, assignment, asked } = ground;
    const changes = await planRenewal(context, ground);
    applyChanges(changes, ledgerWriter(context, { partnerId: customer.partnerId, customerId: customer.id }));
    if (assignment) assignment.units = asked.license.units;
    return showChanges(ground, changes, context.actor);
  },
});
