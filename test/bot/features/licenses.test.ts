import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '../../../src/bot/view.ts';
import { suspendCustomer } from '../../../src/core/customers/suspend-customer.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { removeLicense } from '../../../src/core/licenses/remove-license.ts';
import { suspendLicense } from '../../../src/core/licenses/suspend-license.ts';
import { buttonOf, deskOn, formOf, hostile, labelsOf, messageOf, textIn } from '../../support/desk-on.ts';
import { publishPrices, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
const { say, click, submit } = deskOn(() => world);
const trial = { version: 'trial', initialDays: 30, initialMonths: undefined };

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  await publishPrices(world);
  as = scriptOf(world);
  await as.plan('Endpoint', 'WFS');
  await as.plan('Endpoint Year', 'WFS', { subscriptionType: 'annual_license' });
  await as.plan('Endpoint Trial', 'WFS', trial);
  await as.plan('Mail Trial', 'EMS-STD', trial);
  await as.plan(hostile, 'SP');
});
beforeEach(() => world.setNow('2026-03-05T09:00:00Z'));
afterAll(() => world.close());

/** Before and after of each license, line by line. */
const comparedIn = (blocks: Message['blocks'] | undefined) =>
  (blocks ?? []).flatMap((block) =>
    block.kind === 'compare'
      ? block.rows.map(({ before, after }) => [String(before).split('\n'), String(after).split('\n')])
      : [],
  );
const verbs = ['Change units…', 'Convert…', 'Renew…', 'Suspend…', 'Resume…', 'Remove…'];
const offered = (message: Message) => labelsOf(message).filter((label) => verbs.includes(label));

const assigned = async (account: string, plan: string, over: object = {}) => {
  await as.customer(account, { company: `${account} ${hostile}` });
  return (await as.assign(account, plan, over)).licenses;
};
const stored = (id: string) => world.stored(License, id);

describe('a license', () => {
  test('is opened from the list; its card tells how it stands and offers what it allows', async () => {
    await assigned('card', 'Endpoint');
    const list = messageOf(await say('license list card'));
    const card = messageOf(await click(buttonOf(list, 'Show')));
    expect(card.title).toContain('Worry-Free Services of card');
    expect(textIn(card)).toContain('25 seats');
    expect(textIn(card)).toContain('by itself on 5 Mar 2027');
    expect(offered(card)).toEqual(['Change units…', 'Renew…', 'Suspend…', 'Remove…']);
    expect(messageOf(await click(buttonOf(card, 'History'))).title).toContain('History of Worry-Free Services');
    // Who may not change anything is offered nothing that does.
    const [license] = await world.all(License, {
      customerId: (await stored((await assigned('card-2', 'Endpoint'))[0]!.licenseId)).customerId,
    });
    expect(offered(messageOf(await say(`license show ${license!.id}`, 'U0VERA')))).toEqual([]);
    expect(await say(`license show ${license!.id}`, 'U0YUKI')).toMatchObject({ kind: 'refused' });
  });

  test.for([
    ['a trial', 'Endpoint Trial', '', '2026-03-05', ['Change units…', 'Convert…', 'Suspend…', 'Remove…']],
    [
      'one that is suspended',
      'Endpoint',
      'suspended = true',
      '2026-03-05',
      ['Change units…', 'Renew…', 'Resume…', 'Remove…'],
    ],
    ['an unbundled one', 'Endpoint', 'plan_id = null, assignment_id = null', '2026-03-05', ['Suspend…', 'Remove…']],
    ['a removed one', 'Endpoint', "removed_on = '2026-03-05', units = 0", '2026-03-05', []],
    ['an expired one', 'Endpoint', 'auto_renewal = false', '2027-06-05', ['Renew…']],
    ['a trial that is over', 'Endpoint Trial', '', '2026-04-20', ['Convert…']],
  ] as const)('offers what %s allows', async ([name, plan, set, day, buttons]) => {
    const account = name.replaceAll(' ', '-');
    const [license] = await assigned(account, plan);
    if (set) await world.sql(`update license set ${set} where id = ?::uuid`, [license!.licenseId]);
    world.setNow(`${day}T09:00:00Z`);
    expect(offered(messageOf(await say(`license show ${license!.licenseId}`)))).toEqual(buttons);
  });

  test('says that its customer is suspended, and by whom it is', async () => {
    const [license] = await assigned('customer-off', 'Endpoint');
    await as.run(suspendCustomer, { customer: 'customer-off' });
    const card = messageOf(await say(`license show ${license!.licenseId}`));
    expect(textIn(card)).toContain('is suspended, and with it all of its licenses');
    expect(offered(card)).not.toContain('Renew…');
  });

  test('that does not allow it any more is shown as it stands', async () => {
    const [license] = await assigned('stale', 'Endpoint');
    const card = messageOf(await say(`license show ${license!.licenseId}`));
    await as.run(suspendLicense, { license: license!.licenseId });
    expect(await click(buttonOf(card, 'Suspend…'))).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('any more'),
    });
    const full = await assigned('stale-trial', 'Endpoint Trial');
    const trialCard = messageOf(await say(`license show ${full[0]!.licenseId}`));
    await as.run(removeLicense, { license: full[0]!.licenseId });
    const anew = messageOf(await click(buttonOf(trialCard, 'Convert…')));
    expect(textIn(anew)).toContain('does not allow this');
    expect(offered(anew)).toEqual([]);
  });
});

describe('units', () => {
  test('of a monthly plan change at once; the preview stands side by side', async () => {
    const [license] = await assigned('monthly', 'Endpoint');
    const first = formOf(await say('license seats monthly'));
    expect(first).toMatchObject({ step: 1, steps: 2, view: { title: 'Change units' } });
    expect(textIn(first.view.intro)).toContain('Monthly plan');
    expect(await submit(first, { units: '25' })).toMatchObject({
      kind: 'open',
      form: { errors: { units: expect.anything() } },
    });
    const preview = formOf(await submit(first, { units: '40' }));
    expect(comparedIn(preview.view.intro)).toEqual([
      [
        ['25 seats', '5 Mar 2026 to 4 Mar 2027'],
        ['40 seats', '5 Mar 2026 to 4 Mar 2027'],
      ],
    ]);
    expect((await stored(license!.licenseId)).units).toBe(25);
    const receipt = messageOf(await submit(preview, {}));
    expect(receipt.title).toContain('Units changed');
    expect((await stored(license!.licenseId)).units).toBe(40);
    expect(messageOf(await click(buttonOf(receipt, 'Show license'))).title).toContain('Worry-Free Services');
  });

  test('of what never changes: the reason is told', async () => {
    await as.plan('Never Counted', 'CAS', {
      nfr: true,
      version: undefined,
      subscriptionType: undefined,
      defaultUnits: undefined,
    });
    await assigned('counted', 'Never Counted');
    const told = messageOf(await say('license seats counted CAS'));
    expect(textIn(told)).toContain('has no license of “CAS” this can be done to now.');
    expect(textIn(told)).toContain('NFR');
  });

  test('below what is used take a tick that names the used units', async () => {
    const [license] = await assigned('used', 'Endpoint');
    const { customerId, partnerId, productId } = await stored(license!.licenseId);
    await world.sql(
      `insert into usage_day (id, partner_id, customer_id, product_id, day, provisioned, used)
       values (gen_random_uuid(), ?::uuid, ?::uuid, ?::uuid, '2026-03-04', 25, 18)`,
      [partnerId, customerId, productId],
    );
    const first = formOf(await say('license seats used WFS'));
    const preview = formOf(await submit(first, { units: '10' }));
    expect(textIn(preview.view)).toContain('Yes, 10 although 18 are used');
    const refused = formOf(await submit(preview, { confirm: 'false' }));
    expect(refused.errors?.confirm).toContain('18');
    expect((await stored(license!.licenseId)).units).toBe(25);
    messageOf(await submit(preview, { confirm: 'true' }));
    expect((await stored(license!.licenseId)).units).toBe(10);
  });

  test('of an annual license: more cost the rest of the term, fewer wait for the renewal', async () => {
    const [license] = await assigned('annual', 'Endpoint Year', { units: 10 });
    world.setNow('2026-09-01T09:00:00Z');
    const more = formOf(await submit(formOf(await say('license seats annual')), { units: '12' }));
    // 2 × 29.50 × 185 of 365 days.
    expect(textIn(more.view.intro)).toContain('29.90 EUR');
    messageOf(await submit(more, {}));
    const fewer = formOf(await submit(formOf(await say('license seats annual')), { units: '7' }));
    expect(comparedIn(fewer.view.intro)[0]![1]).toContain('7 seats from 5 Mar 2027');
    const receipt = messageOf(await submit(fewer, {}));
    expect(receipt.title).toContain('Units change at the renewal');
    expect(await stored(license!.licenseId)).toMatchObject({ units: 12, unitsAtRenewal: 7 });
    const card = messageOf(await say(`license show ${license!.licenseId}`));
    expect(textIn(card)).toContain('then with 7 seats');
    expect(textIn(card)).toContain('29.50 EUR');
    expect(textIn(formOf(await say('license seats annual')).view.intro)).toContain(
      'From 5 Mar 2027 on there will be 7 seats',
    );
    const back = formOf(await submit(formOf(await say('license seats annual')), { units: '12' }));
    expect(messageOf(await submit(back, {})).title).toContain('Units stay at the renewal');
    expect(await stored(license!.licenseId)).toMatchObject({ units: 12, unitsAtRenewal: null });
    // Amounts are for who sees prices.
    const lise = formOf(await submit(formOf(await say('license seats annual', 'U0LISE')), { units: '13' }, 'U0LISE'));
    expect(textIn(lise.view.intro)).not.toContain('EUR');
  });

  test('of a suite change together', async () => {
    const licenses = await assigned('suite', hostile);
    const first = formOf(await say('license seats suite'));
    expect(textIn(first.view.intro)).toContain('go together');
    const preview = formOf(await submit(first, { units: '30' }));
    expect(comparedIn(preview.view.intro)).toHaveLength(3);
    expect(messageOf(await submit(preview, {})).title).toContain('(3 licenses)');
    for (const { licenseId } of licenses) expect((await stored(licenseId)).units).toBe(30);
  });
});

describe('converting and renewing', () => {
  test('a trial goes on under a plan that fits; others are not offered', async () => {
    const [license] = await assigned('convert', 'Endpoint Trial');
    const first = formOf(await say('license convert convert'));
    const [field] = first.view.fields;
    const labels = field?.kind === 'select' ? field.options.map(({ label }) => label) : [];
    expect(labels).toEqual(['Endpoint · Monthly plan', 'Endpoint Year · Annual license · 737.50 EUR']);
    const value = field?.kind === 'select' ? field.options[1]!.value : '';
    const preview = formOf(await submit(first, { plan: value }));
    expect(comparedIn(preview.view.intro)).toEqual([
      [
        ['Endpoint Trial, trial', '25 seats', '5 Mar 2026 to 3 Apr 2026'],
        ['Endpoint Year, full', '25 seats', '5 Mar 2026 to 4 Mar 2027'],
      ],
    ]);
    expect(textIn(preview.view.intro)).toContain('737.50 EUR');
    expect(messageOf(await submit(preview, {})).title).toContain('Trial converted');
    expect(await stored(license!.licenseId)).toMatchObject({ version: 'full', units: 25 });
    expect(messageOf(await say('license convert convert')).title).toContain('No trial that can become full');
  });

  test('where no plan fits it says what one would need', async () => {
    await assigned('no-plan', 'Mail Trial');
    const message = messageOf(await say('license convert no-plan'));
    expect(message.title).toBe('No plan fits this trial');
    expect(labelsOf(message)).toContain('Create plan');
  });

  test('a renewal shows its dates and price first', async () => {
    const [license] = await assigned('renew', 'Endpoint Year', { units: 10 });
    const form = formOf(await say('license renew renew'));
    expect(form).toMatchObject({ view: { title: 'Renew a license', submit: 'Renew', fields: [] } });
    expect(comparedIn(form.view.intro)[0]![1]).toContain('5 Mar 2026 to 4 Mar 2028');
    expect(textIn(form.view.intro)).toContain('295.00 EUR');
    expect(messageOf(await submit(form, {})).title).toContain('License renewed');
    expect((await stored(license!.licenseId)).endsOn.toString()).toBe('2028-03-05');
    expect(messageOf(await say('license renew renew')).title).toContain('No license that can be renewed');
  });
});

describe('suspending, resuming, removing', () => {
  test('one license or all of the plan', async () => {
    const licenses = await assigned('turn', hostile);
    const pick = messageOf(await say('license suspend turn'));
    expect(pick.title).toContain('Which license is suspended?');
    expect(labelsOf(pick).filter((label) => label === 'Suspend…')).toHaveLength(3);
    const form = formOf(await say('license suspend turn EE'));
    expect(form.view.fields).toMatchObject([{ kind: 'select', name: 'which', value: 'one' }]);
    const receipt = messageOf(await submit(form, { which: 'all' }));
    expect(receipt.title).toContain('License suspended (3 licenses)');
    expect(comparedIn(receipt.blocks)[0]![1]).toContain('Suspended');
    for (const { licenseId } of licenses) expect((await stored(licenseId)).suspended).toBe(true);
    const one = formOf(await say('license resume turn EE'));
    messageOf(await submit(one, { which: 'one' }));
    expect(
      (await Promise.all(licenses.map(({ licenseId }) => stored(licenseId)))).filter((now) => now.suspended),
    ).toHaveLength(2);
  });

  test('a removal is ticked, says what is refunded, and what becomes of the others', async () => {
    const licenses = await assigned('remove', hostile);
    const first = formOf(await say('license remove remove EE'));
    expect(first).toMatchObject({ step: 1, steps: 2 });
    const second = formOf(await submit(first, { which: 'one' }));
    expect(textIn(second.view.intro)).toContain('Nothing is refunded');
    expect(textIn(second.view.intro)).toContain('stay: Email Security Standard, Worry-Free Services');
    const refused = formOf(await submit(second, { sure: 'false' }));
    expect(refused.errors).toMatchObject({ sure: expect.stringContaining('Tick') });
    expect(await world.all(License, { id: licenses.map(({ licenseId }) => licenseId), removedOn: null })).toHaveLength(
      3,
    );
    const receipt = messageOf(await submit(second, { sure: 'true' }));
    expect(receipt.title).toContain('License removed');
    const rest = formOf(await submit(formOf(await say('license remove remove WFS')), { which: 'all' }));
    expect(textIn(rest.view.fields)).toContain('these 2 licenses');
    messageOf(await submit(rest, { sure: 'true' }));
    expect(messageOf(await say('license remove remove')).title).toContain('No license that can be removed');
  });

  test('one that stands alone is not asked about others; before its start it is credited', async () => {
    await assigned('alone', 'Endpoint Year', { startsOn: '2026-05-01', units: 10 });
    const form = formOf(await say('license remove alone'));
    expect(form).toMatchObject({ step: 1, steps: 1 });
    expect(textIn(form.view.intro)).toContain('credited in full');
    expect(textIn(form.view.intro)).toContain('−295.00 EUR');
    expect(textIn(form.view.intro)).toContain('takes effect on 1 May 2026');
    expect(messageOf(await submit(form, { sure: 'true' })).title).toContain('License removed');
  });

  test('a form that is sent once more does nothing more, and reads as the first time', async () => {
    const [license] = await assigned('once', 'Endpoint');
    const suspension = formOf(await say('license suspend once'));
    const removal = formOf(await say('license remove once'));
    for (const [form, typed] of [
      [suspension, {}],
      [removal, { sure: 'true' }],
    ] as const) {
      const first = messageOf(await submit(form, typed));
      expect(messageOf(await submit(form, typed)).title).toBe(first.title);
    }
    expect(
      await world.sql('select from customer_transaction where license_id = ?::uuid', [license!.licenseId]),
    ).toHaveLength(3);
    // Another form says why not.
    expect(
      await click({ kind: 'form', label: '', form: 'license-suspend', context: { license: license!.licenseId } }),
    ).toMatchObject({
      kind: 'refused',
    });
  });
});

describe('words', () => {
  test.for(['seats', 'convert', 'renew', 'suspend', 'resume', 'remove'])(
    'license %s alone asks for the customer; a viewer is not offered it',
    async (verb) => {
      const form = formOf(await say(`license ${verb}`));
      expect(form.view.fields.map(({ name }) => name)).toEqual(['customer']);
      await assigned(`words-${verb}`, verb === 'convert' ? 'Endpoint Trial' : 'Endpoint');
      const pick = messageOf(await submit(form, { customer: `words-${verb}` }));
      expect(pick.title).toContain(verb === 'resume' ? 'No license that is suspended' : 'Which');
      expect(await say(`license ${verb} words-${verb}`, 'U0VERA')).toMatchObject({ kind: 'refused' });
      expect(await say(`license ${verb} words-${verb}`, 'U0YUKI')).toMatchObject({ kind: 'refused' });
      expect(await say(`license ${verb} words-${verb} NOTHING`)).toMatchObject({ kind: 'refused' });
    },
  );

  test('license show alone opens the list; of a customer with one it shows that, with more their list', async () => {
    expect(formOf(await say('license show')).view.title).toBe('Licenses');
    expect(await say('license show nothing')).toMatchObject({ kind: 'refused' });
    await assigned('words-one', 'Endpoint');
    expect(messageOf(await say('license show words-one')).title).toContain('Worry-Free Services of words-one');
    expect(await say('license show words-one', 'U0YUKI')).toMatchObject({ kind: 'refused' });
    await assigned('words-more', 'Endpoint');
    await as.assign('words-more', 'Mail Trial');
    expect(messageOf(await say('license show words-more')).title).toContain('licenses of words-more');
  });
});
