import type { PersonActor } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { Context } from '../use-case.ts';
import { requireChangeable } from './change-seats.ts';
import { requireConvertibleNow } from './convert-license.ts';
import type { LicenseGround } from './license-ground.ts';
import { planRemoval } from './remove-license.ts';
import { planRenewal } from './renew-license.ts';
import { planSuspension } from './suspend-license.ts';

/** What a person can do with a licence. */
export const licenseVerbs = ['seats', 'convert', 'renew', 'suspend', 'resume', 'remove'] as const;
export type LicenseVerb = (typeof licenseVerbs)[number];

/** Those that act on all licences of an assignment together. */
export const togetherVerbs: readonly LicenseVerb[] = ['seats', 'convert', 'renew'];

const attempts: Readonly<Record<LicenseVerb, (context: Context<PersonActor>, ground: LicenseGround) => unknown>> = {
  seats: (_context, ground) => requireChangeable(ground),
  convert: requireConvertibleNow,
  renew: planRenewal,
  suspend: (_context, ground) => planSuspension(ground, { all: false, suspended: true }),
  resume: (_context, ground) => planSuspension(ground, { all: false, suspended: false }),
  remove: (_context, ground) => planRemoval(ground, { all: false }),
};

/** Why the licence's state does not allow it, or null. Buttons ask what the deed itself would say. */
export const whyNot = async (
  context: Context<PersonActor>,
  ground: LicenseGround,
  verb: LicenseVerb,
): Promise<Refusal | null> => {
  try {
    await attempts[verb](context, ground);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
};

/** What the licence's state allows. */
export const possibleVerbs = async (context: Context<PersonActor>, ground: LicenseGround): Promise<LicenseVerb[]> => {
  const possible: LicenseVerb[] = [];
  for (const verb of licenseVerbs) if ((await whyNot(context, ground, verb)) === null) possible.push(verb);
  return possible;
};
