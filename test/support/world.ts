/** What every test with a database starts from: a fresh database, execute, and a clock that the test turns. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { Caller, PersonActor, SystemActor } from '../../src/core/caller.ts';
import type { EntityClass, Stored } from '../../src/core/unit-of-work.ts';
import { createExecute, type Execute, type Host } from '../../src/core/use-case.ts';
import { LinkedIdentity } from '../../src/core/people/linked-identity.ts';
import { Partner } from '../../src/core/people/partner.ts';
import { Person } from '../../src/core/people/person.ts';
import { writtenRows } from '../../src/storage/witness.ts';
import { appendAudit } from '../../src/storage/audit-chain.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { appRole, systemRole } from '../../src/storage/walls.ts';
import type { Em } from '../../src/storage/orm.ts';
import type { QueuedJob } from '../../src/storage/unit-of-work.ts';
import type { Role } from '../../src/core/caller.ts';

export interface World {
  readonly database: Database;
  readonly execute: Execute;
  readonly host: Host;
  readonly clock: { now(): Temporal.Instant };
  /** Business time from here on: `2026-03-05T09:00:00Z`, or a day (midnight UTC). */
  setNow(at: string): void;
  /** A caller by e-mail, with a fresh request id unless one is given. */
  as(email: string, requestId?: string): Promise<Caller>;
  readonly system: Caller;
  /** Jobs queued by committed transactions, in order. */
  readonly jobs: QueuedJob[];
  /** Stores entities past all rules: the state a test starts from. */
  given(...things: readonly Stored[]): Promise<void>;
  /** Changes what is stored past all rules, with an audit entry as if a deed had done it. */
  change<T extends Stored>(
    type: EntityClass<T>,
    where: Record<string, unknown>,
    how: (thing: T) => void,
  ): Promise<void>;
  stored<T extends Stored>(type: EntityClass<T>, where: Record<string, unknown> | string): Promise<T>;
  all<T extends Stored>(type: EntityClass<T>, where?: Record<string, unknown>): Promise<T[]>;
  /** Rows by hand-written SQL, as the system unless a person's walls are asked for. */
  sql<T = Record<string, unknown>>(query: string, parameters?: readonly unknown[], as?: PersonActor): Promise<T[]>;
  close(): Promise<void>;
}

export const isPostgres = process.env.TEST_DATABASE === 'postgres';

export const partnerIds = {
  northwind: '00000000-0000-4000-8000-000000000001',
  brightside: '00000000-0000-4000-8000-000000000002',
  sakura: '00000000-0000-4000-8000-000000000003',
  fjord: '00000000-0000-4000-8000-000000000004',
} as const;

const partner = (slug: keyof typeof partnerIds, over: Partial<Partner>): Partner =>
  new Partner({
    id: partnerIds[slug],
    slug,
    tier: 'tier_2',
    kind: 'msp',
    parentId: partnerIds.northwind,
    company: slug[0]!.toUpperCase() + slug.slice(1),
    guid: partnerIds[slug],
    street: null,
    city: 'Hamburg',
    state: 'HH',
    postalCode: null,
    country: 'DE',
    contactFirstName: 'Con',
    contactLastName: 'Tact',
    email: `desk@${slug}.example`,
    phone: null,
    timeZone: 'Europe/Berlin',
    language: 'en',
    currency: 'EUR',
    managedByDistributor: false,
    autoSubmitDays: 5,
    overProvisionThresholdPct: 20,
    autoApproveUncommented: true,
    fourEyesAbove: null,
    pricesPublished: false,
    crossgradeUndoMinutes: 60,
    createdAt: Temporal.Instant.from('2025-01-01T00:00:00Z'),
    ...over,
  });

const personOf = (email: string, roles: Role[]): Person => {
  const [name = '', domain = ''] = email.split('@');
  return new Person({
    id: randomUUID(),
    partnerId: partnerIds[domain.split('.')[0] as keyof typeof partnerIds],
    email,
    firstName: name[0]!.toUpperCase() + name.slice(1),
    lastName: 'Example',
    roles,
    active: true,
    createdAt: Temporal.Instant.from('2025-01-01T00:00:00Z'),
  });
};

/** Two Tier 1s; Northwind has Brightside (Berlin, EUR) and Sakura (Tokyo, JPY); Fjord stands apart. */
const people = (): Person[] => [
  personOf('mia@northwind.example', ['billing']),
  personOf('jonas@northwind.example', ['billing']),
  personOf('ada@northwind.example', ['admin']),
  personOf('leo@brightside.example', ['admin']),
  personOf('lise@brightside.example', ['licensing']),
  personOf('bob@brightside.example', ['billing']),
  personOf('vera@brightside.example', ['viewer']),
  personOf('yuki@sakura.example', ['admin']),
  personOf('olga@fjord.example', ['admin']),
];

const openCopy = async (): Promise<{ database: Database; drop: () => Promise<void> }> => {
  if (!isPostgres) {
    const dump = new Blob([readFileSync(inject('pgliteDump'))]);
    return { database: await openDatabase({ memory: { loadDataDir: dump } }), drop: async () => {} };
  }
  const server = inject('postgresUrl');
  const name = `world_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client(server);
  await admin.connect();
  // Two copies of one template at once are refused; copying takes a tenth of a second, so waiting is cheap.
  await admin.query('select pg_advisory_lock(4711)');
  await admin.query(`create database ${name} template template_seatwise strategy wal_log`);
  await admin.query('select pg_advisory_unlock(4711)');
  return {
    database: await openDatabase({ url: server.replace(/\/[^/]*$/, `/${name}`), connections: 12 }),
    drop: async () => {
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
};

export interface WorldOptions {
  /** Whether the two Tier 1s, their partners and people are there from the start. Default: yes. */
  readonly people?: boolean;
}

export const createWorld = async ({ people: peopled = true }: WorldOptions = {}): Promise<World> => {
  const { database, drop } = await openCopy();
  let now = Temporal.Instant.from('2026-03-05T09:00:00Z');
  const clock = { now: () => now };
  const jobs: QueuedJob[] = [];
  // Queued jobs count only once their transaction has committed.
  const queuedHere = new AsyncLocalStorage<QueuedJob[]>();
  const stored = database.host(clock, async (_em, queued) => {
    queuedHere.getStore()?.push(...queued);
  });
  const host: Host = {
    ...stored,
    transaction: (actor, options, work) =>
      queuedHere.run([], async () => {
        const result = await stored.transaction(actor, options, work);
        jobs.push(...(queuedHere.getStore() ?? []));
        return result;
      }),
  };
  const execute = createExecute(host);
  const asSystem = <T>(work: (em: Em) => Promise<T>): Promise<T> =>
    (database.orm.em.fork({ session: { role: systemRole } }) as Em).transactional((em) => work(em as Em));
  const systemActor: SystemActor = { type: 'system', name: 'test' };
  /** What stands there without an audited deed behind it would be found out by the auditor. */
  const witnessed = async (em: Em, things: readonly Stored[]): Promise<void> => {
    await em.flush();
    const written = writtenRows(things);
    if (!written) return;
    const entry = { useCase: 'given', requestId: randomUUID(), input: {}, inputHash: '', answer: {}, at: now };
    await appendAudit(em, systemActor, { ...entry, written });
  };

  const world: World = {
    database,
    execute,
    host,
    clock,
    jobs,
    setNow: (at) => {
      now = Temporal.Instant.from(at.includes('T') ? at : `${at}T00:00:00Z`);
    },
    async as(email, requestId = randomUUID()) {
      const actor = await host.transaction(systemActor, { readOnly: true }, ({ reads }) =>
        reads.people.actorByEmail(email),
      );
      if (!actor) throw new Error(`nobody is called ${email}`);
      return { actor, requestId };
    },
    get system() {
      return { actor: systemActor, requestId: randomUUID() };
    },
    given: (...things) =>
      asSystem(async (em) => {
        em.persist(things as never);
        await witnessed(em, things);
      }),
    change: (type, where, how) =>
      asSystem(async (em) => {
        const things = (await em.find(type as never, where as never)) as never[];
        for (const thing of things) how(thing);
        await witnessed(em, things);
      }),
    stored: (type, where) =>
      asSystem(
        (em) => em.findOneOrFail(type as never, (typeof where === 'string' ? { id: where } : where) as never) as never,
      ),
    all: (type, where = {}) =>
      asSystem((em) => em.find(type as never, where as never, { orderBy: { id: 'asc' } as never }) as never),
    async sql(query, parameters = [], as) {
      const session = as
        ? {
            role: appRole,
            variables: {
              'app.partner': as.partnerId,
              'app.person': as.personId,
              'app.readable': [as.partnerId, ...as.managedIds].join(','),
              'app.reports': [as.partnerId, ...as.childIds].join(','),
              'app.prices': [as.partnerId, as.parentId].filter(Boolean).join(','),
            },
          }
        : { role: systemRole };
      return (database.orm.em.fork({ session }) as Em).transactional((em) =>
        (em as Em).execute(query, [...parameters]),
      );
    },
    async close() {
      await database.close();
      await drop();
    },
  };

  if (peopled) {
    const everyone = people();
    await world.given(
      partner('northwind', { tier: 'tier_1', kind: null, parentId: null }),
      partner('fjord', { tier: 'tier_1', kind: null, parentId: null, timeZone: 'Europe/Oslo' }),
    );
    await world.given(
      partner('brightside', {}),
      partner('sakura', { timeZone: 'Asia/Tokyo', currency: 'JPY', country: 'JP' }),
    );
    await world.given(...everyone);
    await world.given(
      ...everyone.flatMap((person) =>
        (['slack', 'teams'] as const).map(
          (platform) =>
            new LinkedIdentity({
              id: randomUUID(),
              partnerId: person.partnerId,
              personId: person.id,
              platform,
              workspace: platform === 'slack' ? 'T0TEST' : '5a1e0000-0000-4000-8000-000000000001',
              userId:
                platform === 'slack' ? `U0${person.firstName.toUpperCase()}` : `29:${person.firstName.toLowerCase()}`,
              address: null,
              createdAt: person.createdAt,
            }),
        ),
      ),
    );
  }
  return world;
};
