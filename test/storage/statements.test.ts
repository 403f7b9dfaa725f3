import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { Customer } from '../../src/core/customers/customer.ts';
import { StoredFile } from '../../src/core/messages/stored-file.ts';
import { PipelinedClient } from '../../src/storage/pipelined-client.ts';
import { customerOf } from '../support/customers.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const at = Temporal.Instant.from('2026-03-05T09:00:00.123456Z');
const file = (bytes: Uint8Array) =>
  new StoredFile({
    id: crypto.randomUUID(),
    partnerId: partnerIds.brightside,
    name: `a"b\\c 'd' ?.csv`,
    contentType: 'text/csv',
    bytes,
    createdAt: at,
    expiresAt: at.add({ hours: 1 }),
  });
const customer = (account: string) =>
  customerOf(account, {
    company: 'Müller & Söhne',
    accountMailOn: Temporal.PlainDate.from('2026-03-09'),
    createdAt: at,
  });

describe('what is added', () => {
  test('is stored in one statement, as it was', async () => {
    const { actor } = await world.as('leo@brightside.example');
    const [kept, first, second] = [file(new Uint8Array([0, 92, 255])), customer('one'), customer('two')];
    await world.host.transaction(actor, { readOnly: false }, async ({ uow }) => uow.add(kept, first, second));
    const found = await world.stored(StoredFile, kept.id);
    expect({ ...found, bytes: [...found.bytes] }).toEqual({ ...kept, bytes: [0, 92, 255] });
    expect({ ...(await world.stored(Customer, first.id)) }).toEqual({ ...first });
    expect((await world.stored(Customer, second.id)).account).toBe('two');
  });

  test('is watched on: what changes after it was written is written again', async () => {
    const { actor } = await world.as('leo@brightside.example');
    const added = customer('three');
    await world.host.transaction(actor, { readOnly: false }, async ({ uow }) => {
      uow.add(added);
      await uow.flush();
      expect(await uow.get(Customer, added.id)).toBe(added);
      added.city = 'Potsdam';
    });
    expect((await world.stored(Customer, added.id)).city).toBe('Potsdam');
  });

  test('stays behind the walls', async () => {
    const { actor } = await world.as('olga@fjord.example');
    const foreign = customer('four');
    await expect(
      world.host.transaction(actor, { readOnly: false }, async ({ uow }) => uow.add(foreign)),
    ).rejects.toMatchObject({ code: '42501' });
    expect(await world.all(Customer, { id: foreign.id })).toEqual([]);
  });
});

describe.runIf(isPostgres)('a connection that spares round trips', () => {
  let client: pg.Client;
  beforeEach(async () => {
    client = new PipelinedClient({ connectionString: inject('postgresUrl'), pipeline: true } as pg.ClientConfig);
    await client.connect();
    return () => client.end();
  });

  test('holds back what opens a transaction, and sends it ahead of the first statement', async () => {
    await client.query('begin');
    await client.query(`select set_config('app.partner', 'somebody', true)`);
    const { rows } = await client.query(`select current_setting('app.partner') as partner`);
    expect(rows).toEqual([{ partner: 'somebody' }]);
    await client.query('commit');
    expect((await client.query(`select current_setting('app.partner') as partner`)).rows).toEqual([{ partner: '' }]);
  });

  test('fails the statement behind one that failed, with its error, and goes on after the rollback', async () => {
    await client.query('begin');
    await client.query('set local role nobody_of_that_name');
    await expect(client.query('select 1 as one')).rejects.toMatchObject({ code: '22023' });
    await client.query('rollback');
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('prepares what has parameters once', async () => {
    for (const n of [1, 2, 3])
      expect((await client.query('select $1::int + 1 as n', [n])).rows).toEqual([{ n: n + 1 }]);
    const { rows } = await client.query('select statement from pg_prepared_statements');
    expect(rows).toEqual([{ statement: 'select $1::int + 1 as n' }]);
  });
});
