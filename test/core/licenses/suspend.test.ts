import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { resumeCustomer, suspendCustomer } from '../../../src/core/customers/suspend-customer.ts';
import { commitCrossgrade, previewCrossgrade } from '../../../src/core/crossgrades/commit-crossgrade.ts';
import { listLicenses } from '../../../src/core/licenses/list-licenses.ts';
import { removeLicense } from '../../../src/core/licenses/remove-license.ts';
import { resumeLicense, suspendLicense } from '../../../src/core/licenses/suspend-license.ts';
import { booksOf } from '../../support/license-books.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, isPostgres, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
let books: ReturnType<typeof booksOf>;

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
  books = booksOf(world);
  await as.plan('Endpoint', 'WFS');
  await as.plan('Once', 'WFS', { autoRenewal: false });
  await as.plan('Suite', 'SP');
  await as.plan('Encrypt', 'EE', { dataCentre: undefined });
  await as.plan('Encrypt Plus', 'EE', { dataCentre: undefined });
  await as.plan('NFR', 'CAS', { nfr: true, version: undefined, subscriptionType: undefined, defaultUnits: undefined });
});
beforeEach(() => world.setNow('2026-03-05T09:00:00Z'));
afterAll(() => world.close());

const suspend = (license: string, over: object = {}) => as.run(suspendLicense, { license, ...over });
const resume = (license: string, over: object = {}) => as.run(resumeLicense, { license, ...over });
const statuses = async (customer: string) =>
  (await as.run(listLicenses, { customer })).items.map(({ product, status }) => `${product} ${status}`).toSorted();

describe('suspending and resuming', () => {
  test('writes a row without a change of units, keeps the terms, and turns the status', async () => {
    const customerId = await as.customer('one');
    const { licenses } = await as.assign('one', 'Endpoint');
    const { licenseId } = licenses[0]!;
    const [before] = await books.licenses(customerId);
    world.setNow('2026-04-01T09:00:00Z');
    const answer = await suspend(licenseId);
    expect(answer.license).toMatchObject({ licenseId, status: 'suspended', units: 25, endsOn: '2027-03-05' });
    expect(answer.ledger).toMatchObject([{ type: 'License change', reason: 'suspension', delta: 0, product: 'WFS' }]);
    world.setNow('2026-04-02T09:00:00Z');
    expect((await resume(licenseId)).license).toMatchObject({ licenseId, status: 'active', units: 25 });
    expect(await books.rows(customerId)).toEqual([
      'New purchase/assign 0 +25 25 @ 2026-03-05',
      'License change/suspension 25 0 25 @ 2026-04-01',
      'License change/resumption 25 0 25 @ 2026-04-02',
    ]);
    const [, row] = await books.ledger(customerId);
    expect(row).toMatchObject({
      planBeforeId: before!.planId,
      planAfterId: before!.planId,
      termBefore: { startsOn: '2026-03-05', endsOn: '2027-03-05' },
      termAfter: { startsOn: '2026-03-05', endsOn: '2027-03-05' },
    });
    expect((await books.licenses(customerId))[0]).toEqual(before);
    expect(await books.money(customerId)).toEqual([]);
  });

  test('before its first term the row counts the units of today: none', async () => {
    const customerId = await as.customer('ahead');
    const { licenses } = await as.assign('ahead', 'Endpoint', { startsOn: '2026-04-15' });
    expect((await suspend(licenses[0]!.licenseId)).license).toMatchObject({ status: 'suspended', units: 25 });
    expect((await books.rows(customerId))[1]).toBe('License change/suspension 0 0 0 @ 2026-03-05');
    expect((await resume(licenses[0]!.licenseId)).license.status).toBe('scheduled');
    await books.expectProof(customerId);
  });

  test('takes one license of a suite, or all that are not so yet', async () => {
    const customerId = await as.customer('suite');
    const { licenses } = await as.assign('suite', 'Suite');
    const mail = licenses.find(({ product }) => product === 'EMS-STD')!.licenseId;
    await suspend(mail);
    expect(await statuses('suite')).toEqual(['EE active', 'EMS-STD suspended', 'WFS active']);
    const all = await suspend(mail, { all: true });
    expect(all.licenses.map(({ product }) => product).toSorted()).toEqual(['EE', 'WFS']);
    expect(await statuses('suite')).toEqual(['EE suspended', 'EMS-STD suspended', 'WFS suspended']);
    expect(await books.rows(customerId, 3)).toHaveLength(3);
    await expect(suspend(mail, { all: true })).rejects.toMatchObject({ code: 'license.already_suspended' });
    await resume(mail, { all: true });
    expect(await statuses('suite')).toEqual(['EE active', 'EMS-STD active', 'WFS active']);
    await expect(resume(mail, { all: true })).rejects.toMatchObject({ code: 'license.not_suspended' });
  });

  test('a removed license of the suite is left out', async () => {
    await as.customer('suite-gone');
    const { licenses } = await as.assign('suite-gone', 'Suite');
    const [first, second, third] = licenses.map(({ licenseId }) => licenseId);
    await as.run(removeLicense, { license: first });
    const { licenses: touched } = await suspend(second!, { all: true });
    expect(touched.map(({ licenseId }) => licenseId).toSorted()).toEqual([second, third].toSorted());
    await expect(suspend(first!, { all: true })).rejects.toMatchObject({ code: 'license.removed' });
  });

  test('of its customer is another thing: either makes it suspended', async () => {
    const customerId = await as.customer('both');
    const { licenses } = await as.assign('both', 'Endpoint');
    const { licenseId } = licenses[0]!;
    await as.run(suspendCustomer, { customer: 'both' });
    await expect(resume(licenseId)).rejects.toMatchObject({ code: 'license.not_suspended' });
    await suspend(licenseId);
    await as.run(resumeCustomer, { customer: 'both' });
    expect(await statuses('both')).toEqual(['WFS suspended']);
    await as.run(suspendCustomer, { customer: 'both' });
    expect((await resume(licenseId)).license.status).toBe('suspended');
    expect(await books.rows(customerId, 1)).toHaveLength(2);
  });

  test('software that stands only until its replacement begins', async () => {
    const customerId = await as.customer('software');
    const { licenses } = await as.assign('software', 'Encrypt');
    const input = {
      customer: 'software',
      plan: 'Encrypt Plus',
      choices: { EE: { mode: 'new', startsOn: '2026-06-01' } },
    };
    const { hash } = await as.run(previewCrossgrade, input);
    await as.run(commitCrossgrade, { ...input, hash });
    expect((await suspend(licenses[0]!.licenseId)).license).toMatchObject({
      status: 'suspended',
      endsOn: '2026-06-01',
    });
    await books.expectProof(customerId);
  });

  test('an NFR license and an unbundled one', async () => {
    const customerId = await as.customer('odd');
    const nfr = await as.assign('odd', 'NFR');
    const other = await as.assign('odd', 'Endpoint');
    await world.sql(`update license set assignment_id = null, plan_id = null where id = ?::uuid`, [
      other.licenses[0]!.licenseId,
    ]);
    for (const { licenses } of [nfr, other])
      expect((await suspend(licenses[0]!.licenseId)).license.status).toBe('suspended');
    await books.expectProof(customerId);
  });
});

describe('refused, and nothing is left behind', () => {
  test.for([
    ['suspending it twice', suspendLicense, `suspended = true`, 'license.already_suspended'],
    ['resuming what is in use', resumeLicense, `suspended = false`, 'license.not_suspended'],
    ['suspending a removed one', suspendLicense, `removed_on = '2026-03-05', units = 0`, 'license.removed'],
    ['resuming a removed one', resumeLicense, `removed_on = '2026-03-05', units = 0`, 'license.removed'],
    [
      'suspending an expired one',
      suspendLicense,
      `ends_on = '2026-02-03', grace_days = 30, auto_renewal = false`,
      'license.expired',
    ],
    [
      'resuming an expired one',
      resumeLicense,
      `ends_on = '2026-02-03', suspended = true, auto_renewal = false`,
      'license.expired',
    ],
  ] as const)('%s', async ([name, verb, set, code], { task }) => {
    const account = `no-${task.id}`.replace(/[^a-z0-9-]/g, '-').slice(-40);
    const customerId = await as.customer(account);
    const { licenses } = await as.assign(account, 'Endpoint');
    await world.sql(`update license set ${set} where customer_id = ?::uuid`, [customerId]);
    const before = await books.licenses(customerId);
    await expect(as.run(verb, { license: licenses[0]!.licenseId }), name).rejects.toMatchObject({ code });
    expect(await books.licenses(customerId)).toEqual(before);
    expect(await books.rows(customerId)).toHaveLength(1);
  });

  test('the last day of grace counts', async () => {
    const customerId = await as.customer('grace');
    const { licenses } = await as.assign('grace', 'Once');
    world.setNow('2027-04-03T09:00:00Z');
    expect((await suspend(licenses[0]!.licenseId)).license.status).toBe('suspended');
    world.setNow('2027-04-04T09:00:00Z');
    await expect(resume(licenses[0]!.licenseId)).rejects.toMatchObject({ code: 'license.expired' });
    await books.expectProof(customerId);
  });

  test('without the right; of another partner as if it did not exist', async () => {
    await as.customer('walls');
    const { licenses } = await as.assign('walls', 'Endpoint');
    const { licenseId: license } = licenses[0]!;
    const vera = scriptOf(world, 'vera@brightside.example');
    await expect(vera.run(suspendLicense, { license })).rejects.toMatchObject({ code: 'not_allowed' });
    const yuki = scriptOf(world, 'yuki@sakura.example');
    const missing = { kind: 'not_found', code: 'not_found', field: 'license' };
    await expect(yuki.run(suspendLicense, { license })).rejects.toMatchObject(missing);
    await expect(suspend('00000000-0000-4000-8000-0000000000ff')).rejects.toMatchObject(missing);
    await expect(suspend('nothing')).rejects.toMatchObject(missing);
  });
});

describe.runIf(isPostgres)('at the same time', () => {
  test('of two who suspend, one does', async () => {
    const customerId = await as.customer('race-twice');
    const { licenses } = await as.assign('race-twice', 'Endpoint');
    const both = await Promise.allSettled([1, 2].map(() => suspend(licenses[0]!.licenseId)));
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'license.already_suspended' },
    });
    expect(await books.rows(customerId, 1)).toHaveLength(1);
  });

  test('suspending beside removing: both, or the removal alone', async () => {
    const customerId = await as.customer('race-removal');
    const { licenses } = await as.assign('race-removal', 'Suite');
    const { licenseId: license } = licenses[0]!;
    const [suspended, removed] = await Promise.allSettled([
      suspend(license, { all: true }),
      as.run(removeLicense, { license, all: true }),
    ]);
    expect(removed.status).toBe('fulfilled');
    const before = suspended.status === 'fulfilled' ? 3 : 0;
    if (suspended.status === 'rejected') expect(suspended.reason).toMatchObject({ code: 'license.removed' });
    const reasons = (await books.ledger(customerId)).slice(3).map(({ reason }) => reason);
    expect(reasons).toEqual([...Array(before).fill('suspension'), ...Array(3).fill('removal')]);
    await books.expectProof(customerId);
  });
});
