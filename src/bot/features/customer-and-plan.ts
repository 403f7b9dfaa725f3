import { showCustomer } from '../../core/customers/show-customer.ts';
import { showPlan } from '../../core/plans/show-plan.ts';
import type { Ask } from '../feature.ts';
import { fitted } from '../format.ts';
import { limits, type Args, type Field } from '../view.ts';

/** A customer and a plan for it: how both are named behind a command, and asked for in a form. */

/** `ACCOUNT [PLAN]`: the first word is the account name, which has no spaces; the rest is the plan's name. */
export const customerAndPlanIn = async (ask: Ask, rest: string): Promise<Args> => {
  const [account = '', ...words] = rest.split(/\s+/);
  if (!account) return {};
  const customer = await ask.execute(showCustomer, { customer: account });
  const name = words.join(' ');
  const plan = name ? await ask.execute(showPlan, { plan: name }) : null;
  return { customer: customer.account, ...(plan && { plan: plan.planId }) };
};

/** The two fields, filled in with what the context has. */
export const customerAndPlanFields = async (ask: Ask, context: Args, planLabel: string): Promise<Field[]> => {
  const customer = context.customer ? await ask.execute(showCustomer, { customer: context.customer }) : null;
  const plan = context.plan ? await ask.execute(showPlan, { plan: context.plan }) : null;
  return [
    {
      kind: 'lookup',
      name: 'customer',
      label: 'Customer',
      source: 'customer',
      ...(customer && { value: { value: customer.account, label: fitted(customer.company, limits.optionLabel) } }),
    },
    {
      kind: 'lookup',
      name: 'plan',
      label: planLabel,
      source: 'plan',
      ...(plan && { value: { value: plan.planId, label: fitted(plan.name, limits.optionLabel) } }),
    },
  ];
};
