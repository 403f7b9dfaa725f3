import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accountMailContent, accountMailKey, announceDueAccounts } from '../../../src/core/customers/account-mail.ts';
import { CustomerEvent } from '../../../src/core/customers/customer-event.ts';
import { Customer } from '../../../src/core/customers/customer.ts';
import { editCustomer } from '../../../src/core/customers/edit-customer.ts';
import { showCustomer } from '../../../src/core/customers/show-customer.ts';
import { resumeCustomer, suspendCustomer } from '../../../src/core/customers/suspend-customer.ts';
import { commitCrossgrade, previewCrossgrade } from '../../../src/core/crossgrades/commit-crossgrade.ts';
import { assign } from '../../../src/core/licenses/assign.ts';
import { CustomerTransaction } from '../../../src/core/licenses/customer-transaction.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { Mail } from '../../../src/core/messages/mail.ts';
import { Partner } from '../../../src/core/people/partner.ts';
import { customerNamed, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
let accounts = 0;

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
  await as.plan('Endpoint', 'WFS');
  await as.plan('Suite', 'WFS-ADV');
});
afterAll(() => world.close());
beforeEach(() => {
  world.setNow('2026-03-05T09:00:00Z');
  world.jobs.length = 0;
});

/** A customer of Brightside that no other test knows. */
const added = async (over: object = {}): Promise<{ account: string; customerId: string }> => {
  const account = `acc-${++accounts}`;
  const customerId = await as.customer(account, over);
  world.jobs.length = 0;
  return { account, customerId };
};
const edit = (input: object) => as.run(editCustomer, input);
const rowOf = ({ customerId }: { customerId: string }) => world.stored(Customer, customerId);
const mailed = (customerId: string) =>
  world.given(
    new Mail({
      id: randomUUID(),
      partnerId: partnerIds.brightside,
      noticeKey: accountMailKey(customerId),
      to: 'somebody@old.example',
      subject: 'Your account',
      html: '',
      text: '',
      state: 'sent',
      createdAt: world.clock.now(),
    }),
  );

describe('editing a customer', () => {
  test('changes what is given and nothing else, and tells before and after', async () => {
    const customer = await added({ phone: '030 1', country: 'DE', language: 'de' });
    const before = await rowOf(customer);
    const edited = await edit({ customer: customer.account.toUpperCase(), city: ' Potsdam ', country: 'france' });
    expect(edited).toMatchObject({
      ...customer,
      before: { city: 'Berlin', country: 'DE', phone: '030 1' },
      after: { city: 'Potsdam', country: 'FR', phone: '030 1' },
    });
    expect(await rowOf(customer)).toEqual({ ...before, city: 'Potsdam', country: 'FR' });
    expect(world.jobs).toEqual([]);
  });

  test('changes every field', async () => {
    const customer = await added();
    const given = {
      account: 'all.new_name-1',
      company: 'New',
      city: 'Oslo',
      state: 'Oslo',
      firstName: 'Nora',
      lastName: 'Berg',
      email: 'nora@new.example',
      emergencyEmail: 'help@new.example',
      phone: '1',
      address: 'Gata 2',
      postalCode: '0150',
    };
    await edit({ customer: customer.customerId, ...given, country: 'NO', language: 'NB' });
    expect(await rowOf(customer)).toMatchObject({ ...given, country: 'NO', language: 'nb' });
  });

  test('empties what may be empty, by an empty text as by null', async () => {
    const full = {
      emergencyEmail: 'help@x.example',
      phone: '1',
      address: 'Street 1',
      postalCode: '10115',
      country: 'DE',
      language: 'de',
    };
    const gone = Object.fromEntries(Object.keys(full).map((name) => [name, null]));
    for (const nothing of ['', null]) {
      const customer = await added(full);
      const emptied = Object.fromEntries(Object.keys(full).map((name) => [name, nothing]));
      await edit({ customer: customer.account, ...emptied });
      expect(await rowOf(customer)).toMatchObject(gone);
    }
  });

  test('with nothing but its name changes nothing', async () => {
    const customer = await added({ phone: '7' });
    const before = await rowOf(customer);
    const edited = await edit({ customer: customer.account });
    expect(edited.after).toEqual(edited.before);
    expect(await rowOf(customer)).toEqual(before);
  });

  test('without "customer" the account names it, and stays as it is written', async () => {
    const customer = await added();
    await edit({ account: customer.account.toUpperCase(), city: 'Bonn' });
    expect(await rowOf(customer)).toMatchObject({ account: customer.account, city: 'Bonn' });
    await expect(edit({ city: 'Bonn' })).rejects.toMatchObject({ code: 'input.required', field: 'customer' });
    await expect(edit({ account: 'nobody', city: 'Bonn' })).rejects.toMatchObject({
      code: 'not_found',
      field: 'account',
    });
  });

  test('renames an account where the name is free, also to other letters of the same name', async () => {
    const customer = await added();
    expect(await edit({ customer: customer.account, account: 'renamed-1' })).toMatchObject({ account: 'renamed-1' });
    await edit({ customer: 'renamed-1', account: 'Renamed-1' });
    expect(await as.run(showCustomer, { customer: 'renamed-1' })).toMatchObject({ account: 'Renamed-1' });
    await expect(as.run(showCustomer, { customer: customer.account })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a name that somebody holds below the same Tier 1 is not available, whoever holds it', async () => {
    const customer = await added();
    const other = await added();
    await scriptOf(world, 'yuki@sakura.example').customer('sakura-held');
    await scriptOf(world, 'olga@fjord.example').customer('fjord-held');
    for (const account of [other.account.toUpperCase(), 'Sakura-Held'])
      await expect(edit({ customer: customer.account, account, city: 'Nowhere' })).rejects.toMatchObject({
        code: 'customer.account_taken',
        field: 'account',
      });
    expect(await rowOf(customer)).toMatchObject({ account: customer.account, city: 'Berlin' });
    await edit({ customer: customer.account, account: 'fjord-held' });
  });

  test.for([
    [{ account: 'ab' }, 'input.too_short', 'account'],
    [{ account: 'al der' }, 'customer.account_form', 'account'],
    [{ company: '' }, 'input.required', 'company'],
    [{ city: null }, 'input.wrong_type', 'city'],
    [{ lastName: '  ' }, 'input.required', 'lastName'],
    [{ email: 'anna' }, 'input.not_email', 'email'],
    [{ emergencyEmail: 'nobody' }, 'input.not_email', 'emergencyEmail'],
    [{ country: 'Atlantis' }, 'customer.country_unknown', 'country'],
    [{ language: 'xx' }, 'customer.language_unknown', 'language'],
    [{ accountMail: 'soon' }, 'customer.account_mail_form', 'accountMail'],
    [{ accountMail: '2026-03-04' }, 'customer.account_mail_past', 'accountMail'],
    [{ status: 'suspended' }, 'input.unknown_field', 'status'],
  ] as const)('refuses %o and leaves nothing behind', async ([over, code, field]) => {
    const customer = await added();
    const before = await rowOf(customer);
    await expect(edit({ customer: customer.account, phone: '1', ...over })).rejects.toMatchObject({ code, field });
    expect(await rowOf(customer)).toEqual(before);
    expect(world.jobs).toEqual([]);
  });

  test('who has no right is not allowed; a customer out of reach is not found', async () => {
    const customer = await added();
    const input = { customer: customer.account, city: 'Bonn' };
    for (const email of ['vera@brightside.example', 'bob@brightside.example'])
      for (const [useCase, given] of [
        [editCustomer, input],
        [suspendCustomer, { customer: customer.account }],
        [resumeCustomer, { customer: customer.account }],
      ] as const)
        await expect(scriptOf(world, email).run(useCase as never, given)).rejects.toMatchObject({
          code: 'not_allowed',
        });
    for (const email of ['yuki@sakura.example', 'ada@northwind.example', 'olga@fjord.example']) {
      await expect(scriptOf(world, email).run(editCustomer, input)).rejects.toMatchObject({ code: 'not_found' });
      await expect(scriptOf(world, email).run(suspendCustomer, { customer: customer.account })).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    expect(await rowOf(customer)).toMatchObject({ city: 'Berlin', status: 'enabled' });
  });

  test('a distributor reads the customers of a partner it manages, and changes none', async () => {
    const customer = await added();
    const manage = (on: boolean) =>
      world.sql('update partner set managed_by_distributor = ? where id = ?', [on, partnerIds.brightside]);
    await manage(true);
    const ada = scriptOf(world, 'ada@northwind.example');
    expect(await ada.run(showCustomer, { customer: customer.account })).toMatchObject({ city: 'Berlin' });
    for (const [useCase, given] of [
      [editCustomer, { customer: customer.account, city: 'Bonn' }],
      [suspendCustomer, { customer: customer.account }],
    ] as const)
      await expect(ada.run(useCase as never, given)).rejects.toMatchObject({ code: 'not_found', field: 'customer' });
    await manage(false);
    expect((await world.stored(Partner, partnerIds.brightside)).managedByDistributor).toBe(false);
  });
});

describe('the account-created mail', () => {
  test('is put off, called off and sent now, while it was not sent', async () => {
    const customer = await added({ accountMail: '2026-03-09' });
    await edit({ customer: customer.account, accountMail: '2026-03-12' });
    expect((await rowOf(customer)).accountMailOn?.toString()).toBe('2026-03-12');
    await edit({ customer: customer.account, accountMail: 'never' });
    expect((await rowOf(customer)).accountMailOn).toBeNull();
    expect(world.jobs).toEqual([]);
    await edit({ customer: customer.account, accountMail: 'now' });
    expect((await rowOf(customer)).accountMailOn?.toString()).toBe('2026-03-05');
    expect(world.jobs.map(({ name, data }) => ({ name, data }))).toEqual([
      { name: 'notify', data: { topic: 'customer.account_created', data: { customerId: customer.customerId } } },
    ]);
  });

  test('once sent keeps its day; the rest of the customer may still change, and so may the same day be told', async () => {
    const customer = await added({ accountMail: '2026-03-05' });
    await mailed(customer.customerId);
    for (const accountMail of ['never', '2026-03-06', '2026-04-01'])
      await expect(edit({ customer: customer.account, city: 'Bonn', accountMail })).rejects.toMatchObject({
        code: 'customer.account_mail_sent',
        field: 'accountMail',
      });
    expect(await as.run(showCustomer, { customer: customer.account })).toMatchObject({
      accountMailSent: true,
      city: 'Berlin',
    });
    await edit({ customer: customer.account, email: 'other@x.example', accountMail: '2026-03-05' });
    expect(world.jobs).toEqual([]);
    await world.execute(announceDueAccounts, world.system, {});
    expect(JSON.stringify(world.jobs)).not.toContain(customer.customerId);
  });

  test('a day that is past may be told again as it stands', async () => {
    const customer = await added({ accountMail: '2026-03-07' });
    world.setNow('2026-03-09T09:00:00Z');
    await edit({ customer: customer.account, city: 'Bonn', accountMail: '2026-03-07' });
    expect(await rowOf(customer)).toMatchObject({ city: 'Bonn' });
  });

  test('that was announced and then called off does not leave', async () => {
    const customer = await added({ accountMail: 'now' });
    const due = async () =>
      (await world.execute(accountMailContent, world.system, { customerId: customer.customerId })).due;
    expect(await due()).toBe(true);
    await edit({ customer: customer.account, accountMail: 'never' });
    expect(await due()).toBe(false);
    await edit({ customer: customer.account, accountMail: '2026-03-06' });
    expect(await due()).toBe(false);
    await edit({ customer: customer.account, accountMail: 'now' });
    expect(await due()).toBe(true);
    await mailed(customer.customerId);
    expect(await due()).toBe(false);
  });
});

describe('suspending a customer', () => {
  test('suspends all its licences at once, without a ledger row, and resuming brings them back', async () => {
    const customer = await added();
    await as.assign(customer.account, 'Suite');
    const ledger = (await world.all(CustomerTransaction)).length;
    const licenses = await world.all(License, { customerId: customer.customerId });

    const suspended = await as.run(suspendCustomer, { customer: customer.account });
    expect(suspended).toMatchObject({
      customerId: customer.customerId,
      account: customer.account,
      status: 'suspended',
    });
    expect(suspended.licenses.map(({ status }) => status)).toEqual(['suspended', 'suspended', 'suspended']);
    expect(suspended).toEqual(await as.run(showCustomer, { customer: customer.account }));

    world.setNow('2026-03-06T09:00:00Z');
    const resumed = await as.run(resumeCustomer, { customer: customer.customerId });
    expect(resumed).toMatchObject({ status: 'enabled' });
    expect(resumed.licenses.map(({ status }) => status)).toEqual(['active', 'active', 'active']);

    expect(await world.all(CustomerTransaction)).toHaveLength(ledger);
    expect(await world.all(License, { customerId: customer.customerId })).toEqual(licenses);
    const events = await world.all(CustomerEvent, { customerId: customer.customerId });
    expect(events.map(({ kind, at, partnerId }) => [kind, at.toString(), partnerId])).toEqual([
      ['suspended', '2026-03-05T09:00:00Z', partnerIds.brightside],
      ['resumed', '2026-03-06T09:00:00Z', partnerIds.brightside],
    ]);
  });

  test('is refused when it is suspended already, resuming when it is not, and no event is left', async () => {
    const customer = await added();
    await expect(as.run(resumeCustomer, { customer: customer.account })).rejects.toMatchObject({
      code: 'customer.not_suspended',
      field: 'customer',
    });
    expect(await world.all(CustomerEvent, { customerId: customer.customerId })).toEqual([]);
    await as.run(suspendCustomer, { customer: customer.account });
    await expect(as.run(suspendCustomer, { customer: customer.account })).rejects.toMatchObject({
      code: 'customer.already_suspended',
      field: 'customer',
    });
    expect(await world.all(CustomerEvent, { customerId: customer.customerId })).toHaveLength(1);
  });

  test('bars assignments and crossgrades until it is resumed; its own data may be edited', async () => {
    const customer = await added();
    await as.assign(customer.account, 'Endpoint');
    const { hash } = await as.run(previewCrossgrade, { customer: customer.account, plan: 'Suite' });
    await as.run(suspendCustomer, { customer: customer.account });
    const barred = { code: 'license.customer_suspended', field: 'customer' };
    await expect(as.assign(customer.account, 'Suite')).rejects.toMatchObject(barred);
    await expect(as.run(previewCrossgrade, { customer: customer.account, plan: 'Suite' })).rejects.toMatchObject(
      barred,
    );
    await expect(as.run(commitCrossgrade, { customer: customer.account, plan: 'Suite', hash })).rejects.toMatchObject({
      code: 'crossgrade.stale',
    });
    await edit({ customer: customer.account, city: 'Bonn' });
    await as.run(resumeCustomer, { customer: customer.account });
    await as.run(commitCrossgrade, { customer: customer.account, plan: 'Suite', hash });
  });

  test('the same delivery again gets the first answer and leaves one event', async () => {
    const customer = await added();
    const caller = await world.as('leo@brightside.example', 'suspend-once');
    const first = await world.execute(suspendCustomer, caller, { customer: customer.account });
    expect(await world.execute(suspendCustomer, caller, { customer: customer.account })).toEqual(first);
    expect(await world.all(CustomerEvent, { customerId: customer.customerId })).toHaveLength(1);
  });

  test('its events are kept for good, and for the partner alone', async () => {
    const customer = await added();
    await as.run(suspendCustomer, { customer: customer.account });
    const leo = (await world.as('leo@brightside.example')).actor as never;
    const yuki = (await world.as('yuki@sakura.example')).actor as never;
    const count = 'select count(*)::int as n from customer_event where customer_id = ?';
    expect(await world.sql(count, [customer.customerId], leo)).toEqual([{ n: 1 }]);
    expect(await world.sql(count, [customer.customerId], yuki)).toEqual([{ n: 0 }]);
    for (const statement of ['update customer_event set kind = kind', 'delete from customer_event'])
      await expect(world.sql(statement, [], leo)).rejects.toMatchObject({ code: '42501' });
  });
});

describe.runIf(isPostgres)('at the same time', () => {
  test('of eight who suspend one customer one does, and one event is left', async () => {
    const customer = await added();
    const settled = await Promise.allSettled(
      Array.from({ length: 8 }, () => as.run(suspendCustomer, { customer: customer.account })),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of settled)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'customer.already_suspended' });
    expect(await world.all(CustomerEvent, { customerId: customer.customerId })).toHaveLength(1);
  });

  test('nothing is assigned to a customer after it was suspended', async () => {
    for (let round = 0; round < 6; round++) {
      const customer = await added();
      const [suspended, given] = await Promise.allSettled([
        as.run(suspendCustomer, { customer: customer.account }),
        as.run(assign, { customer: customer.account, plan: 'Endpoint' }),
      ]);
      const stored = await world.all(License, { customerId: customer.customerId });
      expect(suspended.status).toBe('fulfilled');
      if (given.status === 'rejected') {
        expect(given.reason).toMatchObject({ code: 'license.customer_suspended' });
        expect(stored).toEqual([]);
      } else expect(stored).toHaveLength(1);
    }
  });

  test('two edits of different fields both stay', async () => {
    const customer = await added();
    await Promise.all([
      edit({ customer: customer.account, city: 'Bonn' }),
      edit({ customer: customer.account, phone: '42' }),
      edit({ customer: customer.account, address: 'Ring 1' }),
    ]);
    expect(await rowOf(customer)).toMatchObject({ city: 'Bonn', phone: '42', address: 'Ring 1' });
  });

  test('of two who rename to one name one gets it', async () => {
    const customers = await Promise.all([added(), added(), added(), added()]);
    const settled = await Promise.allSettled(
      customers.map(({ account }) => edit({ customer: account, account: 'wanted-by-all' })),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of settled)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'customer.account_taken', field: 'account' });
  });
});

test('a customer is named alike in every refusal: as one that never was', async () => {
  const { account } = customerNamed('never-was');
  for (const useCase of [suspendCustomer, resumeCustomer, editCustomer])
    await expect(as.run(useCase as never, { customer: account })).rejects.toMatchObject({
      code: 'not_found',
      params: { what: 'customer' },
    });
});
