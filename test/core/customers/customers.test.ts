import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { announceDueAccounts } from '../../../src/core/customers/account-mail.ts';
import { addCustomer } from '../../../src/core/customers/add-customer.ts';
import { checkCustomer } from '../../../src/core/customers/check-customer.ts';
import { Customer } from '../../../src/core/customers/customer.ts';
import { listCustomers } from '../../../src/core/customers/list-customers.ts';
import { showCustomer } from '../../../src/core/customers/show-customer.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.setNow('2026-03-05T09:00:00Z');
  world.jobs.length = 0;
  await world.sql('delete from customer');
});

const alder = {
  account: 'alder',
  company: 'Alder Logistik',
  city: 'Berlin',
  state: 'Berlin',
  firstName: 'Anna',
  lastName: 'Vogel',
  email: 'anna@alder.example',
};

const add = async (over: object = {}, as = 'leo@brightside.example') =>
  world.execute(addCustomer, await world.as(as), { ...alder, ...over });

describe('adding a customer', () => {
  test('stores what was told, trimmed, with codes for places, and announces the account once', async () => {
    const { customerId, account } = await add({
      company: '  Alder Logistik ',
      country: 'germany',
      language: 'pt-br',
      phone: '',
      emergencyEmail: '',
    });
    expect(account).toBe('alder');
    expect(await world.stored(Customer, customerId)).toMatchObject({
      partnerId: partnerIds.brightside,
      tierOneId: partnerIds.northwind,
      company: 'Alder Logistik',
      country: 'DE',
      language: 'pt-BR',
      phone: null,
      emergencyEmail: null,
      status: 'enabled',
    });
    expect(world.jobs.map(({ name, data }) => ({ name, data }))).toEqual([
      { name: 'notify', data: { topic: 'customer.account_created', data: { customerId } } },
    ]);
  });

  test.for([
    ['an account of two letters', { account: 'ab' }, 'input.too_short', 'account'],
    ['an account of 65 letters', { account: 'a'.repeat(65) }, 'input.too_long', 'account'],
    ['an account with a space', { account: 'al der' }, 'customer.account_form', 'account'],
    ['an account with an umlaut', { account: 'älder' }, 'customer.account_form', 'account'],
    ['a company of blanks', { company: '   ' }, 'input.required', 'company'],
    ['a company that is missing', { company: undefined }, 'input.required', 'company'],
    ['a company with a NUL', { company: 'Al\u0000der' }, 'input.unprintable', 'company'],
    ['a city that is no text', { city: 7 }, 'input.wrong_type', 'city'],
    ['no contact', { lastName: '' }, 'input.required', 'lastName'],
    ['no e-mail address', { email: 'anna' }, 'input.not_email', 'email'],
    ['an e-mail address with two @', { email: 'anna@@alder.example' }, 'input.not_email', 'email'],
    ['a false emergency address', { emergencyEmail: 'nobody' }, 'input.not_email', 'emergencyEmail'],
    ['an unknown country', { country: 'Atlantis' }, 'customer.country_unknown', 'country'],
    ['an unknown language', { language: 'xx' }, 'customer.language_unknown', 'language'],
    ['a mail on 30 February', { accountMail: '2026-02-30' }, 'customer.account_mail_form', 'accountMail'],
    ['a mail yesterday', { accountMail: '2026-03-04' }, 'customer.account_mail_past', 'accountMail'],
    ['a field that does not exist', { acount: 'alder' }, 'input.unknown_field', 'acount'],
  ] as const)('refuses %s and leaves nothing behind', async ([, over, code, field]) => {
    await expect(add(over)).rejects.toMatchObject({ code, field });
    expect(await world.all(Customer)).toEqual([]);
    expect(world.jobs).toEqual([]);
  });

  test('today is a day of the partner: in Tokyo it is tomorrow already', async () => {
    world.setNow('2026-03-05T20:00:00Z');
    await expect(add({ accountMail: '2026-03-05' }, 'yuki@sakura.example')).rejects.toMatchObject({
      code: 'customer.account_mail_past',
      params: { today: '2026-03-06' },
    });
    await add({ accountMail: '2026-03-06' }, 'yuki@sakura.example');
    expect(world.jobs).toHaveLength(1);
  });

  test('a mail on a day waits for that day, and never means never', async () => {
    const later = await add({ accountMail: '2026-03-07' });
    await add({ account: 'silent', accountMail: 'never' });
    expect(world.jobs).toEqual([]);

    world.setNow('2026-03-06T22:59:00Z');
    expect(await world.execute(announceDueAccounts, world.system, {})).toEqual({ announced: 0 });
    // Midnight in Berlin.
    world.setNow('2026-03-06T23:00:00Z');
    expect(await world.execute(announceDueAccounts, world.system, {})).toEqual({ announced: 1 });
    expect(world.jobs[0]?.data).toMatchObject({ data: { customerId: later.customerId } });
  });

  test.for([
    ['the same partner', 'lise@brightside.example', 'ALDER', 'customer.account_taken'],
    ['another partner of the same Tier 1', 'yuki@sakura.example', 'Alder', 'customer.account_taken'],
    ['the Tier 1 itself', 'ada@northwind.example', 'alder', 'customer.account_taken'],
  ] as const)('an account name is not available to %s, whatever its case', async ([, as, account, code]) => {
    await add();
    await expect(add({ account }, as)).rejects.toMatchObject({ code, field: 'account' });
    expect(await world.all(Customer)).toHaveLength(1);
  });

  test('under another Tier 1 the same account name is free', async () => {
    await add();
    await add({}, 'olga@fjord.example');
    expect(await world.all(Customer)).toHaveLength(2);
  });

  test.runIf(isPostgres)('of ten who want the same account name at once one gets it', async () => {
    const settled = await Promise.allSettled(Array.from({ length: 10 }, () => add()));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of settled) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'customer.account_taken' });
    }
    expect(await world.all(Customer)).toHaveLength(1);
  });

  test.for(['bob@brightside.example', 'vera@brightside.example', 'mia@northwind.example'])(
    '%s lacks the right',
    async (as) => {
      await expect(add({}, as)).rejects.toMatchObject({ code: 'not_allowed' });
    },
  );

  test('the first half can be looked at before the second is asked for', async () => {
    const leo = () => world.as('leo@brightside.example');
    await expect(world.execute(checkCustomer, await leo(), alder)).resolves.toEqual({});
    await add();
    await expect(world.execute(checkCustomer, await leo(), alder)).rejects.toMatchObject({
      code: 'customer.account_taken',
    });
  });
});

describe('finding customers', () => {
  beforeEach(async () => {
    await add({ account: 'birke-1', company: 'Birke', city: 'Rostock', accountMail: 'never' });
    await add({ account: 'birke-2', company: 'birke', city: 'Leipzig', accountMail: 'never' });
    await add({ account: 'hundred', company: '100% Cloud', accountMail: 'never' });
    await add({ account: 'sakura-1', accountMail: 'never' }, 'yuki@sakura.example');
  });
  const list = async (input: object, as = 'leo@brightside.example') =>
    world.execute(listCustomers, await world.as(as), input);

  test('lists the own by company, then city', async () => {
    const { items, total, page, pages } = await list({});
    expect(items.map(({ account }) => account)).toEqual(['hundred', 'birke-2', 'birke-1']);
    expect({ total, page, pages }).toEqual({ total: 3, page: 1, pages: 1 });
  });

  test.for([
    ['rost', ['birke-1']],
    ['BIRKE-2', ['birke-2']],
    ['%', ['hundred']],
    ['_', []],
    ["'; drop table customer; --", []],
  ] as const)('searches %s as letters', async ([search, accounts]) => {
    expect((await list({ search })).items.map(({ account }) => account)).toEqual(accounts);
  });

  test('a whole account name comes first', async () => {
    await add({ account: 'birke', company: 'Zander', accountMail: 'never' });
    expect((await list({ search: 'Birke' })).items[0]?.account).toBe('birke');
  });

  test('what another partner has is not found, in the words of what was never there', async () => {
    const leo = await world.as('leo@brightside.example');
    const elsewhere = await world.execute(showCustomer, leo, { customer: 'sakura-1' }).catch((error: unknown) => error);
    const invented = await world.execute(showCustomer, leo, { customer: 'invented' }).catch((error: unknown) => error);
    expect(elsewhere).toMatchObject({ code: 'not_found', field: 'customer', params: { what: 'customer' } });
    expect(elsewhere).toEqual(invented);
    const [{ id }] = (await world.all(Customer, { account: 'sakura-1' })) as [Customer];
    await expect(world.execute(showCustomer, leo, { customer: id })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('shows one by account name in any case', async () => {
    const shown = await world.execute(showCustomer, await world.as('vera@brightside.example'), { customer: 'BIRKE-1' });
    expect(shown).toMatchObject({ account: 'birke-1', accountMailOn: null, assignments: [], licenses: [] });
  });

  test('pages count from 1, and one past the end is empty', async () => {
    await world.sql(
      `insert into customer select gen_random_uuid(), partner_id, tier_one_id, 'copy-' || n, company, city, state,
         first_name, last_name, email, null, null, null, null, null, null, null, status, created_at
         from customer, generate_series(1, 20) n where account = 'birke-1'`,
    );
    expect(await list({ page: '3' })).toMatchObject({ total: 23, page: 3, pages: 3, items: { length: 3 } });
    expect(await list({ page: 4 })).toMatchObject({ items: [] });
    await expect(list({ page: 0 })).rejects.toMatchObject({ code: 'input.too_small', field: 'page' });
  });
});
