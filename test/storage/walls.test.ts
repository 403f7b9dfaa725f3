import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mappings } from '../../src/storage/mapping/index.ts';
import { createWorld, partnerIds, type World } from '../support/world.ts';
import { appendOnly } from '../../src/storage/witness.ts';
import type { Em } from '../../src/storage/orm.ts';
import { appRole, systemRole } from '../../src/storage/walls.ts';
import { addCustomer } from '../../src/core/customers/add-customer.ts';
import { customerOf } from '../support/customers.ts';
import { customerNamed } from '../support/licensing.ts';
import type { PersonActor } from '../../src/core/caller.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** As the host opens a person's transaction. */
const sessionFor = (actor: PersonActor) => ({
  role: appRole,
  variables: {
    'app.partner': actor.partnerId,
    'app.person': actor.personId,
    'app.readable': [actor.partnerId, ...actor.managedIds].join(','),
    'app.reports': [actor.partnerId, ...actor.childIds].join(','),
    'app.prices': [actor.partnerId, actor.parentId].filter(Boolean).join(','),
  },
});
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
    await world.given(customerOf('ours'), customerOf('theirs', { partnerId: partnerIds.sakura }));
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

  test.each(['audit_entry', ...appendOnly.keys()])('%s is written once', async (table) => {
    const leo = await person('leo@brightside.example');
    for (const as of [leo, await person('ada@northwind.example'), undefined]) {
      await expect(world.sql(`update ${table} set id = id`, [], as)).rejects.toMatchObject({ code: '42501' });
      await expect(world.sql(`delete from ${table}`, [], as)).rejects.toMatchObject({ code: '42501' });
      await expect(world.sql(`truncate ${table} cascade`, [], as)).rejects.toMatchObject({ code: '42501' });
    }
  });
});

/** Everybody may read the catalogue; what the system keeps nobody but the system may. */
const shared = ['product', 'vendor'];
const systems = ['audit_head', 'installation', 'mikro_orm_migrations', 'seen_delivery'];

describe('every table, whichever there are', () => {
  interface Column {
    readonly table: string;
    readonly column: string;
    readonly type: string;
    readonly made: boolean;
  }
  let columns: Map<string, Column[]>;
  const owned = (): string[] =>
    [...columns].flatMap(([table, of]) => (of.some(({ column }) => column === 'partner_id') ? [table] : []));
  /** Past roles, policies and references, as the server's owner. */
  const asOwner = async <T>(query: string): Promise<T[]> =>
    (world.database.orm.em.fork() as Em).transactional(async (em) => {
      await (em as Em).execute(`set local session_replication_role = replica`);
      return (em as Em).execute<T[]>(query);
    });
  const values: Readonly<Record<string, string>> = {
    uuid: 'gen_random_uuid()',
    text: 'gen_random_uuid()::text',
    integer: '1',
    bigint: '1',
    numeric: '1',
    boolean: 'false',
    jsonb: `'[]'::jsonb`,
    date: `date '2026-01-01'`,
    bytea: `'x'::bytea`,
    'text[]': `'{}'::text[]`,
    'timestamp(6) with time zone': `timestamptz '2026-01-01'`,
  };
  /** A row of a partner in any table, by its columns alone. */
  const rowOf = (table: string, over: Readonly<Record<string, string>>): string => {
    const row = columns.get(table)!.filter(({ made }) => !made);
    const valueOf = ({ column, type }: Column): string => {
      const value = over[column] ?? (column === 'delta' ? '0' : values[type]);
      if (value === undefined) throw new Error(`what is a ${type}? (${table}.${column})`);
      return value;
    };
    return `insert into ${table} (${row.map(({ column }) => `"${column}"`).join(', ')}) values (${row.map(valueOf).join(', ')})`;
  };
  const theirId = '00000000-0000-4000-8000-00000000beef';
  const ourId = '00000000-0000-4000-8000-00000000cafe';
  let leo: PersonActor;

  beforeAll(async () => {
    columns = Map.groupBy(
      await world.sql<Column>(
        `select c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as type,
                a.attgenerated <> '' or a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid) like 'nextval%', false) as made
           from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
          where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') order by c.relname, a.attnum`,
      ),
      ({ table }) => table,
    );
    leo = await person('leo@brightside.example');
    for (const table of owned()) {
      // Sakura has the same Tier 1 as the own partner, Fjord another one: neither is Leo's to see.
      await asOwner(rowOf(table, { id: `'${theirId}'`, partner_id: `'${partnerIds.fjord}'` }));
      await asOwner(rowOf(table, { partner_id: `'${partnerIds.sakura}'` }));
      await asOwner(
        rowOf(table, { id: `'${ourId}'`, partner_id: `'${leo.partnerId}'`, person_id: `'${leo.personId}'` }),
      );
    }
  });
  const refused = { code: '42501' };
  const attempt = (query: string, as: PersonActor = leo): Promise<unknown[]> => world.sql(query, [], as);
  /** What an attempt gave, or the code of the error it ended in. */
  const outcome = (query: string, as: PersonActor = leo): Promise<unknown> =>
    attempt(query, as).catch((error: { code?: string }) => error.code);

  test('belongs to partners, or is known to belong to none', () => {
    const rest = [...columns.keys()].filter((table) => !owned().includes(table));
    expect(rest.toSorted()).toEqual([...shared, ...systems, 'partner'].toSorted());
  });

  test('what is kept by the system alone is closed to the application, in every way', async () => {
    for (const table of systems)
      for (const query of [`select from ${table}`, `delete from ${table}`, `truncate ${table}`, `lock table ${table}`])
        await expect(attempt(query), query).rejects.toMatchObject(refused);
    await expect(attempt('select from pgboss.job')).rejects.toMatchObject({
      code: expect.stringMatching(/42501|42P01|3F000/),
    });
  });

  test('the catalogue is read by all and changed by none', async () => {
    for (const table of shared) {
      await attempt(`select from ${table}`);
      expect(await outcome(`update ${table} set id = id returning id`)).toEqual([]);
      await expect(attempt(`delete from ${table}`)).rejects.toMatchObject(refused);
      await expect(attempt(rowOf(table, {}))).rejects.toMatchObject(refused);
    }
  });

  test('rows of another partner are not there, however they are asked for', async () => {
    const others = `partner_id <> '${leo.partnerId}'`;
    for (const table of owned())
      for (const query of [
        `select * from ${table} where ${others}`,
        `select * from ${table} where id = '${theirId}'`,
        `select * from only ${table} where ${others} for update`,
        `with them as materialized (select * from ${table}) select * from them where ${others}`,
        `select t.* from ${table} t join partner p on p.id = t.partner_id where p.slug in ('fjord', 'sakura')`,
        `select them.* from person own cross join lateral (select * from ${table} t where t.${others}) them`,
        `select 1 where exists (select from ${table} where ${others})`,
        `select 1 where (select count(*) from ${table}) > (select count(*) from ${table} where partner_id = '${leo.partnerId}')`,
        `select id from ${table} where id = '${ourId}' and false union all select id from ${table} where ${others}`,
      ])
        // Rows are locked only where they may be updated.
        expect([query, await outcome(query)]).toEqual([
          query,
          query.endsWith('for update') ? expect.toBeOneOf([[], '42501']) : [],
        ]);
  });

  test('nobody learns of them by functions, errors or statistics', async () => {
    // A function that is cheaper than the policy would be asked first, if the policy let it.
    const peek = `create function pg_temp.peek(uuid) returns boolean language plpgsql cost 0.0001
      as 'begin if $1 <> ''${leo.partnerId}'' then raise exception ''seen''; end if; return true; end'`;
    for (const table of owned()) {
      await (world.database.orm.em.fork({ session: sessionFor(leo) }) as Em).transactional(async (em) => {
        await (em as Em).execute(peek);
        await (em as Em).execute(`select id from ${table} where pg_temp.peek(partner_id)`);
        await (em as Em).execute(`drop function pg_temp.peek(uuid)`);
      });
      await attempt(`select 1 / (case when partner_id = '${leo.partnerId}' then 1 else 0 end) from ${table}`);
      expect(await attempt(`select from pg_stats where schemaname = 'public' and tablename = '${table}'`)).toEqual([]);
    }
  });

  test('they are not changed, deleted, taken or written', async () => {
    for (const table of owned()) {
      const once = table === 'audit_entry' || appendOnly.has(table);
      const nothing = once ? '42501' : [];
      expect([
        table,
        await outcome(`update ${table} set partner_id = partner_id where id = '${theirId}' returning *`),
      ]).toEqual([table, nothing]);
      expect([table, await outcome(`delete from ${table}`)]).toEqual([table, '42501']);
      for (const query of [
        `truncate ${table} cascade`,
        rowOf(table, { partner_id: `'${partnerIds.fjord}'`, person_id: `'${partnerIds.fjord}'` }),
        `update ${table} set partner_id = '${partnerIds.fjord}', ${table === 'form_draft' ? `person_id = '${theirId}'` : 'id = id'} where id = '${ourId}'`,
        `${rowOf(table, { id: `'${theirId}'`, partner_id: `'${leo.partnerId}'`, person_id: `'${leo.personId}'` })} on conflict (id) do update set partner_id = excluded.partner_id`,
      ])
        expect([query, await outcome(query)]).toEqual([query, expect.toBeOneOf(['42501', '23503'])]);
    }
    const kept = await Promise.all(
      owned().map((table) =>
        asOwner(`select from ${table} where id = '${theirId}' and partner_id = '${partnerIds.fjord}'`),
      ),
    );
    expect(kept.every((rows) => rows.length === 1)).toBe(true);
  });

  test('settings that are missing, empty or nonsense open nothing', async () => {
    const session = (variables: Record<string, string>) => ({ role: appRole, variables });
    for (const variables of [
      {},
      { 'app.partner': '', 'app.readable': '', 'app.reports': '', 'app.prices': '', 'app.person': '' },
      { 'app.partner': 'x', 'app.readable': 'x', 'app.reports': 'x', 'app.prices': 'x', 'app.person': 'x' },
      { 'app.readable': `${leo.partnerId},%`, 'app.reports': '*' },
    ])
      for (const table of owned()) {
        const rows = await (world.database.orm.em.fork({ session: session(variables as never) }) as Em)
          .transactional((em) => (em as Em).execute<unknown[]>(`select from ${table}`))
          .catch((error: { code?: string }) => error.code);
        expect([table, rows]).toEqual([table, expect.toBeOneOf([[], '22P02'])]);
      }
  });

  test('the application makes nothing that others would run, and runs nothing as somebody else but these', async () => {
    for (const query of [
      'create table public.mine (id int)',
      `create function public.mine() returns int language sql as 'select 1'`,
      `create function wall.partner() returns uuid language sql as 'select null::uuid'`,
      `create or replace function wall.partner() returns uuid language sql as 'select null::uuid'`,
      'create schema mine',
      'alter table customer disable row level security',
      'alter table customer no force row level security',
      'drop policy own on customer',
      'create policy mine on customer using (true)',
      'alter role seatwise_app bypassrls',
      'grant select on customer to public with grant option',
      `create view public.all_customers as select * from customer`,
      `copy customer to '/tmp/customers'`,
      `copy customer to program 'cat'`,
      'set local session_replication_role = replica',
    ])
      expect([query, await outcome(query)]).toEqual([query, expect.stringMatching(/^(42501|42710|42723|0LP01)$/)]);
    const definers = await world.sql<{ name: string; owner: string; path: string }>(
      `select n.nspname || '.' || f.proname as name, f.proowner::regrole::text as owner, array_to_string(f.proconfig, ' ') as path
         from pg_proc f join pg_namespace n on n.oid = f.pronamespace
        where f.prosecdef and n.nspname not in ('pg_catalog', 'information_schema', 'pgboss') order by 1`,
    );
    // A temporary table of the caller must not take the place of ours.
    const as = { owner: systemRole, path: 'search_path=public, pg_temp' };
    expect(definers).toEqual(
      ['wall.audit_head', 'wall.customer_counts', 'wall.keep_audit_head'].map((name) => ({ name, ...as })),
    );
  });

  test('what passes the wall is a figure of the own Tier 2s, and the end of the own chain', async () => {
    const ada = await person('ada@northwind.example');
    const counted = await world.sql<{ partner_id: string }>('select partner_id from wall.customer_counts()', [], ada);
    expect(counted.map(({ partner_id }) => partner_id).toSorted()).toEqual(
      [partnerIds.brightside, partnerIds.sakura].toSorted(),
    );
    expect(await attempt('select partner_id from wall.customer_counts()')).toEqual([{ partner_id: leo.partnerId }]);
    await world.execute(addCustomer, await world.as('olga@fjord.example'), customerNamed('chained'));
    expect(await attempt('select sequence from wall.audit_head()', await person('yuki@sakura.example'))).toEqual([]);
    expect(await attempt('select sequence from wall.audit_head()', await person('olga@fjord.example'))).toHaveLength(1);
  });

  test('a reference to another partner’s row is nowhere more than its id', async () => {
    // References are checked behind the walls: who knows an id may learn that it exists, and nothing else.
    await attempt(rowOf('form_draft', { partner_id: `'${leo.partnerId}'`, person_id: `'${leo.personId}'` }));
    const joined = await attempt(
      `select c.* from (values ('${theirId}'::uuid)) v (id) left join customer c on c.id = v.id where c.id is not null`,
    );
    expect(joined).toEqual([]);
  });
});
