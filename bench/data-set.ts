/**
 * Fills an empty PostgreSQL with many partners: `node bench/data-set.ts postgres://… [--partners N] [--customers N]
 * [--usage-days N] [--without-licenses] [--without-audit]`. One partner is entered by the same verbs that people use, with a year of
 * assignments, usage and reports; the rest are copies of its rows under ids of their own, so that every row is legal
 * because the product wrote one like it.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { PersonActor } from '../src/core/caller.ts';
import { readTableFile } from '../src/files-in/read-table.ts';
import type { Stored } from '../src/core/unit-of-work.ts';
import { createExecute, type AnyUseCase, type Host } from '../src/core/use-case.ts';
import { useCases } from '../src/core/use-cases.ts';
import { appendOnly, writtenRows } from '../src/storage/witness.ts';
import { appendAudit } from '../src/storage/audit-chain.ts';
import { sha256 } from '../src/storage/canonical.ts';
import { openDatabase } from '../src/storage/database.ts';
import type { Em } from '../src/storage/orm.ts';
import { systemRole } from '../src/storage/walls.ts';

export interface DataSet {
  readonly url: string;
  /** All together; every two hundredth is a Tier 1, every tenth of the others a reseller. */
  readonly partners?: number;
  /** All together; a multiple of the forty that every partner has. Resellers share what is beyond. */
  readonly customers?: number;
  /** Days of each month on which the feed reports. */
  readonly usageDays?: number;
  /** False: customers and plans alone. */
  readonly licenses?: boolean;
  /** False: the audit does not tell of the copied rows; for whoever measures what reads no audit. */
  readonly audit?: boolean;
}

/** Business time of whoever measures: the day after the last that the feed reports. */
export const dataSetNow = '2026-03-05T09:00:00Z';
/** The customers of the partner that is copied. */
export const customersEach = 40;
const adminOf = (partner: number): string => `admin-${partner}@partner.example`;
/** The people of `adminOf`, of all partners that have one. */
export const adminsOf = (host: Host, partners: number): Promise<PersonActor[]> =>
  host.transaction({ type: 'system', name: 'bench' }, { readOnly: true }, async ({ reads }) => {
    const found: PersonActor[] = [];
    for (let n = 0; n < partners; n++) {
      const actor = await reads.people.actorByEmail(adminOf(n));
      if (actor) found.push(actor);
    }
    return found;
  });
/** What the Tier 1 numbers begin at, so that they never meet those of the others. */
const tierOnesFrom = 0x1000000;

const plans = [
  ['Advanced Monthly', 'Worry-Free Services Advanced', 'monthly_plan', 36],
  ['Complete Monthly', 'SPC', 'monthly_plan', 36],
  ['Endpoint Monthly', 'Worry-Free Services', 'monthly_plan', 36],
  ['Mail Monthly', 'Email Security Standard', 'monthly_plan', 36],
  ['Encryption Monthly', 'Endpoint Encryption', 'monthly_plan', 36],
  ['Web Monthly', 'Web Security', 'monthly_plan', 36],
  ['Awareness Monthly', 'Acme Awareness Training', 'monthly_plan', 24],
  ['Backup Annual', 'Acme Backup', 'annual_license', 12],
] as const;

/** Four kinds of customer in turn; each comes to five licences. */
const bundles: readonly (readonly (typeof plans)[number][0][])[] = [
  ['Advanced Monthly', 'Web Monthly', 'Backup Annual'],
  ['Complete Monthly'],
  ['Endpoint Monthly', 'Mail Monthly', 'Encryption Monthly', 'Web Monthly', 'Awareness Monthly'],
  ['Advanced Monthly', 'Encryption Monthly', 'Awareness Monthly'],
];

const beginning = '2025-02-01T12:00:00Z';
const byName = new Map<string, AnyUseCase>(useCases.map((useCase) => [useCase.name, useCase]));
const place = { street: 'Hauptstraße 1', city: 'Berlin', state: 'Berlin', postalCode: '10115', country: 'DE' };
const contact = { contactFirstName: 'Leo', contactLastName: 'Martin', timeZone: 'Europe/Berlin', currency: 'EUR' };

/** Enters the Tier 1 and the partner that are copied. */
const enterOriginal = async ({ url, usageDays = 1, licenses = true }: DataSet, client: pg.Client): Promise<void> => {
  const database = await openDatabase({ url });
  let now = Temporal.Instant.from(beginning);
  const host = database.host({ now: () => now }, async () => {});
  const execute = createExecute(host);
  const system = { type: 'system', name: 'data set' } as const;
  let deliveries = 0;
  const run = async (at: string, as: string | null, name: string, input: object = {}): Promise<void> => {
    now = Temporal.Instant.from(at);
    const actor = as
      ? await host.transaction(system, { readOnly: true }, ({ reads }) => reads.people.actorByEmail(as))
      : system;
    await execute(byName.get(name) as never, { actor: actor as never, requestId: `data-set:${++deliveries}` }, input);
  };

  try {
    const partner = { ...place, ...contact, email: 'desk@partner.example' };
    await run(beginning, null, 'partner add', { ...partner, slug: 'tier-one', company: 'Tier One' });
    await run(beginning, null, 'partner add', { ...partner, slug: 'partner', company: 'Partner', parent: 'tier-one' });
    const person = { firstName: 'Leo', lastName: 'Martin', roles: ['admin'] };
    await run(beginning, null, 'person add', { ...person, partner: 'tier-one', email: 'admin@tier-one.example' });
    const admin = adminOf(0);
    await run(beginning, null, 'person add', { ...person, partner: 'partner', email: admin });
    const catalog: unknown = JSON.parse(readFileSync(catalogFile('demo.json'), 'utf8'));
    await run(beginning, null, 'import catalog', { catalog });
    const table = await readTableFile(catalogFile('prices-northwind.csv'));
    await run(beginning, null, 'import prices', { partner: 'tier-one', table });

    for (const [name, product, subscriptionType, months] of plans) {
      const isService = name !== 'Encryption Monthly';
      await run(beginning, admin, 'plan create', {
        name,
        product,
        subscriptionType,
        version: 'full',
        defaultUnits: 25,
        initialMonths: months,
        autoRenewal: subscriptionType === 'monthly_plan',
        notifyDays: [30],
        ...(isService && { dataCentre: 'Europe' }),
      });
    }
    for (let index = 0; index < customersEach; index++) {
      const day = Temporal.PlainDate.from('2025-03-10').add({ days: (index * 37) % 330 });
      const account = `account-${index}`;
      await run(`${day}T09:00:00Z`, admin, 'customer add', {
        account,
        company: `Company ${index}`,
        city: 'Berlin',
        state: 'Berlin',
        accountMail: 'never',
        firstName: 'Anna',
        lastName: 'Vogel',
        email: `anna@${account}.example`,
      });
      if (!licenses) continue;
      for (const plan of bundles[index % bundles.length]!)
        await run(`${day}T10:00:00Z`, admin, 'assign', { customer: account, plan, units: 5 + ((index * 7) % 60) });
    }
    if (!licenses) return;
    await enterUsage(client, usageDays);
    for (
      let month = Temporal.PlainYearMonth.from('2025-03');
      month.toString() <= '2026-03';
      month = month.add({ months: 1 })
    ) {
      await run(`${month}-01T03:00:00Z`, null, 'cycle close');
      if (month.toString() < '2026-03') await run(`${month}-08T03:00:00Z`, null, 'report auto-submit');
    }
  } finally {
    await database.close();
  }
};

const catalogFile = (name: string): string => fileURLToPath(new URL(`../catalog/${name}`, import.meta.url));

/** The feed of what the original partner's customers hold by month. */
const enterUsage = async (client: pg.Client, usageDays: number): Promise<void> => {
  await client.query(
    `insert into usage_day (id, partner_id, product_id, customer_id, day, provisioned, used)
     select gen_random_uuid(), l.partner_id, l.product_id, l.customer_id, days.day, l.units,
            case when p.usage_basis = 'none' then null
                 else greatest(0, l.units * (60 + abs(hashtext(l.id::text || days.day::text)) % 40) / 100) end
       from license l join product p on p.id = l.product_id
      cross join lateral (select d::date as day from generate_series(l.starts_on, date '2026-03-04', interval '1 day') d
                           where extract(day from d) <= $1) days
      where l.subscription_type = 'monthly_plan'`,
    [usageDays],
  );
};

interface Column {
  readonly name: string;
  /** The table that it points to; null: a value. */
  readonly target: string | null;
}

/** What a copy has of its own besides its ids. */
const ownValues: Readonly<Record<string, string>> = {
  'partner.slug': `t.slug || '-' || c.n`,
  'partner.company': `t.company || ' ' || c.n`,
  'partner.kind': `c.kind`,
  'partner.guid': `t.guid || '-' || c.n`,
  'person.email': `replace(t.email, '-0@', '-' || c.n || '@')`,
  'customer.account': `t.account || '-' || c.n`,
  'customer.company': `t.company || ' ' || c.n`,
  'customer.email': `replace(t.email, '@', '@' || c.n || '.')`,
  'usage_report_event.lines': `(
    select coalesce(jsonb_agg(line || jsonb_build_object('lineId', pg_temp.copied((line ->> 'lineId')::uuid, c.n))
                              order by nth), '[]')
      from jsonb_array_elements(t.lines) with ordinality as x (line, nth))`,
};

/** Everybody sees these: they stay as they are. */
const shared = new Set(['product', 'vendor']);
/** A partner has these once, however many customers it has. */
const ofPartner = new Set(['person', 'service_plan']);

const copyRows = async (client: pg.Client, { customers = 100_000, partners = 2000, licenses = true }: DataSet) => {
  const tierOnes = Math.ceil(partners / 200);
  // Two are there: the original and its Tier 1.
  const copies = partners - tierOnes - 2;
  await client.query(
    `create function pg_temp.copied(id uuid, n int) returns uuid language sql immutable as
       $$ select (lpad(to_hex(n), 8, '0') || substr(id::text, 9))::uuid $$`,
  );
  // One row a copy of the forty customers. The original stays the first of all partners.
  await client.query(
    `create temporary table copy as
     with partner as (
       select n, case when n % 10 = 9 then 'reseller' else 'msp' end as kind, ${tierOnesFrom} + n % $2::int as parent_n
         from generate_series(1, $1::int) n),
     reseller as (select n, parent_n, row_number() over (order by n) - 1 as nth from partner where kind = 'reseller')
     select n, n as partner_n, kind, parent_n from partner
      union all
     select $1::int + extra, r.n, 'reseller', r.parent_n
       from generate_series(1, $3::int / ${customersEach} - $1::int - 1) extra
       join reseller r on r.nth = extra % (select count(*) from reseller)`,
    [copies, tierOnes, customers],
  );
  await client.query('analyze copy');
  await client.query(
    `create temporary table tier_one_copy as select ${tierOnesFrom} + k as n, null::text as kind
       from generate_series(0, $1::int - 1) k`,
    [tierOnes],
  );

  const columnsOf = async (table: string): Promise<Column[]> => {
    const { rows } = await client.query<Column>(
      `select a.attname as name, f.confrelid::regclass::text as target
         from pg_attribute a
         left join pg_constraint f on f.contype = 'f' and f.conrelid = a.attrelid and f.conkey = array[a.attnum]
        where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
      [table],
    );
    return rows;
  };
  const idOf = (column: string, target: string, own: string): string => {
    if (shared.has(target)) return `t.${column}`;
    const number = target === 'partner' || ofPartner.has(target) ? own : 'c.n';
    return `pg_temp.copied(t.${column}, ${number})`;
  };
  const copy = async (table: string, own: string, from: string, special: Readonly<Record<string, string>> = {}) => {
    // As they would have come: the feed day by day, the rest partner by partner.
    const order = table === 'usage_day' ? 't.day, c.n' : 'c.n';
    const columns = await columnsOf(table);
    const values = columns.map(
      ({ name, target }) =>
        special[name] ??
        ownValues[`${table}.${name}`] ??
        (name === 'id' ? idOf('id', table, own) : target ? idOf(`"${name}"`, target, own) : `t."${name}"`),
    );
    await client.query(
      `insert into ${table} (${columns.map(({ name }) => `"${name}"`).join(', ')}) select ${values.join(', ')} ${from}
        order by ${order}`,
    );
  };

  const ofTierOne = (table: string, partner: string): string =>
    `from ${table} t, tier_one_copy c where ${partner} = (select id from partner where slug = 'tier-one')`;
  await copy('partner', 'c.n', ofTierOne('partner', 't.id'));
  await copy('person', 'c.n', ofTierOne('person', 't.partner_id'), { email: `c.n || '.' || t.email` });
  await copy('price', 'c.n', ofTierOne('price', 't.partner_id'));

  const original = `(select id from partner where slug = 'partner')`;
  const parent = `pg_temp.copied(t.parent_id, c.parent_n)`;
  await copy('partner', 'c.n', `from partner t, copy c where t.id = ${original} and c.n = c.partner_n`, {
    parent_id: parent,
  });
  for (const table of ofPartner)
    await copy(table, 'c.n', `from ${table} t, copy c where t.partner_id = ${original} and c.n = c.partner_n`);
  const ofCustomer = `t.partner_id = ${original}`;
  await copy('customer', 'c.partner_n', `from customer t, copy c where ${ofCustomer}`, {
    tier_one_id: 'pg_temp.copied(t.tier_one_id, c.parent_n)',
  });
  if (!licenses) return;
  for (const table of ['plan_assignment', 'license', 'customer_transaction', 'money_line', 'usage_day'])
    await copy(table, 'c.partner_n', `from ${table} t, copy c where ${ofCustomer}`);
  for (const table of ['usage_report', 'usage_report_line', 'usage_report_event'])
    await copy(table, 'c.partner_n', `from ${table} t, copy c where ${ofCustomer} and c.kind = 'msp'`);
};

/** The audit tells of each partner's ledger rows and histories in one entry of its own. */
const enterAudit = async (url: string): Promise<void> => {
  const database = await openDatabase({ url });
  const em = database.orm.em.fork({ session: { role: systemRole } }) as Em;
  try {
    const partners = await em.transactional((inner) =>
      (inner as Em).execute<{ id: string; slug: string }[]>(`select id, slug from partner where slug like 'partner-%'`),
    );
    for (const { id, slug } of partners)
      await em.transactional(async (inner) => {
        const rows: Stored[] = [];
        for (const type of appendOnly.values())
          rows.push(
            ...((await inner.find(type as never, { partnerId: id } as never, {
              disableIdentityMap: true,
            })) as unknown as Stored[]),
          );
        await appendAudit(
          inner as Em,
          { type: 'system', name: 'data set' },
          {
            at: Temporal.Instant.from(dataSetNow),
            useCase: 'data set',
            requestId: `data-set:${slug}`,
            input: { partner: slug },
            inputHash: sha256(slug),
            answer: null,
            written: writtenRows(rows),
          },
        );
      });
  } finally {
    await database.close();
  }
};

/** Fills an empty database. */
export const enterDataSet = async (dataSet: DataSet): Promise<void> => {
  const client = new pg.Client(dataSet.url);
  await client.connect();
  try {
    await enterOriginal(dataSet, client);
    // Every copy points where its original does, to a copy: asking the keys of each row again would take most of the time.
    await client.query('set session_replication_role = replica');
    await client.query(`set work_mem = '256MB'`);
    await copyRows(client, dataSet);
    if ((dataSet.licenses ?? true) && (dataSet.audit ?? true)) await enterAudit(dataSet.url);
    await client.query('vacuum (analyze)');
  } finally {
    await client.end();
  }
};

if (import.meta.url === pathToFileURL(resolve(process.argv[1] ?? '')).href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      partners: { type: 'string', default: '2000' },
      customers: { type: 'string', default: '100000' },
      'usage-days': { type: 'string', default: '1' },
      'without-licenses': { type: 'boolean', default: false },
      'without-audit': { type: 'boolean', default: false },
    },
  });
  const [url] = positionals;
  if (!url) throw new Error('Say which database: node bench/data-set.ts postgres://…');
  const began = performance.now();
  await enterDataSet({
    url,
    partners: Number(values.partners),
    customers: Number(values.customers),
    usageDays: Number(values['usage-days']),
    licenses: !values['without-licenses'],
    audit: !values['without-audit'],
  });
  console.log(`Filled in ${Math.round((performance.now() - began) / 1000)} s.`);
}
