import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeCycles } from '../../../src/core/reports/close-cycles.ts';
import { showReport } from '../../../src/core/reports/show-report.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.sql(`update partner set created_at = '2026-02-02T00:00:00Z'`);
  await world.execute(closeCycles, world.system, {});
});
afterAll(() => world?.close());

const show = async (report: string, email = 'mia@northwind.example') =>
  world.execute(showReport, await world.as(email), { report });

test('a company name that two partners share names no report; a short name does, also one that is such a name', async () => {
  await world.sql(`update partner set company = 'Twin' where slug in ('brightside', 'sakura')`);
  await expect(show('twin 2026-02')).rejects.toMatchObject({ code: 'report.partner_ambiguous', field: 'report' });
  expect(await show('brightside 2026-02')).toMatchObject({ partnerSlug: 'brightside' });
  await world.sql(`update partner set company = 'Sakura' where slug in ('brightside', 'sakura')`);
  expect(await show('sakura 2026-02')).toMatchObject({ partnerSlug: 'sakura' });
});

test('what stands behind the wall makes no name ambiguous, and is not found by it', async () => {
  await world.sql(`update partner set company = 'Twin' where slug in ('brightside', 'sakura')`);
  expect(await show('twin 2026-02', 'leo@brightside.example')).toMatchObject({ partnerSlug: 'brightside' });
  for (const name of ['twin 2026-02', 'brightside 2026-02', 'nobody 2026-02'])
    await expect(show(name, 'olga@fjord.example')).rejects.toMatchObject({ code: 'not_found', field: 'report' });
});

test('a name that no database stores is refused', async () => {
  await expect(show('\0 2026-02')).rejects.toMatchObject({ code: 'input.unprintable', field: 'report' });
});
