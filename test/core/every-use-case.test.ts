/** Whatever a person may ask for, with ids that are not his and with values that nobody should send. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ZodObject, ZodType } from 'zod';
import { commitCrossgrade, previewCrossgrade } from '../../src/core/crossgrades/commit-crossgrade.ts';
import { Refusal } from '../../src/core/errors.ts';
import { CustomerTransaction } from '../../src/core/licenses/customer-transaction.ts';
import { License } from '../../src/core/licenses/license.ts';
import { ServicePlan } from '../../src/core/plans/service-plan.ts';
import { SuiteChange } from '../../src/core/suites/suite-change.ts';
import type { AnyUseCase } from '../../src/core/use-case.ts';
import { personUseCases } from '../../src/core/use-cases.ts';
import { expectInvariants } from '../support/invariants.ts';
import { parts, suite, suiteScript } from '../support/suites.ts';
import { createWorld, partnerIds, type World } from '../support/world.ts';

let world: World;
/** By field, things of Brightside's. */
let theirs: Readonly<Record<string, string>>;
let plain: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  world = await createWorld();
  const as = suiteScript(world);
  await as.take(...parts(), suite('S', ['A', 'B']), suite('T', ['A', 'C']));
  await as.plan('Alone', 'A');
  await as.plan('Pair', 'S');
  await as.plan('Other pair', 'T');
  const customer = await as.customer('anna');
  await as.assign('anna', 'Alone');
  await as.customer('ben');
  await as.assign('ben', 'Pair');
  const { hash } = await as.run(previewCrossgrade, { customer: 'anna', plan: 'Other pair' });
  const { crossgradeId } = await as.run(commitCrossgrade, { customer: 'anna', plan: 'Other pair', hash });
  await as.take(suite('S', ['A', 'D']));
  const idOf = async (type: Parameters<World['all']>[0]) => (await world.all(type))[0]!.id;
  const license = await idOf(License);
  const change = await idOf(SuiteChange);
  const transaction = await idOf(CustomerTransaction);
  theirs = {
    customer,
    plan: await idOf(ServicePlan),
    license,
    change,
    transaction,
    crossgrade: crossgradeId,
    report: change,
    digest: change,
  };
  const person = { firstName: 'A', lastName: 'B', email: 'a@b.example' };
  const company = { account: 'new', company: 'Co', city: 'C', state: 'S' };
  const plan = { name: 'New', product: 'A', subscriptionType: 'monthly_plan', version: 'full', defaultUnits: 5 };
  const rest = { units: 7, limit: 5, hash, platform: 'slack', channel: 'C1', line: change, cycle: '2026-02' };
  plain = { ...person, ...company, ...plan, ...rest };
});
afterAll(() => world.close());

const shapeOf = ({ input }: AnyUseCase): Readonly<Record<string, ZodType>> => {
  const { shape, def } = input as ZodObject & { def: { in?: ZodObject } };
  return (shape ?? def.in?.shape ?? {}) as Readonly<Record<string, ZodType>>;
};
const subjectOf = (field: string): string => field.replace(/Id$/, '');
/** What a use case needs, things of Brightside's among it. */
const filled = (useCase: AnyUseCase): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(shapeOf(useCase)).flatMap(([field, schema]) => {
      const value = theirs[subjectOf(field)] ?? plain[field];
      return value === undefined || schema.safeParse(undefined).success ? [] : [[field, value]];
    }),
  );
/** Whether it only shows what is there: a rehearsal that whoever may see may ask for as well. */
const looks = ({ kind, needs }: AnyUseCase): boolean => kind === 'query' || (kind === 'rehearsal' && needs === 'see');
/** How it ended, as a stranger would see it. */
const ending = async (useCase: AnyUseCase, email: string, input: object): Promise<string> => {
  try {
    await world.execute(useCase as never, await world.as(email), input);
    return 'done';
  } catch (error) {
    if (!(error instanceof Refusal)) throw new Error(`${useCase.name} ${JSON.stringify(input)}`, { cause: error });
    return JSON.stringify([error.code, error.field, error.params]);
  }
};
/** Everything of Brightside's that somebody could have changed. */
const everything = async (): Promise<unknown> =>
  (
    await Promise.all(
      ['customer', 'license', 'service_plan', 'plan_assignment', 'crossgrade', 'suite_change'].map((table) =>
        world.sql(`select md5(string_agg(t::text, '' order by id)) as all from ${table} t where partner_id = ?::uuid`, [
          partnerIds.brightside,
        ]),
      ),
    )
  ).flat();

test.for([
  ['a sibling', 'yuki@sakura.example', false],
  ['its distributor', 'ada@northwind.example', false],
  ['its distributor, who may look', 'ada@northwind.example', true],
  ['another distributor', 'olga@fjord.example', true],
] as const)(
  'another partner’s things are to %s as things that do not exist, and nothing becomes of them',
  { timeout: 60_000 },
  async ([, email, managed]) => {
    await world.sql('update partner set managed_by_distributor = ? where id = ?::uuid', [
      managed,
      partnerIds.brightside,
    ]);
    const before = await everything();
    const mayLook = managed && email.includes('northwind');
    for (const useCase of personUseCases.values()) {
      if (mayLook && looks(useCase)) continue;
      for (const field of Object.keys(shapeOf(useCase))) {
        const id = theirs[subjectOf(field)];
        if (id === undefined) continue;
        const input = { ...filled(useCase), [field]: id };
        const told = await ending(useCase, email, input);
        expect([useCase.name, field, told]).toEqual([
          useCase.name,
          field,
          await ending(useCase, email, { ...input, [field]: randomUUID() }),
        ]);
        if (!looks(useCase)) expect([useCase.name, told]).not.toEqual([useCase.name, 'done']);
      }
    }
    expect(await everything()).toEqual(before);
  },
);

test('whatever stands in a field, the answer is a result or a refusal', { timeout: 60_000 }, async () => {
  const odd = ['%', '\u202e\u200b', '0000-01-01', '9999-12', '9999-12-31', 'x'.repeat(64), 100_000, 1e21, {}, [null]];
  for (const useCase of personUseCases.values())
    for (const field of Object.keys(shapeOf(useCase)))
      for (const value of odd) await ending(useCase, 'leo@brightside.example', { ...filled(useCase), [field]: value });
  await expectInvariants(world);
});
