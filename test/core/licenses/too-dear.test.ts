import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeSeats } from '../../../src/core/licenses/change-seats.ts';
import { givenPrice } from '../../support/licensing.ts';
import { parts, suiteScript } from '../../support/suites.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof suiteScript>;
beforeAll(async () => {
  world = await createWorld();
  as = suiteScript(world);
});
afterAll(() => world.close());

test('a sum that no database keeps is refused in words, and nothing is given', async () => {
  await as.take(...parts());
  await givenPrice(world, 'A', '2025-01-01', '999999999999.99999999');
  await as.plan('Annual', 'A', { subscriptionType: 'annual_license', initialMonths: 36 });
  const id = await as.customer('anna');
  await expect(as.assign('anna', 'Annual', { units: 1_000_000 })).rejects.toMatchObject({ code: 'money.too_large' });
  expect(await as.ledger(id)).toEqual([]);
  const { licenses } = await as.assign('anna', 'Annual', { units: 30_000 });
  const license = licenses[0]!.licenseId;
  await expect(as.run(changeSeats, { license, units: 1_000_000 })).rejects.toMatchObject({ code: 'money.too_large' });
  expect(await as.moneySince(id)).toEqual(['charge A 9000000000000000000']);
});
