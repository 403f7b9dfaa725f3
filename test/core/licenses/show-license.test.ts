import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { conversionChoices } from '../../../src/core/licenses/convert-license.ts';
import { renewLicense } from '../../../src/core/licenses/renew-license.ts';
import { licenseChoices, showOneLicense } from '../../../src/core/licenses/show-license.ts';
import { publishPrices, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
const trial = { version: 'trial', initialDays: 30, initialMonths: undefined };

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  await publishPrices(world);
  as = scriptOf(world);
  await as.plan('Endpoint', 'WFS');
  await as.plan('Year', 'WFS', { subscriptionType: 'annual_license' });
  await as.plan('Japan', 'WFS', { dataCentre: 'Japan' });
  await as.plan('Off', 'WFS', { enabled: false });
  await as.plan('Trial', 'WFS', trial);
  await as.plan('Suite', 'SP');
  await as.plan('Encrypt', 'EE', { dataCentre: undefined });
});
beforeEach(() => world.setNow('2026-03-05T09:00:00Z'));
afterAll(() => world.close());

const show = (license: string, email?: string) => scriptOf(world, email).run(showOneLicense, { license });

describe('one license', () => {
  test('with its terms and prices, and what stands beside it', async () => {
    await as.customer('year');
    const { licenses } = await as.assign('year', 'Year', { units: 10 });
    const license = licenses[0]!.licenseId;
    await as.run(renewLicense, { license });
    const shown = await show(license);
    expect(shown).toMatchObject({
      customer: 'year',
      license: { units: 10, status: 'active' },
      terms: [
        { startsOn: '2026-03-05', endsOn: '2027-03-05', expiresOn: '2027-03-04', version: 'full', currency: 'EUR' },
        { startsOn: '2027-03-05', endsOn: '2028-03-05', priceKept: false },
      ],
      openUntil: '2028-04-03',
      others: [],
      may: ['seats', 'suspend', 'remove'],
    });
    expect(Number(shown.terms[0]!.yearlyPrice)).toBe(29.5);
    const unseen = await show(license, 'lise@brightside.example');
    expect(unseen.terms.map(({ yearlyPrice, currency }) => [yearlyPrice, currency])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(unseen.may).toEqual(shown.may);
  });

  test('of a suite names the others', async () => {
    await as.customer('suite');
    const { licenses } = await as.assign('suite', 'Suite');
    const { others, may } = await show(licenses[0]!.licenseId);
    expect(others.map(({ status }) => status)).toEqual(['active', 'active']);
    expect(may).toEqual(['seats', 'renew', 'suspend', 'remove']);
  });

  test('is read by whom it concerns, and changed by nobody else', async () => {
    await as.customer('walls');
    const { licenses } = await as.assign('walls', 'Endpoint');
    const license = licenses[0]!.licenseId;
    expect((await show(license, 'vera@brightside.example')).may).toEqual([]);
    await expect(show(license, 'yuki@sakura.example')).rejects.toMatchObject({ code: 'not_found' });
    await expect(show(license, 'ada@northwind.example')).rejects.toMatchObject({ code: 'not_found' });
    await world.sql('update partner set managed_by_distributor = true where id = ?::uuid', [partnerIds.brightside]);
    expect(await show(license, 'ada@northwind.example')).toMatchObject({ customer: 'walls', may: [] });
    const ada = scriptOf(world, 'ada@northwind.example');
    await expect(ada.run(licenseChoices, { customer: 'walls', verb: 'remove' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await world.sql('update partner set managed_by_distributor = false where id = ?::uuid', [partnerIds.brightside]);
  });
});

describe('what can be chosen', () => {
  test('of a customer’s licenses, each that allows it; of what goes together, one', async () => {
    await as.customer('choices');
    await as.assign('choices', 'Suite');
    const choices = async (verb: string, over: object = {}) =>
      (await as.run(licenseChoices, { customer: 'choices', verb, ...over })).items;
    expect(await choices('seats')).toMatchObject([{ together: true }]);
    expect((await choices('seats'))[0]!.others).toHaveLength(2);
    expect((await choices('remove')).map(({ product, together }) => [product, together]).toSorted()).toEqual([
      ['EE', false],
      ['EMS-STD', false],
      ['WFS', false],
    ]);
    expect(await choices('remove', { product: 'ee' })).toMatchObject([{ product: 'EE' }]);
    expect(await choices('seats', { product: 'ee' })).toMatchObject([{ product: 'EE' }]);
    expect(await choices('resume')).toEqual([]);
    await expect(choices('seats', { product: 'nothing' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('of the plans that a trial can go on under, with what each costs', async () => {
    await as.customer('plans');
    const { licenses } = await as.assign('plans', 'Trial', { units: 4 });
    const license = licenses[0]!.licenseId;
    expect((await as.run(conversionChoices, { license })).plans).toMatchObject([
      { name: 'Endpoint', subscriptionType: 'monthly_plan', net: { amount: '0.00', currency: 'EUR' } },
      { name: 'Year', subscriptionType: 'annual_license', net: { amount: '118.00', currency: 'EUR' } },
    ]);
    const lise = scriptOf(world, 'lise@brightside.example');
    for (const plan of (await lise.run(conversionChoices, { license })).plans) expect(plan).not.toHaveProperty('net');
    await as.customer('plans-full');
    const full = await as.assign('plans-full', 'Endpoint');
    await expect(as.run(conversionChoices, { license: full.licenses[0]!.licenseId })).rejects.toMatchObject({
      code: 'license.not_trial',
    });
  });
});
