import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import { unitTypes } from '../catalog/product.ts';
import type { PersonActor } from '../caller.ts';
import { announceAccount } from '../customers/account-mail.ts';
import { customerFields, storedFields } from '../customers/customer-fields.ts';
import { Customer } from '../customers/customer.ts';
import { suggestedAccount } from '../customers/suggest-account.ts';
import type { Data } from '../data.ts';
import { rule } from '../errors.ts';
import { tellAdded } from '../licenses/added-mail.ts';
import { issue } from '../licenses/assign.ts';
import { issuedLicenses } from '../licenses/license-terms.ts';
import { Partner } from '../people/partner.ts';
import type { Reads } from '../reads.ts';
import { sameName } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { offerOf } from './offer.ts';
import type { Offer } from './plan-fields.ts';
import { planStatus } from './plan-status.ts';
import { PlanAssignment } from './plan-assignment.ts';
import { ServicePlan } from './service-plan.ts';

/** Days in which the same address gets a plan's trial once. */
const onceInDays = 30;

/** That somebody signed up by a plan's page: so that the same form, and the same address, does so once. */
export class TrialSignUp {
  id!: string;
  partnerId!: string;
  planId!: string;
  customerId!: string;
  assignmentId!: string;
  /** In lower case. */
  email!: string;
  /** The form that was sent. */
  requestId!: string;
  createdAt!: Temporal.Instant;

  constructor(init: Data<TrialSignUp>) {
    Object.assign(this, init);
  }
}

/** Whether a plan's page takes sign-ups: a trial with its switch on that could be assigned today. */
export const takesSignUps = (
  plan: Pick<ServicePlan, 'version' | 'trialForm' | 'enabled' | 'locked'>,
  product: Offer['product'],
  today: Temporal.PlainDate,
): boolean => plan.version === 'trial' && plan.trialForm && planStatus(plan, product, today) === 'enabled';

/** What one tells of oneself to get a trial. */
export const signUpFields = {
  company: customerFields.company,
  city: customerFields.city,
  state: customerFields.state,
  country: customerFields.country,
  account: customerFields.account,
  firstName: customerFields.firstName,
  lastName: customerFields.lastName,
  email: customerFields.email,
  language: customerFields.language,
};

const offer = z.object({
  partnerId: z.string(),
  partner: z.string(),
  product: z.string(),
  units: z.int(),
  unitType: z.enum(unitTypes),
  /** Exactly one of both. */
  days: z.int().nullable(),
  months: z.int().nullable(),
});
export type TrialOffer = z.output<typeof offer>;

/** What a plan's page offers; null: it takes no sign-ups (any more), or there is no such plan. */
export const showTrialOffer = defineUseCase({
  kind: 'query',
  name: 'trial offer',
  needs: 'system',
  input: z.strictObject({ planId: z.string() }),
  result: z.object({ offer: offer.nullable() }),

  async run({ uow, reads, now }, { planId }) {
    const plan = await uow.get(ServicePlan, planId);
    const partner = await uow.get(Partner, plan.partnerId);
    const { product } = await offerOf(reads, plan.productId);
    if (!takesSignUps(plan, product, dayAt(now, partner.timeZone))) return { offer: null };
    return {
      offer: {
        partnerId: partner.id,
        partner: partner.company,
        product: product.name,
        units: plan.defaultUnits,
        unitType: plan.unitType,
        days: plan.settings.initialDays,
        months: plan.settings.initialMonths,
      },
    };
  },
});

const numbered = (account: string): string[] => [
  account,
  ...Array.from({ length: 20 }, (_, index) => `${account}-${index + 2}`),
];

const freeAccount = async (reads: Reads, tierOneId: string, company: string): Promise<string> => {
  const account = suggestedAccount(company);
  if (account === '') return '';
  const names = numbered(account);
  const taken = await reads.customers.accountsTaken(tierOneId, names);
  return names.find((name) => !taken.has(name)) ?? '';
};

/** An account name that is free, made of a company's; empty where none could be made. */
export const suggestAccount = defineUseCase({
  kind: 'query',
  name: 'trial account',
  needs: 'system',
  input: z.strictObject({ planId: z.string(), company: z.string().max(120) }),
  result: z.object({ account: z.string() }),

  async run({ uow, reads }, { planId, company }) {
    const plan = await uow.get(ServicePlan, planId);
    const partner = await uow.get(Partner, plan.partnerId);
    return { account: await freeAccount(reads, partner.parentId ?? partner.id, company) };
  },
});

const signedUpSince = (now: Temporal.Instant): Temporal.Instant => now.subtract({ hours: onceInDays * 24 });

/**
 * Judged for a known address as for any other, save that its own account is not in its way: who tries addresses out
 * must not learn which of them are known here. @throws Refusal `customer.account_taken`
 */
const requireFree = async (
  { customers }: Reads,
  tierOneId: string,
  account: string,
  madeBefore: string | null,
): Promise<void> => {
  if (madeBefore !== null && sameName(madeBefore, account)) return;
  if (await customers.accountTaken(tierOneId, account)) throw rule('customer.account_taken', { field: 'account' });
};

/**
 * Whether an account name can be had, asked before a sign-up by one who sees those of all partners.
 * @throws Refusal `customer.account_taken`
 */
export const checkSignUp = defineUseCase({
  kind: 'query',
  name: 'trial check',
  needs: 'system',
  input: z.strictObject({ planId: z.string(), account: signUpFields.account, email: signUpFields.email }),
  result: z.object({}),

  async run({ uow, reads, now, requestId }, { planId, account, email }) {
    const plan = await uow.get(ServicePlan, planId);
    const partner = await uow.get(Partner, plan.partnerId);
    const by = { email: email.toLowerCase(), since: signedUpSince(now), requestId };
    await requireFree(reads, partner.parentId ?? partner.id, account, await reads.plans.signedUp(planId, by));
    return {};
  },
});

/**
 * Somebody signs up on a plan's page: a customer and the trial, both or neither. The same form again, or the same
 * address for the same plan within thirty days, changes nothing and is answered like the first time.
 * @throws Refusal `trial.closed`, `customer.account_taken`
 */
export const signUpForTrial = defineUseCase({
  kind: 'command',
  name: 'trial sign-up',
  needs: 'system',
  input: z.strictObject({ planId: z.string(), ...signUpFields }),
  result: z.object({ signUpId: z.string().nullable(), customerId: z.string().nullable() }),

  async run(context, { planId, ...told }) {
    const { uow, reads, now, requestId } = context;
    // Held first: two forms at once look for each other one after the other.
    const plan = await uow.lock(ServicePlan, planId);
    const partner = await uow.get(Partner, plan.partnerId);
    const email = told.email.toLowerCase();
    const since = signedUpSince(now);
    const tierOneId = partner.parentId ?? partner.id;
    const madeBefore = await reads.plans.signedUp(planId, { email, since, requestId });
    await requireFree(reads, tierOneId, told.account, madeBefore);
    if (madeBefore !== null) return { signUpId: null, customerId: null };
    const today = dayAt(now, partner.timeZone);
    const given = await offerOf(reads, plan.productId);
    if (!takesSignUps(plan, given.product, today)) throw rule('trial.closed');
    const customer = new Customer({
      id: uow.newId(),
      partnerId: partner.id,
      tierOneId,
      ...storedFields(told),
      accountMailOn: today,
      status: 'enabled',
      createdAt: now,
    });
    uow.add(customer);
    await uow.flush();
    const assigned = { customer, plan, units: plan.defaultUnits, startsOn: today };
    const issued = issuedLicenses({
      plan,
      components: given.components,
      units: plan.defaultUnits,
      startsOn: today,
      breaks: [],
      currency: partner.currency,
    });
    const { assignment } = issue(context, assigned, issued);
    const signUp = new TrialSignUp({
      id: uow.newId(),
      partnerId: partner.id,
      planId,
      customerId: customer.id,
      assignmentId: assignment.id,
      email,
      requestId,
      createdAt: now,
    });
    uow.add(signUp);
    announceAccount(uow, customer.id);
    tellAdded(uow, assignment.id);
    uow.enqueue('notify', { topic: 'trial.signed_up', data: { signUpId: signUp.id } }, { key: `trial:${signUp.id}` });
    return { signUpId: signUp.id, customerId: customer.id };
  },
});

/** What the partner's people are told of a sign-up, and who they are. */
export const signUpContent = defineUseCase({
  kind: 'query',
  name: 'trial sign-up notice',
  needs: 'system',
  input: z.strictObject({ signUpId: z.string() }),
  result: z.object({
    customerId: z.string(),
    company: z.string(),
    account: z.string(),
    place: z.string(),
    contact: z.string(),
    email: z.string(),
    plan: z.string(),
    units: z.int(),
    unitType: z.enum(unitTypes),
    expiresOn: z.iso.date().nullable(),
    people: z.custom<readonly PersonActor[]>(),
  }),

  async run({ uow, reads }, { signUpId }) {
    const signUp = await uow.get(TrialSignUp, signUpId);
    const customer = await uow.get(Customer, signUp.customerId);
    const plan = await uow.get(ServicePlan, signUp.planId);
    const assignment = await uow.get(PlanAssignment, signUp.assignmentId);
    const [first] = await reads.licenses.ofAssignment(assignment.id);
    return {
      customerId: customer.id,
      company: customer.company,
      account: customer.account,
      place: [customer.city, customer.state].join(', '),
      contact: `${customer.firstName} ${customer.lastName}`,
      email: customer.email,
      plan: plan.name,
      units: assignment.units,
      unitType: plan.unitType,
      expiresOn: first?.expiresOn ?? null,
      people: await reads.people.licensersOf(signUp.partnerId),
    };
  },
});
