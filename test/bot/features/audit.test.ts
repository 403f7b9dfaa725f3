import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyOwnAudit } from '../../../src/core/audit/verify-audit.ts';
import type { Em } from '../../../src/storage/orm.ts';
import { deskOn } from '../../support/desk-on.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

let world: World;
const { say } = deskOn(() => world);

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  for (const email of ['leo@brightside.example', 'yuki@sakura.example']) {
    const script = scriptOf(world, email);
    await script.customer(`of-${email.slice(0, 3)}`);
    await script.plan('Endpoint', 'WFS');
    await script.assign(`of-${email.slice(0, 3)}`, 'Endpoint');
  }
});
afterAll(() => world?.close());

const ask = async (userId?: string) => JSON.stringify(await say('audit verify', userId));
const verify = async (email = 'leo@brightside.example') => world.execute(verifyOwnAudit, await world.as(email), {});
const asOwner = (query: string) => (world.database.orm.em.fork() as Em).execute(query);

test('an admin learns that the audit of his company is whole; others may not ask', async () => {
  expect(await verify()).toEqual({ ok: true, entries: 3, broken: null });
  expect(await ask()).toContain('The audit is whole: 3 entries');
  expect(await ask('U0VERA')).toContain('"kind":"refused"');
});

test('what is wrong elsewhere is nobody else’s business', async () => {
  await asOwner(`update audit_entry set input = '{}' where partner_id = '${partnerIds.sakura}' and sequence = 2`);
  expect(await verify()).toMatchObject({ ok: true });
  expect(await verify('yuki@sakura.example')).toMatchObject({
    ok: false,
    broken: { sequence: '2', table: 'audit_entry', reason: 'content was changed' },
  });
});

test('a ledger row that somebody changed is named', async () => {
  await asOwner(
    `update customer_transaction set units_before = 1, units_after = units_after + 1 where partner_id = '${partnerIds.brightside}'`,
  );
  const { broken } = await verify();
  expect(broken).toMatchObject({
    sequence: '3',
    table: 'customer_transaction',
    reason: 'the row that it wrote was changed',
  });
  const card = await ask();
  expect(card).toContain('The audit is broken');
  expect(card).toContain(broken!.rowId!);
});

test('so is an end that was cut off', async () => {
  await asOwner(`delete from audit_entry where partner_id = '${partnerIds.brightside}' and sequence = 3`);
  expect((await verify()).broken).toMatchObject({ sequence: '3', reason: 'the end of the chain is missing' });
});
