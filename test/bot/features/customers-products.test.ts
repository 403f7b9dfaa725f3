import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { customersFeature } from '../../../src/bot/features/customers.ts';
import type { NoticeAsk } from '../../../src/bot/notice.ts';
import { addCustomer } from '../../../src/core/customers/add-customer.ts';
import { Customer } from '../../../src/core/customers/customer.ts';
import { Mail } from '../../../src/core/messages/mail.ts';
import { buttonsOf, deskOn, formOf, hostile, messageOf, textIn } from '../../support/desk-on.ts';
import { drawnMessage, drawnOptions } from '../../support/drawn.ts';
import { stockCatalog } from '../../support/licensing.ts';
import { noticesOn } from '../../support/notices.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
const { desk, from, say, act, submit } = deskOn(() => world);
const { tell } = noticesOn(() => world);

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
});
afterAll(() => world.close());
beforeEach(async () => {
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
const given = async (over: object = {}): Promise<string> => {
  const caller = await world.as('leo@brightside.example');
  return (await world.execute(addCustomer, caller, { ...alder, accountMail: 'never', ...over })).customerId;
};

describe('adding a customer in a form of two steps', () => {
  test('the receipt says what was done, with the buttons that come next', async () => {
    const first = formOf(await say('customer add Grün & Söhne GmbH'));
    expect(first).toMatchObject({ step: 1, steps: 2, view: { submit: 'Next' } });
    expect(first.view.fields).toMatchObject([
      { value: 'Grün & Söhne GmbH' },
      { value: 'grun-sohne-gmbh' },
      {},
      {},
      {},
      {},
      {},
    ]);
    const second = formOf(await submit(first, alder));
    expect(second).toMatchObject({ step: 2, view: { submit: 'Save' } });
    const typed = { country: 'Germany', language: 'de', accountMail: 'day', accountMailDay: '2026-03-20' };
    const receipt = messageOf(await submit(second, typed));
    expect(receipt.title).toBe('Customer added');
    expect(textIn(receipt)).toContain('20 Mar 2026');
    expect(buttonsOf(receipt).map(({ label }) => label)).toEqual(['Assign a plan', 'Show']);
    expect(await world.all(Customer)).toMatchObject([{ account: 'alder', country: 'DE', language: 'de' }]);
  });

  test('a refusal stands beside its field, and what was typed stays', async () => {
    await given();
    const first = formOf(await say('customer add'));
    const refused = formOf(await submit(first, { ...alder, city: 'Leipzig' }));
    expect(refused).toMatchObject({ step: 1, errors: { account: 'This account name is not available.' } });
    expect(refused.view.fields.find(({ name }) => name === 'city')).toMatchObject({ value: 'Leipzig' });

    const second = formOf(await submit(first, { ...alder, account: 'birke' }));
    const typed = { country: 'Atlantis', phone: '123', accountMail: 'day' };
    const again = formOf(await submit(second, typed));
    expect(Object.keys(again.errors)).toHaveLength(1);
    expect(again.view.fields.find(({ name }) => name === 'phone')).toMatchObject({ value: '123' });
    expect(await world.all(Customer)).toHaveLength(1);
  });

  test('an account name that was taken meanwhile leads back to the first step', async () => {
    const first = formOf(await say('customer add'));
    const second = formOf(await submit(first, alder));
    await given();
    const back = formOf(await submit(second, { accountMail: 'now' }));
    expect(back).toMatchObject({ step: 1, errors: { account: 'This account name is not available.' } });
  });

  test('who lacks the right is told so before any form opens', async () => {
    expect(await say('customer add', 'U0VERA')).toMatchObject({ kind: 'refused' });
    expect(buttonsOf(messageOf(await say('customer list', 'U0VERA')))).toEqual([]);
  });
});

describe('customers', () => {
  test('a list pages in place, each with its button', async () => {
    for (let n = 1; n <= 11; n++) {
      await given({ account: `c-${n}`, company: n === 11 ? hostile : `Company ${String(n).padStart(2, '0')}` });
    }
    const first = messageOf(await say('customer list'));
    expect(first.title).toBe('11 customers');
    expect(first.blocks).toContainEqual({
      kind: 'pager',
      action: 'customer.list',
      args: { search: '' },
      page: 1,
      pages: 2,
    });
    const second = await act('customer.list', { search: '', page: '2' });
    expect(second).toMatchObject({ kind: 'replace' });
    expect(textIn(messageOf(second))).toContain('Company 10');
  });

  test('one is shown with its facts and what can be done with it', async () => {
    const customerId = await given({
      company: 'A'.repeat(120),
      state: hostile,
      phone: '+49 30 1',
      emergencyEmail: 'sos@alder.example',
      address: 'x'.repeat(200),
      postalCode: '10115',
      country: 'DE',
      language: 'de',
    });
    const shown = messageOf(await say('customer show ALDER'));
    expect(textIn(shown)).toContain('Germany');
    expect(buttonsOf(shown).map(({ label }) => label)).toEqual([
      'Assign a plan',
      'Edit…',
      'Suspend…',
      'Licenses',
      'Transactions',
    ]);
    expect(buttonsOf(messageOf(await act('customer.show', { customer: customerId }, 'U0VERA')))).toHaveLength(2);
    expect(await say('customer show nobody')).toEqual({ kind: 'refused', text: 'There is no such customer.' });
    expect(await say('customer show ALDER', 'U0YUKI')).toEqual({ kind: 'refused', text: 'There is no such customer.' });
  });

  test('a list without a match says so, whatever was searched', async () => {
    const search = `${'"<!here>` '.repeat(20)}`;
    expect(messageOf(await say(`customer list ${search}`)).title).toMatch(/^No customers for/);
  });

  test('a lookup offers accounts, whole, and the typed one first', async () => {
    await given({ account: 'alder-2', company: 'B'.repeat(120) });
    await given({ account: 'alder', company: 'Zeta, Inc.' });
    const options = drawnOptions(await desk().lookup(from('U0LEO'), 'customer', 'alder'));
    expect(options.map(({ value }) => value)).toEqual(['alder', 'alder-2']);
    expect(options[0]!.label).toBe('Zeta, Inc. (alder)');
    expect(options[1]!.label).toMatch(/^B+… \(alder-2\)$/);
    expect(await desk().lookup(from('U0YUKI'), 'customer', 'alder')).toEqual([]);
  });

  test('the account-created mail goes to the contact once', async () => {
    const customerId = await given({ company: hostile, firstName: 'Anna\u2028', accountMail: 'now' });
    const ask = { execute: (useCase: never, input: unknown) => world.execute(useCase, world.system, input) };
    const compose = () => customersFeature.notices![0]!.compose(ask as unknown as NoticeAsk, { customerId });
    for (const told of await compose()) drawnMessage(told.message);
    const notice = { topic: 'customer.account_created', data: { customerId } };
    await tell(notice);
    await tell(notice);
    const mails = await world.all(Mail);
    expect(mails).toMatchObject([
      { to: 'anna@alder.example', subject: 'Your account at Brightside', state: 'waiting' },
    ]);
    expect(mails[0]!.html).not.toContain('<b>|x|');
    expect(mails[0]!.text).toContain('alder');
    expect(await compose()).toEqual([]);
  });
});

describe('products', () => {
  test('the list marks what is sold no longer, and where else something is provisioned', async () => {
    expect(messageOf(await say('product list')).title).toBe('19 products');
    expect(textIn(messageOf(await say('product list HMOB')))).toContain('End of sale');
    expect(textIn(messageOf(await say('product list vision')))).toContain('In Customer Overview');
    expect(messageOf(await act('product.list', { search: '', page: '2' })).title).toBe('19 products');
  });

  test.for(['WFS', 'SPC', 'HMOB', 'LHE', 'V1', 'EE', 'CE-50'])('%s is shown on both platforms', async (sku) => {
    for (const who of ['U0ADA', 'U0LEO', 'U0VERA']) messageOf(await say(`product show ${sku}`, who));
  });

  test('Trend Vision One points to Customer Overview and offers no plan', async () => {
    const shown = messageOf(await say('product show Trend Vision One'));
    expect(shown.blocks[0]).toEqual({
      kind: 'notice',
      tone: 'info',
      text: 'Trend Vision One is no longer provisioned here. Go to Customer Overview to provision it for a managed customer.',
    });
    expect(buttonsOf(shown)).toEqual([]);
  });

  test('prices are shown to who may see them', async () => {
    expect(textIn(messageOf(await say('product show WFS', 'U0ADA')))).toContain('2.95 EUR a month');
    for (const who of ['U0LEO', 'U0VERA']) {
      expect(textIn(messageOf(await say('product show WFS', who)))).not.toContain('EUR');
    }
  });

  test('a lookup offers SKUs, the typed one first', async () => {
    const options = drawnOptions(await desk().lookup(from('U0LEO'), 'product', 'wfs'));
    expect(options[0]).toMatchObject({ value: 'WFS', label: 'Worry-Free Services' });
    expect(options.map(({ value }) => value)).toContain('WFS-ADV');
    expect(drawnOptions(await desk().lookup(from('U0LEO'), 'product', ''))).toHaveLength(10);
  });
});
