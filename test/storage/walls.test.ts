import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Customer } from '../../src/core/customers/customer.ts';
import { mappings } from '../../src/storage/mapping/index.ts';
import { createWorld, partnerIds, type World } from '../support/world.ts';
import type { PersonActor } from '../../src/core/caller.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const person = async (email: string): Promise<PersonActor> => (await world.as(email)).actor as PersonActor;

test('mapping and migrations agree, on this database', async () => {
  const statements = (await world.database.orm.schema.getUpdateSchemaSQL()).replace(`set names 'utf8';`, '').trim();
  expect(statements).toBe('');
});

test('every table stands behind row-level security, forced, with a policy', async () => {
  const tables = await world.sql<{ table: string; forced: boolean; policies: number }>(
    `select c.relname as "table", c.relrowsecurity and c.relforcerowsecurity as forced,
            (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
       from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'mikro_orm_migrations'`,
  );
  expect(tables).toHaveLength(mappings.length);
  expect(tables.filter((table) => !table.forced || table.policies === 0)).toEqual([]);
});

describe('hand-written SQL in the application’s role', () => {
  beforeAll(async () => {
    const customer = (account: string, partnerId: string, tierOneId: string): Customer =>
      new Customer({
        id: crypto.randomUUID(),
        partnerId,
        tierOneId,
        account,
        company: account,
        city: 'Kiel',
        state: 'SH',
        firstName: 'A',
        lastName: 'B',
        email: 'a@b.example',
        emergencyEmail: null,
        phone: null,
        address: null,
        postalCode: null,
        country: null,
        language: null,
        accountMailOn: null,
        status: 'enabled',
        createdAt: Temporal.Instant.from('2026-01-01T00:00:00Z'),
      });
    await world.given(
      customer('ours', partnerIds.brightside, partnerIds.northwind),
      customer('theirs', partnerIds.sakura, partnerIds.northwind),
    );
  });

  test('sees the own customers alone', async () => {
    const rows = await world.sql<{ account: string }>(
      'select account from customer',
      [],
      await person('leo@brightside.example'),
    );
    expect(rows.map(({ account }) => account)).toEqual(['ours']);
  });

  test('a distributor sees no customers of a partner that it does not manage', async () => {
    expect(await world.sql('select account from customer', [], await person('ada@northwind.example'))).toEqual([]);
  });

  test('changes nobody else’s rows and writes none', async () => {
    const leo = await person('leo@brightside.example');
    expect(await world.sql(`update customer set city = 'x' where account = 'theirs' returning id`, [], leo)).toEqual(
      [],
    );
    await expect(
      world.sql(
        `insert into customer select gen_random_uuid(), ?::uuid, tier_one_id, 'new', company, city, state, first_name,
        last_name, email, null, null, null, null, null, null, null, status, created_at from customer limit 1`,
        [partnerIds.sakura],
        leo,
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });

  test('without a setting it sees nothing', async () => {
    const rows = await world.database.orm.em
      .fork({ session: { role: 'seatwise_app' } })
      .transactional((em) =>
        (em as unknown as { execute(q: string): Promise<unknown[]> }).execute('select * from customer'),
      );
    expect(rows).toEqual([]);
  });

  test.each(['audit_entry', 'customer_transaction', 'money_line', 'usage_report_event'])(
    '%s is written once',
    async (table) => {
      const leo = await person('leo@brightside.example');
      await expect(world.sql(`update ${table} set id = id`, [], leo)).rejects.toMatchObject({ code: '42501' });
      await expect(world.sql(`delete from ${table}`, [], leo)).rejects.toMatchObject({ code: '42501' });
      await expect(world.sql(`truncate ${table} cascade`, [], leo)).rejects.toMatchObject({ code: '42501' });
      await expect(world.sql(`update ${table} set id = id`)).rejects.toMatchObject({ code: '42501' });
    },
  );
});
