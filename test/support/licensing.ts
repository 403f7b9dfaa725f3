/** The demo catalogue and price list, and customers, plans and assignments by script: what licensing tests start from. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { output, ZodType } from 'zod';
import { importCatalog } from '../../src/core/catalog/import-catalog.ts';
import { Price } from '../../src/core/catalog/price.ts';
import { Product } from '../../src/core/catalog/product.ts';
import { importPrices } from '../../src/core/catalog/import-prices.ts';
import { addCustomer } from '../../src/core/customers/add-customer.ts';
import { assign } from '../../src/core/licenses/assign.ts';
import { runRenewals } from '../../src/core/licenses/run-renewals.ts';
import { createPlan } from '../../src/core/plans/create-plan.ts';
import type { Need, UseCase } from '../../src/core/use-case.ts';
import { readTableFile } from '../../src/files-in/read-table.ts';
import { partnerIds, type World } from './world.ts';

export const stockCatalog = async (world: World): Promise<void> => {
  const catalog: unknown = JSON.parse(await readFile('catalog/demo.json', 'utf8'));
  await world.execute(importCatalog, world.system, { catalog });
  const table = await readTableFile('catalog/prices-northwind.csv');
  await world.execute(importPrices, world.system, { partner: 'northwind', table });
};

/** Brightside sees what Northwind charges. */
export const publishPrices = (world: World): Promise<unknown> =>
  world.sql('update partner set prices_published = true where id = ?::uuid', [partnerIds.brightside]);

/** One price of Northwind's list for a unit and a year, in euros. */
export const givenPrice = async (world: World, sku: string, validFrom: string, price: string): Promise<void> =>
  world.given(
    new Price({
      id: randomUUID(),
      partnerId: partnerIds.northwind,
      productId: (await world.stored(Product, { sku })).id,
      version: 'full',
      subscriptionType: 'annual_license',
      currency: 'EUR',
      validFrom: Temporal.PlainDate.from(validFrom),
      fromUnits: 1,
      price,
    }),
  );

/** Does what the minute does, until nothing is left that is due, and says what was renewed. */
export const renewAllDue = async (world: World) => {
  const all = [];
  for (;;) {
    const { renewed, more } = await world.execute(runRenewals, world.system, {});
    all.push(...renewed);
    if (!more) return all;
  }
};

/** Runs a use case as a person. */
export const asPerson =
  (world: World, email: string) =>
  async <I extends ZodType, R extends ZodType, N extends Need>(
    useCase: UseCase<I, R, N>,
    input: unknown,
  ): Promise<output<R>> =>
    world.execute(useCase, await world.as(email), input);

export const customerNamed = (account: string, over: object = {}) => ({
  account,
  company: `Company ${account}`,
  city: 'Berlin',
  state: 'Berlin',
  firstName: 'Anna',
  lastName: 'Vogel',
  email: `anna@${account}.example`,
  accountMail: 'never',
  ...over,
});

export const planNamed = (name: string, product: string, over: object = {}) => ({
  name,
  product,
  subscriptionType: 'monthly_plan',
  version: 'full',
  dataCentre: 'Europe',
  defaultUnits: 25,
  ...over,
});

export const leo = 'leo@brightside.example';

/** A script of one person: what most tests say. */
export const scriptOf = (world: World, email: string = leo) => {
  const run = asPerson(world, email);
  const customer = async (account: string, over: object = {}) =>
    (await run(addCustomer, customerNamed(account, over))).customerId;
  const assignTo = (account: string, plan: string, over: object = {}) =>
    run(assign, { customer: account, plan, ...over });
  /** A new customer who holds a plan, and the first of the licences that it brought. */
  const holder = async (account: string, plan: string, over: object = {}) => {
    const customerId = await customer(account);
    const { assignmentId, licenses } = await assignTo(account, plan, over);
    return { account, customerId, assignmentId, licenses, license: licenses[0]!.licenseId };
  };
  return {
    run,
    customer,
    plan: (name: string, product: string, over: object = {}) => run(createPlan, planNamed(name, product, over)),
    assign: assignTo,
    holder,
    /** Whoever: the account does not matter. */
    someHolder: (plan: string, over: object = {}) => holder(`some-${randomUUID().slice(0, 8)}`, plan, over),
  };
};
