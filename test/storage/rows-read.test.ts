/** What a statement reads must not grow with what is there beside it: rows are counted, not milliseconds. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SystemActor } from '../../src/core/caller.ts';
import { appendAudit } from '../../src/storage/audit-chain.ts';
import type { Em } from '../../src/storage/orm.ts';
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
});
