/** What a statement reads must not grow with what is there beside it: rows are counted, not milliseconds. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SystemActor } from '../../src/core/caller.ts';
import { announceDueAccounts } from '../../src/core/customers/account-mail.ts';
import { appendAudit } from '../../src/storage/audit-chain.ts';
import type { Em } from '../../src/storage/orm.ts';
import { customerReads } from '../../src/storage/reads/customers.ts';
import { licenseReads } from '../../src/storage/reads/licenses.ts';
import { messageReads } from '../../src/storage/reads/messages.ts';
import { peopleReads } from '../../src/storage/reads/people.ts';
import { renewalReads } from '../../src/storage/reads/renewals.ts';
import { systemRole } from '../../src/storage/walls.ts';
import { scriptOf, stockCatalog } from '../support/licensing.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../support/world.ts';

describe.runIf(isPostgres)('however much there is', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  /** Rows of a table that the work made the server read. */
  const rowsRead = (table: string, work: (em: Em) => Promise<unknown>): Promise<number> =>
    (world.database.orm.em.fork({ session: { role: systemRole } }) as Em).transactional(async (em) => {
      const read = async (): Promise<number> => {
        const [row] = await em.execute<{ n: number }[]>(
          `select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int as n
             from pg_stat_xact_user_tables where relname = ?`,
          [table],
        );
        return row!.n;
      };
      const before = await read();
      await work(em as Em);
      return (await read()) - before;
    });

  test.each([
    ['the system’s', undefined],
    ['a partner’s', partnerIds.northwind],
  ])('%s audit is carried on from its last entry', async (_of, partnerId) => {
    const actor: SystemActor = { type: 'system', name: 'test', partnerId };
    const entry = (requestId: string) => ({
      at: world.clock.now(),
      useCase: 'test',
      requestId,
      input: {},
      inputHash: '',
      answer: {},
      written: null,
    });
    await rowsRead('audit_entry', async (em) => {
      for (let link = 0; link < 500; link++) await appendAudit(em, actor, entry(randomUUID()));
    });
    expect(await rowsRead('audit_entry', (em) => appendAudit(em, actor, entry(randomUUID())))).toBeLessThan(5);
  });

  test('what is due is found among all licences', async () => {
    await stockCatalog(world);
    const leo = scriptOf(world);
    await leo.plan('Month', 'MOB', { unitType: 'device' });
    const { customerId } = await leo.someHolder('Month');
    await world.sql(
      `insert into license select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid()))).*
         from license l, generate_series(1, 3000)`,
    );
    const due = (at: string) => async (em: Em) => {
      found = await renewalReads(em).dueCustomers(Temporal.Instant.from(at), 1);
    };
    let found: readonly string[] = [];
    expect(await rowsRead('license', due('2026-03-08T12:00:00Z'))).toBe(0);
    expect(found).toEqual([]);
    await rowsRead('license', due('2027-04-10T12:00:00Z'));
    expect(found).toEqual([customerId]);
  });

  test('mails that wait and account mails that are due are found among all that were sent', async () => {
    const system: SystemActor = { type: 'system', name: 'test' };
    await scriptOf(world).customer('first');
    await world.sql(
      `insert into customer select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'account',
              'copy-' || n, 'account_mail_on', '2026-03-05'))).* from customer c, generate_series(1, 3000) n where c.id = (select id from customer limit 1)`,
    );
    await world.sql(
      `insert into mail select gen_random_uuid(), partner_id, 'customer.account_created:' || id, email, 's', 'h', 't',
              'sent', now() from customer`,
    );
    expect(await rowsRead('mail', (em) => messageReads(em, system).mailsWaiting(200))).toBe(0);
    world.setNow('2026-03-08T12:00:00Z');
    for (let time = 0; time < 7; time++) await world.execute(announceDueAccounts, world.system, {});
    const due = (em: Em) => customerReads(em, system).accountMailsDue(world.clock.now());
    expect(await rowsRead('customer', due)).toBe(0);
  });

  test('a person is found among all, and a license’s money among all', async () => {
    const [{ id }] = (await world.sql('select id from person limit 1')) as [{ id: string }];
    await world.sql(
      `insert into person select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'email', n ||
              '@copy.example'))).* from person p, generate_series(1, 2000) n where p.id = (select id from person limit 1)`,
    );
    expect(await rowsRead('person', (em) => peopleReads(em).actorById(id))).toBe(1);
    const [license] = (await world.sql('select id from license limit 1')) as [{ id: string }];
    await world.sql(
      `insert into money_line select gen_random_uuid(), x.partner_id, x.customer_id, x.license_id, x.id, x.product_id,
              'charge', 100, 'EUR', x.effective_on
         from (select x.* from customer_transaction x where x.license_id <> ? limit 1) x, generate_series(1, 3000)`,
      [license.id],
    );
    const system: SystemActor = { type: 'system', name: 'test' };
    expect(await rowsRead('money_line', (em) => licenseReads(em, system).charged([license.id]))).toBeLessThan(5);
  });
});
