import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTableFile } from '../files-in/read-table.ts';
import type { Caller, SystemActor } from '../core/caller.ts';
import { Refusal } from '../core/errors.ts';
import { createExecute, type AnyUseCase } from '../core/use-case.ts';
import { useCases } from '../core/use-cases.ts';
import type { Database } from '../storage/database.ts';
import type { Em } from '../storage/orm.ts';
import type { Enqueue } from '../storage/transaction.ts';
import { systemRole } from '../storage/walls.ts';
import { demoCustomers } from './customers.ts';
import { demoAdmins, demoPartners } from './partners.ts';
import { demoPeople, demoSlack, demoStart, demoTeams } from './people.ts';
import { demoBundles, demoPlans, demoRecomposed } from './plans.ts';

const catalogFolder = fileURLToPath(new URL('../../catalog/', import.meta.url));

/** The first day, noon: already that day everywhere, so that no partner has an earlier cycle. */
const founding = '2025-01-01T12:00:00Z';
const beginning = '2025-01-06';

const byName = new Map<string, AnyUseCase>(useCases.map((useCase) => [useCase.name, useCase]));

/** The same number for the same words, everywhere: what looks random here is not. */
const mix = (text: string): number => {
  let hash = 2_166_136_261;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0)!, 16_777_619) >>> 0;
  return hash;
};

/**
 * Fills an empty database with the demo world, by the same verbs that people use, each at its own moment of the past.
 * What the past would have sent stays unsent; the cards of reports that wait for a decision are queued at the end.
 */
export const seedDemo = async (database: Database, enqueue: Enqueue): Promise<void> => {
  let now = Temporal.Instant.from(founding);
  const clock = { now: () => now };
  const execute = createExecute(database.host(clock, async () => {}));
  const system: SystemActor = { type: 'system', name: 'seed' };
  let deliveries = 0;

  const callerOf = async (email: string): Promise<Caller> => {
    const actor = await database
      .host(clock, enqueue)
      .transaction(system, { readOnly: true }, ({ reads }) => reads.people.actorByEmail(email));
    if (!actor) throw new Error(`the demo world has nobody called ${email}`);
    return { actor, requestId: `seed:${++deliveries}` };
  };
  /** Does one thing at one moment; `as` null is the system. */
  const run = async (
    at: string,
    as: string | null,
    name: string,
    input: object = {},
  ): Promise<Record<string, never>> => {
    now = Temporal.Instant.from(at.includes('T') ? at : `${at}T10:00:00Z`);
    const useCase = byName.get(name);
    if (!useCase) throw new Error(`there is no verb ${name}`);
    const caller = as === null ? { actor: system, requestId: `seed:${++deliveries}` } : await callerOf(as);
    try {
      return (await execute(useCase as never, caller, input)) as never;
    } catch (error) {
      if (error instanceof Refusal)
        throw new Error(`${name} at ${at} was refused: ${error.code} ${error.field ?? ''} ${JSON.stringify(input)}`, {
          cause: error,
        });
      throw error;
    }
  };

  await enterPartners(run);
  await importCatalogue(run);
  await enterCustomers(run);
  await enterUsage(database);
  const unsent = await enterReports(run);
  const changes = await enterSuiteChange(run);

  await database
    .host({ now: () => Temporal.Instant.from(demoStart) }, enqueue)
    .transaction(system, { readOnly: false }, async ({ uow }) => {
      for (const { topic, report, version } of unsent)
        uow.enqueue('notify', { topic, data: { report, version: String(version) } });
      for (const changeId of changes) uow.enqueue('notify', { topic: 'suite.changed', data: { changeId } });
    });
  await database.setSetting('for_play', 'yes');
};

type Run = (at: string, as: string | null, name: string, input?: object) => Promise<Record<string, never>>;

const enterPartners = async (run: Run): Promise<void> => {
  for (const partner of demoPartners) {
    await run(founding, null, 'partner add', {
      ...partner,
      email: `desk@${partner.slug}.example`,
    });
  }
  const admins = Object.entries(demoAdmins).filter(([, email]) => !demoPeople.some((person) => person.email === email));
  for (const [slug, email] of admins) {
    const { contactFirstName: firstName, contactLastName: lastName } = demoPartners.find((one) => one.slug === slug)!;
    await run(founding, null, 'person add', { partner: slug, email, firstName, lastName, roles: ['admin'] });
  }
  for (const { slackUserId, teamsUserId, title: _, ...person } of demoPeople) {
    await run(founding, null, 'person add', person);
    const link = { email: person.email };
    if (slackUserId)
      await run(founding, null, 'person link', {
        ...link,
        platform: 'slack',
        workspace: demoSlack.teamId,
        userId: slackUserId,
      });
    if (teamsUserId)
      await run(founding, null, 'person link', {
        ...link,
        platform: 'teams',
        workspace: demoTeams.tenantId,
        userId: teamsUserId,
      });
  }
};

const readCatalogue = (): {
  vendors: { name: string; products: { sku: string; components?: readonly string[] }[] }[];
} => JSON.parse(readFileSync(`${catalogFolder}demo.json`, 'utf8')) as never;

const importCatalogue = async (run: Run): Promise<void> => {
  const catalog = readCatalogue();
  await run(founding, null, 'import catalog', { catalog });
  for (const file of readdirSync(catalogFolder)) {
    const partner = /^prices-(.*)\.csv$/.exec(file)?.[1];
    if (!partner) continue;
    await run(founding, null, 'import prices', { partner, table: await readTableFile(catalogFolder + file) });
  }
};

/** Where a partner's services run, by its country; Europe elsewhere. */
const dataCentres: Readonly<Record<string, string>> = {
  JP: 'Japan',
  US: 'United States',
  AU: 'Australia',
  BR: 'United States',
};

const enterCustomers = async (run: Run): Promise<void> => {
  for (const [slug, admin] of Object.entries(demoAdmins)) {
    const { country } = demoPartners.find((one) => one.slug === slug)!;
    for (const plan of demoPlans) {
      const dataCentre = plan.product === 'Endpoint Encryption' ? undefined : (dataCentres[country] ?? 'Europe');
      await run(beginning, admin, 'plan create', { ...plan, ...(dataCentre && !('nfr' in plan) && { dataCentre }) });
    }
    const own = demoCustomers.filter(({ partner }) => partner === slug);
    for (const [index, { partner: _, ...customer }] of own.entries()) {
      const day = Temporal.PlainDate.from(beginning).add({ days: (index * 37) % 300 });
      await run(`${day}T09:00:00Z`, admin, 'customer add', { ...customer, accountMail: 'never' });
      for (const [nth, plan] of demoBundles[index % demoBundles.length]!.entries()) {
        const units = 8 + (mix(`${customer.account} ${plan}`) % 55);
        // No list has a price for it in Australian dollars yet: the report of the month it came in cannot be approved.
        const isUnpriced = slug === 'harbour' && plan === 'Awareness Monthly';
        await run(isUnpriced ? '2026-02-10' : `${day}T10:0${nth}:00Z`, admin, 'assign', {
          customer: customer.account,
          plan,
          units,
        });
      }
    }
  }
  await specials(run);
};

/** What a desk shows besides the usual: expiring, scheduled, trial, NFR, and a crossgrade that waits. */
const specials = async (run: Run): Promise<void> => {
  const leo = demoAdmins.brightside!;
  const [first, second, third, fourth, fifth] = demoCustomers
    .filter(({ partner }, index) => partner === 'brightside' && index % demoBundles.length === 4)
    .map(({ account }) => account);
  await run('2025-03-20', leo, 'assign', { customer: first, plan: 'Backup One Year', units: 12 });
  await run('2025-03-27', leo, 'assign', { customer: second, plan: 'Backup One Year', units: 30 });
  await run('2026-02-16', leo, 'assign', { customer: third, plan: 'Endpoint Trial', units: 10 });
  await run('2026-02-23', leo, 'assign', {
    customer: fourth,
    plan: 'Endpoint Monthly',
    units: 40,
    startsOn: '2026-04-01',
  });
  await run('2025-06-02', leo, 'assign', { customer: fifth, plan: 'Endpoint NFR' });
  const holder = demoCustomers.filter(
    ({ partner }, index) => partner === 'brightside' && index % demoBundles.length === 1,
  )[0]!;
  await run('2026-03-03', leo, 'assign', { customer: holder.account, plan: 'Advanced Monthly', units: 30 }).then(
    () => {
      throw new Error('an assignment that must wait for a crossgrade went through');
    },
    (error: Error) => {
      if (!(error.cause instanceof Refusal && error.cause.code === 'license.duplicate')) throw error;
    },
  );
};

/** Partners whose people are at hand give the bundle to some customers. */
const withBundle = ['brightside', 'sakura'];

/**
 * Some customers went over to the bundle, the last of them is suspended, and then the catalogue changed what the bundle
 * gives: a change waits at each partner with a plan of it. Gives the changes that people are still to be told of.
 */
const enterSuiteChange = async (run: Run): Promise<string[]> => {
  for (const slug of withBundle) {
    const admin = demoAdmins[slug]!;
    const own = demoCustomers.filter(({ partner }) => partner === slug);
    const movers = own.filter((_, index) => index % demoBundles.length === 2 || index % demoBundles.length === 5);
    for (const [nth, { account }] of movers.entries()) {
      const at = `2026-03-03T${String(9 + nth).padStart(2, '0')}:20:00Z`;
      const asked = { customer: account, plan: 'Web Bundle Annual', units: 10 + (mix(account) % 30) };
      const { hash } = await run(at, admin, 'crossgrade preview', asked);
      await run(at, admin, 'crossgrade commit', { ...asked, hash });
    }
    const last = movers.at(-1)!;
    await run('2026-03-04T12:00:00Z', admin, 'customer suspend', { customer: last.account });
  }
  const { suite, components } = demoRecomposed;
  const vendors = readCatalogue().vendors.map(({ name, products }) => ({
    name,
    products: products.filter(({ sku }) => sku === suite).map((product) => ({ ...product, components })),
  }));
  await run('2026-03-04T16:00:00Z', null, 'import catalog', {
    catalog: { vendors: vendors.filter(({ products }) => products.length > 0) },
  });
  const changes: string[] = [];
  for (const admin of Object.values(demoAdmins)) {
    const { items } = (await run('2026-03-04T17:00:00Z', admin, 'suite list', { foreseen: false })) as unknown as {
      items: readonly { changeId: string }[];
    };
    changes.push(...items.map(({ changeId }) => changeId));
  }
  return changes;
};

/**
 * Fourteen months of the vendor's feed for what customers hold: units provisioned, and a share of them used that
 * grows slowly, dips at weekends, and differs from customer to customer. Every seventh is provisioned far above use.
 */
const enterUsage = async (database: Database): Promise<void> => {
  await (database.orm.em.fork({ session: { role: systemRole } }) as Em).transactional((em) =>
    (em as Em).execute(
      `insert into usage_day (id, partner_id, product_id, customer_id, day, provisioned, used)
       select gen_random_uuid(), partner_id, product_id, customer_id, day, units,
              case when basis = 'none' then null
                   else greatest(0, least(units, round(units * (share + growth * (day - date '2025-01-01') / 430.0
                        - case when extract(isodow from day) > 5 then 0.12 else 0 end
                        + 0.03 * sin(seed + (day - date '2025-01-01') / 9.0)))))::int end
         from (select l.*, p.usage_basis as basis, abs(hashtext(c.account || p.sku)) % 628 / 100.0 as seed,
                      case when abs(hashtext(c.account)) % 7 = 0 then 0.45
                           else 0.78 + abs(hashtext(p.sku || c.account)) % 15 / 100.0 end as share,
                      case when abs(hashtext(c.account)) % 7 = 0 then 0.05 else 0.12 end as growth
                 from license l join customer c on c.id = l.customer_id join product p on p.id = l.product_id
                where l.subscription_type = 'monthly_plan') held
         cross join lateral (select d::date as day from generate_series(
              greatest(held.starts_on, date '2025-01-01'), least(held.ends_on - 1, date '2026-03-04'), interval '1 day') d) days`,
    ),
  );
};

interface Row {
  readonly reportId: string;
  readonly status: string;
}
interface News {
  readonly topic: 'report.submitted' | 'report.decided';
  readonly report: string;
  readonly version: number;
}
interface Line {
  readonly lineId: string;
  readonly proposed: number;
  readonly version: string;
}

/** Months before the world opens, newest first: 1 is the one that ended last. */
const monthsAgo = (count: number): Temporal.PlainDate =>
  Temporal.PlainDate.from('2026-03-01').subtract({ months: count });

/** What a partner says on a report that its distributor must look at. */
const remarks = [
  'Two departments moved to the new suite in the middle of the month.',
  'Test devices are still enrolled; they leave next week.',
  'Seasonal staff: these seats were used for two weeks only.',
  'The customer merged two tenants, seats are counted twice.',
];

/**
 * Every month's reports: old ones approved, the last three months in every state. Gives what people are still to be told
 * when the world opens.
 */
const enterReports = async (run: Run): Promise<News[]> => {
  const reporters = Object.entries(demoAdmins).filter(([slug]) => slug !== 'cedro');
  const news: News[] = [];
  const mia = 'mia@northwind.example';

  const reportOf = async (at: string, email: string, cycle: Temporal.PlainDate): Promise<string> => {
    const { items } = (await run(at, email, 'report list', {
      cycle: cycle.toPlainYearMonth().toString(),
    })) as unknown as {
      items: readonly Row[];
    };
    if (!items[0]) throw new Error(`${email} has no report of ${cycle.toString()}`);
    return items[0].reportId;
  };
  const linesOf = async (at: string, email: string, report: string): Promise<readonly Line[]> =>
    ((await run(at, email, 'report show', { report })) as unknown as { lines: readonly Line[] }).lines.filter(
      ({ version }) => version === 'full',
    );
  const versionOf = async (at: string, report: string): Promise<number> =>
    ((await run(at, mia, 'report show', { report })) as unknown as { version: number }).version;
  const decide = async (at: string, report: string, decision: string, reason?: string): Promise<void> => {
    await run(at, mia, 'report review', {
      report,
      version: await versionOf(at, report),
      decision,
      ...(reason && { reason }),
    });
  };
  /** Comments every line, the largest with a correction, so that people must look; then submits. */
  const submitWithRemarks = async (at: string, email: string, report: string): Promise<void> => {
    const lines = await linesOf(at, email, report);
    const largest = lines.toSorted((a, b) => b.proposed - a.proposed)[0];
    for (const [index, { lineId, proposed }] of lines.entries()) {
      const comment = remarks[(mix(report) + index) % remarks.length]!;
      const chargeable = lineId === largest?.lineId && proposed > 20 ? proposed - (proposed % 7) - 2 : undefined;
      await run(at, email, 'report edit', {
        report,
        line: lineId,
        comment,
        ...(chargeable !== undefined && { chargeable }),
      });
    }
    await run(at, email, 'report submit', { report });
  };
  const submitPlainly = async (at: string, email: string, report: string): Promise<void> => {
    for (const { lineId } of await linesOf(at, email, report))
      await run(at, email, 'report edit', { report, line: lineId, comment: 'Checked with the customers.' });
    await run(at, email, 'report submit', { report });
  };

  for (let ago = 14; ago >= 1; ago--) {
    const cycle = monthsAgo(ago);
    const next = monthsAgo(ago - 1);
    const on = (day: number, hour = 10): string =>
      `${next.add({ days: day - 1 }).toString()}T${String(hour).padStart(2, '0')}:00:00Z`;
    await run(on(1, 23), null, 'cycle close');
    for (const [slug, email] of reporters) {
      const report = await reportOf(on(2), email, cycle);
      const isOutsider = slug === 'lofoten';
      if (ago > 3 || isOutsider) {
        if (ago === 1) continue;
        await submitPlainly(on(3), email, report);
        const by = isOutsider ? 'olga@fjord.example' : mia;
        const { version } = (await run(on(3, 12), by, 'report show', { report })) as unknown as { version: number };
        await run(on(3, 12), by, 'report review', { report, version, decision: 'approve' });
        continue;
      }
      const state = states[ago]?.[slug] ?? 'approved';
      if (state === 'preparing' || state === 'penalty') continue;
      await submitWithRemarks(on(3), email, report);
      if (state === 'review')
        news.push({ topic: 'report.submitted', report, version: await versionOf(on(3, 11), report) });
      else if (state === 'rejected') {
        // Lately, so that the time to correct it has not run out when the world opens.
        await decide(
          '2026-03-04T15:00:00Z',
          report,
          'reject',
          'The mail figures look too low: please check them against the December report.',
        );
        news.push({ topic: 'report.decided', report, version: await versionOf('2026-03-04T15:01:00Z', report) });
      } else {
        await decide(on(4), report, 'approve');
        if (state === 'sent' || state === 'completed' || state === 'returned')
          await run(on(4, 11), mia, 'report send', { report });
        if (state === 'completed') await run(on(5, 11), mia, 'report complete', { report });
        if (state === 'returned') await run(on(5, 11), mia, 'report return', { report });
      }
    }
    // What nobody submitted goes by itself on the sixth; February's are still in time when the world opens.
    if (ago > 1) {
      await run(on(7), null, 'report auto-submit');
      for (const [slug, email] of reporters)
        if (states[ago]?.[slug] === 'penalty') {
          const report = await reportOf(on(7, 11), email, cycle);
          news.push({ topic: 'report.submitted', report, version: await versionOf(on(7, 11), report) });
        }
    }
  }
  return news;
};

/** Where the last three months' reports stand, by months ago and partner. */
const states: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  3: { brightside: 'completed', sakura: 'sent', lonestar: 'returned', thames: 'review', harbour: 'review' },
  2: { brightside: 'rejected', sakura: 'review', lonestar: 'penalty', thames: 'review', harbour: 'review' },
  1: { brightside: 'preparing', sakura: 'preparing', lonestar: 'review', thames: 'review', harbour: 'review' },
};
