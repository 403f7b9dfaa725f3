import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { suspendCustomer } from '../../../src/core/customers/suspend-customer.ts';
import { activateLicense } from '../../../src/core/licenses/activate-license.ts';
import { CustomerTransaction } from '../../../src/core/licenses/customer-transaction.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { listLicenses } from '../../../src/core/licenses/list-licenses.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, isPostgres, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
  await as.plan('Waits', 'WFS-ADV', { activation: 'on_first_sign_in', initialMonths: 1, graceDays: 10 });
  await as.plan('Waits And Ends', 'WFS-ADV', {
    activation: 'on_first_sign_in',
    initialMonths: 1,
    graceDays: 10,
    autoRenewal: false,
  });
  await as.plan('Mixed', 'SP', { activation: 'on_first_sign_in' });
  await as.plan('At once', 'WFS');
});
afterAll(() => world.close());
beforeEach(() => world.setNow('2026-03-05T09:00:00Z'));

const activate = (license: string) => as.run(activateLicense, { license });
const statuses = async (account: string) =>
  (await as.run(listLicenses, { customer: account })).items.map(({ status }) => status).toSorted();

describe('the first sign-in', () => {
  test('activates one licence, once, and the ledger knows nothing of it', async () => {
    const { account, license } = await as.someHolder('Waits');
    expect(await statuses(account)).toEqual(['pending_activation', 'pending_activation', 'pending_activation']);
    const ledger = (await world.all(CustomerTransaction)).length;
    world.setNow('2026-03-10T10:30:00Z');
    const before = await world.stored(License, license);
    expect(await activate(license)).toMatchObject({ license: { licenseId: license, status: 'active' } });
    const activatedAt = Temporal.Instant.from('2026-03-10T10:30:00Z');
    expect(await world.stored(License, license)).toEqual({ ...before, activatedAt });
    expect(await statuses(account)).toEqual(['active', 'pending_activation', 'pending_activation']);
    expect(await world.all(CustomerTransaction)).toHaveLength(ledger);

    world.setNow('2026-03-11T10:30:00Z');
    await expect(activate(license)).rejects.toMatchObject({ code: 'license.already_activated', field: 'license' });
    expect((await world.stored(License, license)).activatedAt).toEqual(activatedAt);
  });

  test('is audited', async () => {
    const { license } = await as.someHolder('Waits');
    const caller = await world.as('leo@brightside.example', 'first-sign-in');
    await world.execute(activateLicense, caller, { license });
    expect(await world.sql(`select use_case, input from audit_entry where request_id = 'first-sign-in'`)).toEqual([
      { use_case: 'license activate', input: { license } },
    ]);
  });

  test('still counts in the days of grace: then the license is in grace', async () => {
    const { license } = await as.someHolder('Waits');
    await world.sql('update license set auto_renewal = false where id = ?', [license]);
    world.setNow('2026-04-07T09:00:00Z');
    expect(await activate(license)).toMatchObject({ license: { status: 'grace' } });
  });

  test('cannot have happened where the license does not wait for it', async () => {
    const refused = async (license: string, code: string, params: object = {}): Promise<void> => {
      await expect(activate(license)).rejects.toMatchObject({ code, field: 'license', params });
      expect((await world.stored(License, license)).activatedAt).toBeNull();
    };
    await refused((await as.someHolder('At once')).license, 'license.not_pending', { status: 'active' });
    const scheduled = await as.someHolder('Waits', { startsOn: '2026-03-06' });
    await refused(scheduled.license, 'license.not_pending', { status: 'scheduled' });
    const removed = await as.someHolder('Waits');
    await world.sql(`update license set removed_on = '2026-03-05' where id = ?`, [removed.license]);
    await refused(removed.license, 'license.removed');
    const resting = await as.someHolder('Waits');
    await world.sql('update license set suspended = true where id = ?', [resting.license]);
    await refused(resting.license, 'license.not_pending', { status: 'suspended' });
    const held = await as.someHolder('Waits');
    await as.run(suspendCustomer, { customer: held.account });
    await refused(held.license, 'license.not_pending', { status: 'suspended' });
    const over = await as.someHolder('Waits And Ends');
    world.setNow('2026-04-15T09:00:00Z');
    await refused(over.license, 'license.expired');
  });

  test('is of services: software in the same suite has its code and waits for nobody', async () => {
    const { licenses } = await as.someHolder('Mixed');
    const outcomes = await Promise.all(
      licenses.map(async ({ licenseId: license }) => {
        const { activationCode } = await world.stored(License, license);
        return {
          code: activationCode !== null,
          outcome: await activate(license).then(
            () => 'done',
            (e) => e.code,
          ),
        };
      }),
    );
    expect(outcomes.filter(({ code }) => code)).toHaveLength(1);
    for (const { code, outcome } of outcomes) expect(outcome).toBe(code ? 'license.not_pending' : 'done');
  });

  test('is told by who may, of licenses within reach', async () => {
    const { license } = await as.someHolder('Waits');
    for (const email of ['vera@brightside.example', 'bob@brightside.example'])
      await expect(scriptOf(world, email).run(activateLicense, { license })).rejects.toMatchObject({
        code: 'not_allowed',
      });
    for (const email of ['ada@northwind.example', 'yuki@sakura.example', 'olga@fjord.example'])
      await expect(scriptOf(world, email).run(activateLicense, { license })).rejects.toMatchObject({
        code: 'not_found',
        field: 'license',
      });
    await expect(activate(crypto.randomUUID())).rejects.toMatchObject({ code: 'not_found', field: 'license' });
    await expect(activate('not-an-id')).rejects.toMatchObject({ code: 'not_found', field: 'license' });
    await scriptOf(world, 'lise@brightside.example').run(activateLicense, { license });
  });

  test.runIf(isPostgres)('told by eight at once is taken from one', async () => {
    const { license } = await as.someHolder('Waits');
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => activate(license)));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of settled)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'license.already_activated' });
  });
});
