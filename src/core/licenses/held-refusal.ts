import type { PersonActor } from '../caller.ts';
import { crossgradeInput, findCrossgrade } from '../crossgrades/crossgrade-ground.ts';
import { invalid, Refusal, rule } from '../errors.ts';
import type { Context } from '../use-case.ts';
import type { Assigning } from './assign-ground.ts';
import type { AssignGround } from './reads.ts';

/** Why no crossgrade can ever bring the plan, by what its own rules say; anything else may still change. */
const whyNot: Readonly<Record<string, string>> = {
  'crossgrade.same_plan': 'no',
  'crossgrade.trial_over_full': 'trial',
  'crossgrade.data_centre': 'data_centre',
  'crossgrade.unit_type': 'unit_type',
};

/** `yes`: a crossgrade could bring what open licences stand in the way of; else why none can. */
const crossgradeTo = async (context: Context<PersonActor>, { customer, plan, units }: Assigning): Promise<string> => {
  try {
    const asked = crossgradeInput.parse({ customer: customer.id, plan: plan.id, units });
    await findCrossgrade(context, asked, { hold: false });
    return 'yes';
  } catch (error) {
    if (error instanceof Refusal) return whyNot[error.code] ?? 'yes';
    throw error;
  }
};

const namesOf = (held: AssignGround['held']): string => held.map(({ productName }) => productName).join(', ');

/**
 * Why the licences cannot be issued beside those that the customer or the partner has, or null. `keeps` says that a
 * crossgrade could bring them: what was asked for is worth keeping.
 */
export const heldRefusal = async (context: Context<PersonActor>, assigning: Assigning): Promise<Refusal | null> => {
  const { plan, customer, ground, startsOn } = assigning;
  if (plan.nfr) {
    if (ground.nfrProduct === null) return null;
    return rule('license.nfr_exists', { field: 'plan', params: { product: ground.nfrProduct } });
  }
  const open = ground.held.filter((held) => held.open);
  if (open.length > 0) {
    const crossgrade = await crossgradeTo(context, assigning);
    return rule('license.duplicate', {
      field: 'plan',
      keeps: crossgrade === 'yes',
      params: { customer: customer.company, plan: plan.name, products: namesOf(open), crossgrade },
    });
  }
  if (ground.held.length > 0)
    return invalid('license.start_overlaps', 'startsOn', {
      products: namesOf(ground.held),
      startsOn: startsOn.toString(),
    });
  return null;
};
