/**
 * How many assignments a second the core makes on PostgreSQL, eight at a time, through the whole of `execute`, against
 * hand-written SQL that leaves the same rows behind: pipelined, prepared, two round trips for each.
 */
import { createHash, randomUUID, randomUUIDv7 } from 'node:crypto';
import type { PersonActor } from '../src/core/caller.ts';
import { assign } from '../src/core/licenses/assign.ts';
import { createExecute } from '../src/core/use-case.ts';
import { queues } from '../src/jobs/queues.ts';
import { createBoss, enqueueWith, startBoss } from '../src/storage/boss.ts';
import { openDatabase } from '../src/storage/database.ts';
import { adminsOf, customersEach, dataSetNow, enterDataSet } from './data-set.ts';
import { median, quantile, rounded } from './figures.ts';
import { onServer, pipelined } from './server.ts';

const partners = 402;
const atATime = 8;
const secondsPerRound = 4;
const rounds = 7;
/** A suite of three products, one charged by the year, and a plain one: five licences and a charge in three calls. */
const plans = ['Advanced Monthly', 'Backup Annual', 'Web Monthly'] as const;

interface Task {
  readonly actor: PersonActor;
  readonly customer: string;
  readonly plan: string;
}
type Assign = (task: Task) => Promise<void>;

/** Eight lanes that take the next task as soon as they are done with one. */
const measure = async (lanes: readonly Assign[], next: () => Task, seconds: number) => {
  const times: number[] = [];
  const began = performance.now();
  const end = began + seconds * 1000;
  await Promise.all(
    lanes.map(async (lane) => {
      while (performance.now() < end) {
        const started = performance.now();
        await lane(next());
        times.push(performance.now() - started);
      }
    }),
  );
  return { perSecond: times.length / ((performance.now() - began) / 1000), p95: quantile(times, 0.95) };
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** All that the decision needs, with the rows it is about held. */
const ground = `
  select c.id as customer_id, s.id as plan_id, s.settings, s.version, s.subscription_type, s.default_units,
         (select json_agg(json_build_object('id', p.id, 'sku', p.sku, 'name', p.name, 'kind', p.kind,
                                            'unitType', p.unit_types[1]))
            from product p
           where p.id in (with recursive part (id) as (
                            select s.product_id
                            union
                            select c.id::uuid from part join product q on q.id = part.id, unnest(q.component_ids) c (id))
                          select id from part) and p.kind <> 'suite') as products,
         (select count(*)::int from license l join product p on p.id = l.product_id
           where l.customer_id = c.id and l.removed_on is null and l.ends_on + l.grace_days > $4::date
             and (l.product_id = s.product_id or l.product_id::text in (
                    select unnest(component_ids) from product where id = s.product_id))) as held,
         (select price from price
           where partner_id = $5 and product_id = s.product_id and version = s.version
             and subscription_type = s.subscription_type and currency = 'EUR' and valid_from <= $4::date
           order by valid_from desc, from_units limit 1)::text as price
    from customer c join service_plan s on s.partner_id = c.partner_id and lower(s.name) = lower($3)
   where c.partner_id = $1 and c.tier_one_id = $5 and lower(c.account) = lower($2) and c.status = 'enabled'
     and s.enabled and not s.locked
     for update of c, s`;

/** Every row of the change in one statement; \$1 carries them. */
const writes = `
  with given as (select $1::json as g),
  assignment as (
    insert into plan_assignment (id, partner_id, customer_id, plan_id, status, units, starts_on, settings, composition, created_at)
    select a.* from given, json_to_record(g -> 'assignment') as a (id uuid, partner_id uuid, customer_id uuid, plan_id uuid,
           status text, units int, starts_on date, settings jsonb, composition jsonb, created_at timestamptz)),
  licenses as (
    insert into license (id, partner_id, customer_id, assignment_id, plan_id, product_id, version, subscription_type,
                         unit_type, units, terms, starts_on, ends_on, auto_renewal, notify_days, grace_days, activation,
                         activation_code, data_centre, suspended, created_at)
    select l.* from given, json_to_recordset(g -> 'licenses') as l (id uuid, partner_id uuid, customer_id uuid,
           assignment_id uuid, plan_id uuid, product_id uuid, version text, subscription_type text, unit_type text,
           units int, terms jsonb, starts_on date, ends_on date, auto_renewal boolean, notify_days jsonb, grace_days int,
           activation text, activation_code text, data_centre text, suspended boolean, created_at timestamptz)),
  ledger as (
    insert into customer_transaction (id, at, effective_on, partner_id, customer_id, license_id, product_id,
                                      plan_after_id, type, reason, units_before, delta, units_after, term_after,
                                      person_id, request_id)
    select t.* from given, json_to_recordset(g -> 'ledger') as t (id uuid, at timestamptz, effective_on date,
           partner_id uuid, customer_id uuid, license_id uuid, product_id uuid, plan_after_id uuid, type text, reason text,
           units_before int, delta int, units_after int, term_after jsonb, person_id uuid, request_id text)),
  money as (
    insert into money_line (id, partner_id, customer_id, license_id, transaction_id, product_id, kind, amount_minor,
                            currency, effective_on)
    select m.* from given, json_to_recordset(g -> 'money') as m (id uuid, partner_id uuid, customer_id uuid,
           license_id uuid, transaction_id uuid, product_id uuid, kind text, amount_minor bigint, currency text,
           effective_on date)),
  job as (
    insert into pgboss.job (id, name, data, singleton_key, expire_seconds, deletion_seconds, keep_until, retry_limit,
                            retry_delay, retry_backoff, retry_delay_max, policy)
    select gen_random_uuid(), q.name, g -> 'job', g ->> 'jobKey', q.expire_seconds, q.deletion_seconds,
           now() + q.retention_seconds * interval '1s', q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max,
           q.policy
      from given, pgboss.queue q where q.name = 'notify'),
  woken as (select pg_notify('pgboss_bench', 'notify')),
  head as (
    select coalesce(max(sequence), 0) + 1 as next, coalesce((array_agg(hash))[1], repeat('0', 64)) as previous
      from (select sequence, hash from audit_entry where partner_id = $2 order by sequence desc limit 1) last)
  insert into audit_entry (id, partner_id, sequence, at, use_case, actor_name, person_id, request_id, input, input_hash,
                           answer, previous_hash, hash)
  select $3, $2, next, $4, 'assign', $5, $6, $7, $8, $9, $10, previous,
         encode(sha256(convert_to(previous || ':' || next || ':' || $11, 'UTF8')), 'hex')
    from head, woken`;

interface Ground {
  readonly customer_id: string;
  readonly plan_id: string;
  readonly settings: {
    readonly initialMonths: number;
    readonly graceDays: number;
    readonly dataCentre: string | null;
  } & Record<string, unknown>;
  readonly version: string;
  readonly subscription_type: string;
  readonly default_units: number;
  readonly products: readonly {
    readonly id: string;
    readonly sku: string;
    readonly name: string;
    readonly kind: string;
    readonly unitType: string;
  }[];
  readonly held: number;
  readonly price: string | null;
}

/** One lane of the limit. */
const byHand = async (url: string): Promise<{ lane: Assign; end: () => Promise<void> }> => {
  const client = await pipelined(url);
  const today = Temporal.Instant.from(dataSetNow).toZonedDateTimeISO('Europe/Berlin').toPlainDate();
  const lane: Assign = async ({ actor, customer, plan }) => {
    const requestId = randomUUID();
    const input = { customer, plan };
    const [, found] = await Promise.all([
      client.query('begin'),
      client.query<Ground>({
        name: 'ground',
        text: ground,
        values: [actor.partnerId, customer, plan, today.toString(), actor.parentId],
      }),
    ]);
    const [about] = found.rows;
    if (!about || about.held > 0) throw new Error(`${customer} cannot have ${plan}`);
    const { settings, default_units: units } = about;
    const endsOn = today.add({ months: settings.initialMonths }).toString();
    const startsOn = today.toString();
    const owned = { partner_id: actor.partnerId, customer_id: about.customer_id };
    const assignmentId = randomUUIDv7();
    const rows = about.products.map((product) => {
      const isService = product.kind === 'service';
      const ids = { license: randomUUIDv7(), transaction: randomUUIDv7() };
      const common = { version: about.version, subscription_type: about.subscription_type };
      return {
        license: {
          ...owned,
          ...common,
          id: ids.license,
          assignment_id: assignmentId,
          plan_id: about.plan_id,
          product_id: product.id,
          unit_type: product.unitType,
          units,
          starts_on: startsOn,
          ends_on: endsOn,
          terms: [
            {
              startsOn,
              endsOn,
              anchorOn: startsOn,
              version: about.version,
              months: settings.initialMonths,
              subscriptionType: about.subscription_type,
              yearlyPrice: about.price,
              currency: about.price && 'EUR',
            },
          ],
          auto_renewal: settings.autoRenewal,
          notify_days: settings.notifyDays,
          grace_days: settings.graceDays,
          activation: isService ? settings.activation : 'immediately',
          activation_code: isService ? null : randomUUID(),
          data_centre: isService ? settings.dataCentre : null,
          suspended: false,
          created_at: dataSetNow,
        },
        ledger: {
          ...owned,
          id: ids.transaction,
          at: dataSetNow,
          effective_on: startsOn,
          license_id: ids.license,
          product_id: product.id,
          plan_after_id: about.plan_id,
          type: 'New purchase',
          reason: 'assign',
          units_before: 0,
          delta: units,
          units_after: units,
          term_after: { startsOn, endsOn },
          person_id: actor.personId,
          request_id: requestId,
        },
        money: about.subscription_type === 'annual_license' && {
          ...owned,
          id: randomUUIDv7(),
          license_id: ids.license,
          transaction_id: ids.transaction,
          product_id: product.id,
          kind: 'charge',
          currency: 'EUR',
          effective_on: startsOn,
          amount_minor: Math.round((Number(about.price) * settings.initialMonths * units * 100) / 12),
        },
      };
    });
    const change = JSON.stringify({
      assignment: {
        ...owned,
        id: assignmentId,
        plan_id: about.plan_id,
        status: 'active',
        units,
        starts_on: startsOn,
        settings,
        composition: about.products.map(({ id }) => id),
        created_at: dataSetNow,
      },
      licenses: rows.map(({ license }) => license),
      ledger: rows.map(({ ledger }) => ledger),
      money: rows.flatMap(({ money }) => money || []),
      job: { topic: 'license.added', data: { assignmentId } },
      jobKey: assignmentId,
    });
    const answer = JSON.stringify({
      assignmentId,
      licenses: rows.map(({ license }, index) => ({
        licenseId: license.id,
        assignmentId,
        product: about.products[index]!.sku,
        startsOn,
        endsOn,
        units,
        productName: about.products[index]!.name,
        plan,
        unitType: license.unit_type,
        status: 'active',
      })),
    });
    const inputText = JSON.stringify(input);
    const inputHash = sha256(`assign ${inputText}`);
    await Promise.all([
      client.query({
        name: 'chain',
        text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
        values: [`audit:${actor.partnerId}`],
      }),
      client.query({
        name: 'writes',
        text: writes,
        values: [
          change,
          actor.partnerId,
          randomUUIDv7(),
          dataSetNow,
          actor.email,
          actor.personId,
          requestId,
          inputText,
          inputHash,
          answer,
          sha256(`${inputText}${answer}`),
        ],
      }),
      client.query('commit'),
    ]);
  };
  return { lane, end: () => client.end() };
};

const tables = [
  'plan_assignment',
  'license',
  'customer_transaction',
  'money_line',
  'audit_entry',
  'pgboss.job',
] as const;

export const run = (): Promise<object> =>
  onServer(async (url) => {
    await enterDataSet({ url, partners, customers: partners * customersEach, licenses: false });
    const database = await openDatabase({ url, connections: atATime });
    const boss = await createBoss(database.orm, url, console.error);
    await startBoss(boss, queues);
    const host = database.host({ now: () => Temporal.Instant.from(dataSetNow) }, enqueueWith(boss));
    const execute = createExecute(host);

    // One customer of every partner in turn, so that neighbours in time are of different chains.
    const people = await adminsOf(host, partners);
    let task = 0;
    const next = (): Task => {
      const number = task++;
      const partner = number % people.length;
      const nth = Math.floor(number / people.length);
      const customer = `account-${Math.floor(nth / plans.length)}${partner === 0 ? '' : `-${partner}`}`;
      return { actor: people[partner]!, customer, plan: plans[nth % plans.length]! };
    };
    const ours: Assign = async ({ actor, ...input }) => {
      await execute(assign, { actor, requestId: randomUUID() }, input);
    };
    const ourLanes = Array.from({ length: atATime }, () => ours);
    const hands = await Promise.all(Array.from({ length: atATime }, () => byHand(url)));
    const handLanes = hands.map(({ lane }) => lane);

    const counter = await pipelined(url);
    const rowCounts = async (): Promise<number[]> =>
      Promise.all(
        tables.map(async (table) => {
          const { rows } = await counter.query<{ n: string }>(`select count(*) as n from ${table}`);
          return Number(rows[0]?.n);
        }),
      );
    /** Rows that three assignments in a row, one of each plan, leave in each table. */
    const trace = async (lane: Assign): Promise<string> => {
      const before = await rowCounts();
      const turns = plans.length * people.length;
      for (const plan of plans) await lane({ ...next(), plan });
      task += turns - plans.length;
      return (await rowCounts()).map((n, index) => `${n - before[index]!} ${tables[index]}`).join(', ');
    };
    const [left, leftByHand] = [await trace(ours), await trace(handLanes[0]!)];
    if (left !== leftByHand) throw new Error(`ours leaves ${left}; the limit ${leftByHand}`);
    console.log(`Either way three assignments leave ${left}.`);

    const results: { ours: Awaited<ReturnType<typeof measure>>; limit: Awaited<ReturnType<typeof measure>> }[] = [];
    await measure(ourLanes, next, 2);
    await measure(handLanes, next, 1);
    // The tables began empty, and so did the plans of whoever asked first: as in service, all plan anew once they grew.
    await counter.query('analyze');
    await measure(ourLanes, next, 1);
    await measure(handLanes, next, 1);
    for (let round = 0; round < rounds; round++) {
      const limit = await measure(handLanes, next, secondsPerRound);
      const own = await measure(ourLanes, next, secondsPerRound);
      results.push({ ours: own, limit });
      console.log(
        `round ${round + 1}: ${Math.round(own.perSecond)}/s of ${Math.round(limit.perSecond)}/s, ratio ${rounded(own.perSecond / limit.perSecond)}`,
      );
    }
    await counter.end();
    for (const { end } of hands) await end();
    await boss.stop({ graceful: false });
    await database.close();
    return {
      ours: Math.round(median(results.map((round) => round.ours.perSecond))),
      limit: Math.round(median(results.map((round) => round.limit.perSecond))),
      ratio: rounded(median(results.map((round) => round.ours.perSecond / round.limit.perSecond))),
      unit: 'assignments/s',
      rounds,
      atATime,
      oursP95: rounded(median(results.map((round) => round.ours.p95))),
      limitP95: rounded(median(results.map((round) => round.limit.p95))),
    };
  });
