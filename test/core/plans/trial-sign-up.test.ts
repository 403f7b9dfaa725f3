import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addCustomer } from '../../../src/core/customers/add-customer.ts';
import { Customer } from '../../../src/core/customers/customer.ts';
import { CustomerTransaction } from '../../../src/core/licenses/customer-transaction.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { createPlan } from '../../../src/core/plans/create-plan.ts';
import { ServicePlan } from '../../../src/core/plans/service-plan.ts';
import { checkSignUp, showTrialOffer, signUpForTrial, suggestAccount } from '../../../src/core/plans/trial-sign-up.ts';
import { customerNamed, planNamed, stockCatalog } from '../../support/licensing.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

let world: World;
let planId: string;
beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
});
afterAll(() => world.close());
beforeEach(async () => {
  world.jobs.length = 0;
  planId = await planOf({});
});

let plans = 0;
const planOf = async (over: object): Promise<string> =>
  (
    await world.execute(
      createPlan,
      await world.as('leo@brightside.example'),
      planNamed(`Trial ${++plans}`, 'EMS-STD', { version: 'trial', trialForm: true, defaultUnits: 10, ...over }),
    )
  ).planId;

let forms = 0;
const told = (account: string, over: object = {}) => {
  const { accountMail: _none, ...fields } = customerNamed(`${account}-${plans}`, over);
  return fields;
};
const signUp = (
  account: string,
  over: object = {},
  form = `form-${++forms}`,
  partnerId: string = partnerIds.brightside,
) =>
  world.execute(
    signUpForTrial,
    { actor: { type: 'system', name: 'trial form', partnerId }, requestId: form },
    { planId, ...told(account, over) },
  );
const traces = async () => ({
  customers: (await world.all(Customer, { account: { $like: `%-${plans}` } })).length,
  licenses: (await world.all(License, { planId })).length,
  rows: (await world.all(CustomerTransaction, { planAfterId: planId })).length,
});

describe('a sign-up', () => {
  test('two of one form, two of one address, at once: one', async () => {
    const answers = await Promise.all([
      signUp('one', { email: 'ada@one.example' }, 'same'),
      signUp('one', { email: 'ada@one.example' }, 'same'),
      signUp('two', { email: 'ADA@one.example' }, 'other'),
    ]);
    expect(answers.filter(({ signUpId }) => signUpId !== null)).toHaveLength(1);
    expect(await traces()).toEqual({ customers: 1, licenses: 1, rows: 1 });
  });

  test('an account that is taken: nothing is left behind, and the same form may try again', async () => {
    await world.execute(addCustomer, await world.as('yuki@sakura.example'), customerNamed(`Taken-${plans}`));
    const before = await traces();
    world.jobs.length = 0;
    await expect(signUp('taken', {}, 'again')).rejects.toMatchObject({
      code: 'customer.account_taken',
      field: 'account',
    });
    expect(await traces()).toEqual(before);
    expect(world.jobs).toEqual([]);
    expect((await signUp('free', {}, 'again')).signUpId).not.toBe(null);
  });

  test('with an account of somebody else’s, a known address is answered like an unknown one; with its own, as before', async () => {
    await world.execute(addCustomer, await world.as('yuki@sakura.example'), customerNamed(`theirs-${plans}`));
    await signUp('mine', { email: 'ada@known.example' });
    const check = (account: string, email: string) =>
      world.execute(checkSignUp, world.system, { planId, account: `${account}-${plans}`, email });
    for (const [account, email] of [
      ['theirs', 'ada@known.example'],
      ['theirs', 'ada@unknown.example'],
      ['mine', 'ada@unknown.example'],
    ] as const)
      await expect(check(account, email)).rejects.toMatchObject({ code: 'customer.account_taken', field: 'account' });
    for (const [account, email] of [
      ['MINE', 'ADA@known.example'],
      ['new', 'ada@known.example'],
      ['new', 'ada@unknown.example'],
    ] as const)
      expect(await check(account, email)).toEqual({});
    expect(await signUp('MINE', { email: 'ada@known.example' })).toEqual({ signUpId: null, customerId: null });
    expect(await traces()).toMatchObject({ licenses: 1 });
  });

  test('a suite gives a licence of each of its products', async () => {
    planId = await planOf({ product: 'WFS-ADV' });
    await signUp('suite');
    expect(await traces()).toEqual({ customers: 1, licenses: 3, rows: 3 });
  });

  test('does not reach another partner’s plan', async () => {
    await expect(signUp('wall', {}, undefined, partnerIds.sakura)).rejects.toMatchObject({ code: 'not_found' });
    expect((await traces()).customers).toBe(0);
  });

  test('is nothing that a person may do', async () => {
    await expect(
      world.execute(signUpForTrial, await world.as('leo@brightside.example'), { planId, ...told('person') }),
    ).rejects.toMatchObject({ code: 'not_allowed' });
  });

  test.for([
    ['the switch is off', { trialForm: false }],
    ['the plan is disabled', { enabled: false }],
    ['a suite change waits', { locked: true }],
    ['it is no trial', { version: 'full' }],
  ] as const)('%s: closed', async ([, state]) => {
    const [[column, value]] = Object.entries(state) as [[string, unknown]];
    const name = column.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    await world.sql(`update service_plan set ${name} = ? where id = ?`, [value, planId]);
    expect(await world.stored(ServicePlan, planId)).toMatchObject(state);
    expect(await world.execute(showTrialOffer, world.system, { planId })).toEqual({ offer: null });
    await expect(signUp('closed')).rejects.toMatchObject({ code: 'trial.closed' });
    expect((await traces()).customers).toBe(0);
  });

  test('the product is past its end of sale: closed', async () => {
    await world.sql(`update product set end_of_sale_on = '2026-03-05' where sku = 'EMS-STD'`);
    try {
      await expect(signUp('late')).rejects.toMatchObject({ code: 'trial.closed' });
    } finally {
      await world.sql(`update product set end_of_sale_on = null where sku = 'EMS-STD'`);
    }
  });
});

test.for([
  ['Müller & Söhne GmbH', 'muller-sohne-gmbh'],
  ['  ---  ', ''],
  ['日本', ''],
  ['x'.repeat(200), 'x'.repeat(58)],
] as const)('%s is suggested as %s', async ([company, account]) => {
  expect(await world.execute(suggestAccount, world.system, { planId, company: company.slice(0, 120) })).toEqual({
    account,
  });
});
