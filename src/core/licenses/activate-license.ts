import { z } from 'zod';
import { rule, type Refusal } from '../errors.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { findRenewed } from './automatic-renewal.ts';
import { showHeld } from './license-change.ts';
import { overRefusal, statusOf, type LicenseGround } from './license-ground.ts';
import { licenseResult } from './license-result.ts';

/** Why no first sign-in can have happened now, or null: the licence waits for it. */
const activationRefusal = (ground: LicenseGround): Refusal | null => {
  const { license, product } = ground.asked;
  const params = { product: product.name };
  if (license.removedOn !== null) return overRefusal(ground, ground.asked);
  if (license.activatedAt) return rule('license.already_activated', { field: 'license', params });
  const status = statusOf(ground, ground.asked);
  if (status === 'pending_activation') return null;
  return (
    overRefusal(ground, ground.asked) ??
    rule('license.not_pending', { field: 'license', params: { ...params, status } })
  );
};

/**
 * Tells that somebody signed in for the first time to a service whose plan activates on first sign-in: its licence no
 * longer waits. Dates and units stay, so the ledger has no row for it.
 */
export const activateLicense = defineUseCase({
  kind: 'command',
  name: 'license activate',
  needs: 'license',
  input: z.strictObject({
    /** Id. */
    license: lineOf(64),
  }),
  result: z.object({ license: licenseResult }),

  async run(context, input) {
    const ground = await findRenewed(context, input.license, { hold: true });
    const refusal = activationRefusal(ground);
    if (refusal) throw refusal;
    ground.asked.license.activatedAt = context.now;
    return { license: showHeld(ground, ground.asked) };
  },
});
