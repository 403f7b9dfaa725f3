import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountMailKey } from '../../../src/core/customers/account-mail.ts';
import { CustomerEvent } from '../../../src/core/customers/customer-event.ts';
import { Customer } from '../../../src/core/customers/customer.ts';
import { editCustomer } from '../../../src/core/customers/edit-customer.ts';
import { Mail } from '../../../src/core/messages/mail.ts';
import {
  buttonOf,
  comparedIn,
  deskOn,
  formOf,
  hostile,
  labelsOf,
  messageOf,
  shownIn,
  textIn,
} from '../../support/desk-on.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
const { say, click, submit } = deskOn(() => world);

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
});
afterAll(() => world.close());

const rowOf = (customerId: string) => world.stored(Customer, customerId);

describe('editing a customer', () => {
  test('every field shows what is stored; only what was changed is written; the receipt tells before and after', async () => {
    const customerId = await as.customer('alder', {
      company: hostile,
      phone: '030 1',
      country: 'DE',
      language: 'cy',
      accountMail: '2026-03-20',
    });
    const card = messageOf(await say('customer show alder'));
    const first = formOf(await click(buttonOf(card, 'Edit…')));
    expect(first).toMatchObject({ step: 1, steps: 2, view: { title: 'Edit a customer', submit: 'Next' } });
    expect(shownIn(first)).toEqual({
      company: hostile,
      account: 'alder',
      city: 'Berlin',
      state: 'Berlin',
      firstName: 'Anna',
      lastName: 'Vogel',
      email: 'anna@alder.example',
    });
    const second = formOf(await submit(first, { ...shownIn(first), city: 'Potsdam', lastName: 'Lind' }));
    expect(second).toMatchObject({ step: 2, view: { submit: 'Save' } });
    expect(shownIn(second)).toEqual({
      emergencyEmail: '',
      phone: '030 1',
      address: '',
      postalCode: '',
      country: 'Germany',
      language: 'cy',
      accountMail: 'day',
      accountMailDay: '2026-03-20',
    });
    // Somebody else changes another field in the meantime.
    await as.run(editCustomer, { customer: 'alder', state: 'Brandenburg' });
    const receipt = messageOf(await submit(second, { ...shownIn(second), phone: '', address: 'Ring 1' }));
    expect(receipt.title).toBe('Customer changed');
    expect(comparedIn(receipt)).toEqual([
      ['Contact', 'Anna Vogel', 'Anna Lind'],
      ['Phone', '030 1', '—'],
      ['Address', 'Berlin, Brandenburg, Germany', 'Ring 1, Potsdam, Brandenburg, Germany'],
    ]);
    expect(await rowOf(customerId)).toMatchObject({
      company: hostile,
      city: 'Potsdam',
      state: 'Brandenburg',
      lastName: 'Lind',
      phone: null,
      language: 'cy',
    });
    expect(messageOf(await click(buttonOf(receipt, 'Show'))).title).toBe(hostile);
  });

  test('sent back untouched it says that nothing was changed', async () => {
    const customerId = await as.customer('untouched', { accountMail: 'never', country: 'GB' });
    const before = await rowOf(customerId);
    const first = formOf(await say('customer edit UNTOUCHED'));
    const second = formOf(await submit(first, shownIn(first)));
    const receipt = messageOf(await submit(second, shownIn(second)));
    expect(receipt.title).toBe('Nothing was changed');
    expect(await rowOf(customerId)).toEqual(before);
  });

  test('refusals stand beside their field, and what was typed stays', async () => {
    await as.customer('taken');
    await as.customer('renames');
    const first = formOf(await say('customer edit renames'));
    const refused = formOf(await submit(first, { ...shownIn(first), account: 'TAKEN', city: 'Bonn' }));
    expect(refused).toMatchObject({ step: 1, errors: { account: 'This account name is not available.' } });
    expect(shownIn(refused)).toMatchObject({ account: 'TAKEN', city: 'Bonn' });
    const emptied = formOf(await submit(refused, { ...shownIn(refused), account: 'renamed', company: '' }));
    expect(emptied.errors).toEqual({ company: 'This is needed.' });
    expect(shownIn(emptied).company).toBe('');
    const second = formOf(await submit(emptied, { ...shownIn(emptied), company: 'Renamed' }));
    const noCountry = formOf(await submit(second, { ...shownIn(second), country: 'Atlantis' }));
    expect(Object.keys(noCountry.errors)).toEqual(['country']);
    const noDay = formOf(await submit(noCountry, { ...shownIn(noCountry), country: '', accountMail: 'day' }));
    expect(noDay.errors).toEqual({ accountMailDay: 'This is needed.' });
    const past = formOf(await submit(noDay, { ...shownIn(noDay), accountMailDay: '2026-03-01' }));
    expect(past.errors).toEqual({ accountMailDay: 'The day must be today (5 Mar 2026) or later.' });
    const receipt = messageOf(await submit(past, { ...shownIn(past), accountMail: 'now' }));
    expect(comparedIn(receipt)).toEqual(
      expect.arrayContaining([
        ['Account name', 'renames', 'renamed'],
        ['Account mail', 'Never', '5 Mar 2026'],
      ]),
    );
  });

  test('once the account-created mail was sent its day is not asked for', async () => {
    const customerId = await as.customer('mailed', { accountMail: 'now' });
    await world.given(
      new Mail({
        id: randomUUID(),
        partnerId: partnerIds.brightside,
        noticeKey: accountMailKey(customerId),
        to: 'anna@mailed.example',
        subject: 'x',
        html: '',
        text: '',
        state: 'sent',
        createdAt: world.clock.now(),
      }),
    );
    const first = formOf(await say('customer edit mailed'));
    const second = formOf(await submit(first, shownIn(first)));
    expect(second.view.fields.map(({ name }) => name)).not.toContain('accountMail');
    expect(textIn(second.view.intro)).toContain('was sent already');
    const receipt = messageOf(await submit(second, { ...shownIn(second), phone: '1' }));
    expect(comparedIn(receipt)).toEqual([['Phone', '—', '1']]);
  });
});

describe('suspending a customer', () => {
  test('asks once more, says what it does, and shows what became of the licenses', async () => {
    const customerId = await as.customer('rests', { company: hostile });
    await as.plan('Suite', 'WFS-ADV');
    await as.assign('rests', 'Suite');
    const card = messageOf(await say('customer show rests'));
    const form = formOf(await click(buttonOf(card, 'Suspend…')));
    expect(form).toMatchObject({ view: { title: 'Suspend a customer', submit: 'Suspend', fields: [] } });
    expect(textIn(form.view.intro)).toContain('Its 3 open licenses will show as suspended');
    expect(await rowOf(customerId)).toMatchObject({ status: 'enabled' });

    const receipt = messageOf(await submit(form, {}));
    expect(receipt.title).toBe('Customer suspended');
    expect(textIn(receipt)).toContain('Suspended');
    expect(labelsOf(receipt)).toEqual(['Resume…', 'Edit…', 'Show']);
    const suspended = messageOf(await click(buttonOf(receipt, 'Show')));
    expect(labelsOf(suspended)).toEqual(['Resume…', 'Edit…', 'Licenses', 'Transactions']);
    expect(suspended.blocks[0]).toMatchObject({ kind: 'notice', tone: 'warning' });

    const resume = formOf(await click(buttonOf(suspended, 'Resume…')));
    const resumed = messageOf(await submit(resume, {}));
    expect(resumed.title).toBe('Customer resumed');
    expect(labelsOf(resumed)).toContain('Assign a plan');
    expect((await world.all(CustomerEvent, { customerId })).map(({ kind }) => kind)).toEqual(['suspended', 'resumed']);
  });

  test('by the words; a customer that is so already is shown as it stands', async () => {
    await as.customer('words');
    expect(messageOf(await say('customer resume words')).title).toBe('Company words');
    const stale = formOf(await say('customer suspend WORDS'));
    await submit(formOf(await say('customer suspend words')), {});
    expect(labelsOf(messageOf(await say('customer suspend words')))).toContain('Resume…');
    // What was opened before somebody else did it.
    expect(textIn(await submit(stale, {}))).toContain('Company words is suspended already.');
  });

  test('without a name the customers are listed; an unknown one is refused before a form opens', async () => {
    for (const word of ['edit', 'suspend', 'resume']) {
      expect(messageOf(await say(`customer ${word}`)).title).toMatch(/^\d+ customers$/);
      expect(await say(`customer ${word} nobody`)).toEqual({ kind: 'refused', text: 'There is no such customer.' });
    }
  });

  test('is offered to who may, of the own customers alone', async () => {
    await as.customer('reach');
    for (const who of ['U0VERA', 'U0BOB']) {
      expect(labelsOf(messageOf(await say('customer show reach', who)))).toEqual(['Licenses', 'Transactions']);
      for (const word of ['edit', 'suspend', 'resume'])
        expect(await say(`customer ${word} reach`, who)).toMatchObject({ kind: 'refused' });
      expect(textIn(await say('help customer', who))).not.toContain('customer suspend');
    }
    await world.sql('update partner set managed_by_distributor = true where id = ?', [partnerIds.brightside]);
    expect(labelsOf(messageOf(await say('customer show reach', 'U0ADA')))).toEqual(['Licenses', 'Transactions']);
    for (const word of ['edit', 'suspend', 'resume'])
      expect(messageOf(await say(`customer ${word} reach`, 'U0ADA')).title).toBe('Company reach');
    await world.sql('update partner set managed_by_distributor = false where id = ?', [partnerIds.brightside]);
    expect(await say('customer edit reach', 'U0ADA')).toMatchObject({ kind: 'refused' });
  });
});
