import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { addCustomer } from '../../src/core/customers/add-customer.ts';
import { Customer } from '../../src/core/customers/customer.ts';
import { rule } from '../../src/core/errors.ts';
import { defineUseCase } from '../../src/core/use-case.ts';
import { Partner } from '../../src/core/people/partner.ts';
import { Person } from '../../src/core/people/person.ts';
import { verifyAudit } from '../../src/storage/audit-verify.ts';
import { customerOf } from '../support/customers.ts';
import { customerNamed } from '../support/licensing.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.jobs.length = 0;
});

/** A deed that counts its own runs in the database: the first name of one person grows a letter each time. */
const grow = defineUseCase({
  kind: 'command',
  name: 'test grow',
  needs: 'license',
  input: z.object({ email: z.string(), ending: z.enum(['commit', 'refuse', 'break']).default('commit') }),
  result: z.object({ name: z.string() }),
  async run({ uow, reads, actor }, { email, ending }) {
    const found = await reads.people.actorByEmail(email);
    const person = await uow.lock(Person, found?.personId ?? actor.personId);
    person.firstName += 'x';
    uow.enqueue('notify', { topic: 'grown', data: { personId: person.id } });
    if (ending === 'refuse') throw rule('plan.locked');
    if (ending === 'break') throw new Error('a defect');
    return { name: person.firstName };
  },
});

const nameOf = async (email: string): Promise<string> => (await world.stored(Person, { email })).firstName;

describe('execute', () => {
  test('asks for the right before anything else', async () => {
    await expect(
      world.execute(grow, await world.as('vera@brightside.example'), { nonsense: true }),
    ).rejects.toMatchObject({
      code: 'not_allowed',
    });
  });

  test('names the field of bad input', async () => {
    await expect(world.execute(grow, await world.as('leo@brightside.example'), {})).rejects.toMatchObject({
      code: 'input.required',
      field: 'email',
    });
  });

  test('a delivery that comes again gets the first answer and does nothing', async () => {
    const leo = await world.as('leo@brightside.example');
    const first = await world.execute(grow, leo, { email: 'lise@brightside.example' });
    const second = await world.execute(grow, leo, { email: 'lise@brightside.example' });
    expect(second).toEqual(first);
    expect(await nameOf('lise@brightside.example')).toBe(first.name);
    expect(world.jobs).toHaveLength(1);
  });

  test('the same id with other content is refused', async () => {
    const leo = await world.as('leo@brightside.example');
    await world.execute(grow, leo, { email: 'bob@brightside.example' });
    await expect(world.execute(grow, leo, { email: 'vera@brightside.example' })).rejects.toMatchObject({
      code: 'request.mismatch',
    });
  });

  test.each(['refuse', 'break'] as const)(
    '%s leaves no change, no job, no audit; the same id may try again',
    async (ending) => {
      const leo = await world.as('leo@brightside.example');
      const before = await nameOf('vera@brightside.example');
      const [audited] = await world.sql<{ n: number }>('select count(*)::int as n from audit_entry');
      await expect(world.execute(grow, leo, { email: 'vera@brightside.example', ending })).rejects.toThrow();
      expect(await nameOf('vera@brightside.example')).toBe(before);
      expect(world.jobs).toEqual([]);
      expect(await world.sql('select count(*)::int as n from audit_entry')).toEqual([audited]);
      await expect(world.execute(grow, leo, { email: 'vera@brightside.example' })).resolves.toEqual({
        name: `${before}x`,
      });
    },
  );

  test.runIf(isPostgres)('twenty racing copies of one delivery act once and read one answer', async () => {
    const leo = await world.as('leo@brightside.example');
    const before = await nameOf('leo@brightside.example');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => world.execute(grow, leo, { email: 'leo@brightside.example' })),
    );
    expect(new Set(answers.map(({ name }) => name))).toEqual(new Set([`${before}x`]));
    expect(await nameOf('leo@brightside.example')).toBe(`${before}x`);
  });

  test('of a rehearsal nothing stays: no row, no job, no audit entry', async () => {
    const rehearsal = defineUseCase({ ...grow, kind: 'rehearsal', name: 'test rehearse' });
    const leo = await world.as('leo@brightside.example');
    const before = await nameOf('leo@brightside.example');
    const audited = await world.sql('select from audit_entry');
    for (let time = 0; time < 2; time++)
      expect(await world.execute(rehearsal, leo, { email: 'leo@brightside.example' })).toEqual({ name: `${before}x` });
    expect(await nameOf('leo@brightside.example')).toBe(before);
    expect(world.jobs).toEqual([]);
    expect(await world.sql('select from audit_entry')).toHaveLength(audited.length);
  });

  test.runIf(isPostgres)('a held partner stops another who holds it, and nobody who adds to it', async () => {
    const held = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const holding = (name: string, work: () => Promise<void>) =>
      defineUseCase({
        kind: 'command',
        name,
        needs: 'license',
        input: z.object({}),
        result: z.object({}),
        run: async ({ uow, actor }) => {
          await uow.lock(Partner, actor.partnerId);
          await work();
          return {};
        },
      });
    const steps: string[] = [];
    const first = holding('test hold', async () => {
      held.resolve();
      await done.promise;
      steps.push('first');
    });
    const second = holding('test hold too', async () => void steps.push('second'));
    const one = world.execute(first, await world.as('leo@brightside.example'), {});
    await held.promise;
    const two = world.execute(second, await world.as('leo@brightside.example'), {});
    await world.execute(addCustomer, await world.as('leo@brightside.example'), customerNamed('added-meanwhile'));
    steps.push('added');
    done.resolve();
    await Promise.all([one, two]);
    expect(steps).toEqual(['added', 'first', 'second']);
  });

  test('what another partner owns is not found, in the words of what was never there', async () => {
    const peek = defineUseCase({
      kind: 'query',
      name: 'test peek',
      needs: 'see',
      input: z.object({ id: z.string() }),
      result: z.object({}),
      run: async ({ uow }, { id }) => {
        await uow.get(Customer, id);
        return {};
      },
    });
    const theirs = customerOf('hidden', { partnerId: partnerIds.fjord, tierOneId: partnerIds.fjord });
    await world.given(theirs);
    const leo = await world.as('leo@brightside.example');
    const answers = await Promise.all(
      [theirs.id, crypto.randomUUID(), 'no id at all'].map((id) =>
        world.execute(peek, leo, { id }).catch((error: { code: string; params: object }) => [error.code, error.params]),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveLength(1);
  });
});

describe('the audit chain', () => {
  test('is whole, without gaps, for each partner', async () => {
    const yuki = await world.as('yuki@sakura.example');
    await world.execute(grow, yuki, { email: 'yuki@sakura.example' });
    const verdict = await verifyAudit(world.database.orm);
    expect(verdict).toMatchObject({ broken: null });
    expect(verdict.chains).toBeGreaterThanOrEqual(2);
  });

  test.each([
    [`update audit_entry set answer = '{"name":"someone"}' where id = $id`, 'content was changed'],
    [`update audit_entry set at = at + interval '1 second' where id = $id`, 'content was changed'],
    [`update audit_entry set hash = repeat('f', 64) where id = $id`, 'content was changed'],
    [`delete from audit_entry where id = $id`, 'gap in the sequence'],
  ])('%s is found', async (tamper, reason) => {
    const yuki = await world.as('yuki@sakura.example');
    for (let n = 0; n < 2; n++)
      await world.execute(grow, { ...yuki, requestId: crypto.randomUUID() }, { email: 'yuki@sakura.example' });
    const [row] = await world.sql<{ id: string; kept: object }>(
      `select id, to_jsonb(a) as kept from audit_entry a where partner_id = ?::uuid order by sequence limit 1`,
      [partnerIds.sakura],
    );
    // As the owner of the tables, past all roles: what an intruder with the database in his hands would do.
    const asOwner = (sql: string, parameters: unknown[] = []): Promise<unknown> =>
      world.database.orm.em.fork().getConnection().execute(sql, parameters);
    await asOwner(tamper.replace('$id', `'${row!.id}'`));
    expect((await verifyAudit(world.database.orm, 'sakura')).broken).toMatchObject({ reason, partner: 'sakura' });
    await asOwner(`delete from audit_entry where id = ?::uuid`, [row!.id]);
    await asOwner(`insert into audit_entry select * from jsonb_populate_record(null::audit_entry, ?::jsonb)`, [
      JSON.stringify(row!.kept),
    ]);
    expect((await verifyAudit(world.database.orm, 'sakura')).broken).toBeNull();
  });
});
