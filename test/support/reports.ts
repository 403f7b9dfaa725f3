/** What tests of usage and reports stand on: products, a price list, licences with their ledger, usage days. */
import { randomUUID } from 'node:crypto';
import { Price } from '../../src/core/catalog/price.ts';
import { Product, Vendor, type UsageBasis } from '../../src/core/catalog/product.ts';
import type { Customer } from '../../src/core/customers/customer.ts';
import { CustomerTransaction } from '../../src/core/licenses/customer-transaction.ts';
import { License, type LicenseTerm } from '../../src/core/licenses/license.ts';
import { UsageDay } from '../../src/core/usage/usage-day.ts';
import { customerOf } from './customers.ts';
import { partnerIds, type World } from './world.ts';

const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
export type Slug = 'brightside' | 'sakura';

export interface LicenseFacts {
  readonly partner?: Slug;
  readonly customer: Customer;
  readonly product: Product;
  readonly units?: number;
  readonly from?: string;
  readonly to?: string;
  readonly over?: Partial<License>;
  /** Ledger rows after the first: [day, Δ], or [day, 0, reason]. */
  readonly ledger?: readonly (readonly [on: string, delta: number, reason?: string])[];
}

export interface Ground {
  readonly product: (sku: string, over?: Partial<Product>) => Promise<Product>;
  readonly price: (product: Product, price: string, over?: Partial<Price>) => Promise<void>;
  readonly customer: (account: string, partner?: Slug, over?: Partial<Customer>) => Promise<Customer>;
  readonly license: (facts: LicenseFacts) => Promise<License>;
  /** Days from `from` on: [provisioned, used] each, null for a day without record. */
  readonly usage: (
    customer: Customer,
    product: Product,
    from: string,
    days: readonly (readonly [number, number | null] | null)[],
  ) => Promise<void>;
}

/** One term, or two where a trial became full on a day. */
const termsOf = (from: string, to: string, convertedOn: string | null, over: Partial<License>): LicenseTerm[] => {
  const { version = 'full', subscriptionType = 'monthly_plan' } = over;
  const term = { anchorOn: from, subscriptionType, months: 12, yearlyPrice: null, currency: null };
  if (convertedOn === null) return [{ ...term, startsOn: from, endsOn: to, version }];
  return [
    { ...term, startsOn: from, endsOn: convertedOn, version: 'trial' },
    { ...term, startsOn: convertedOn, endsOn: to, anchorOn: convertedOn, version },
  ];
};

export const createGround = async (world: World): Promise<Ground> => {
  const vendorId = randomUUID();
  await world.given(new Vendor({ id: vendorId, name: `Vendor ${vendorId}` }));
  const createdAt = Temporal.Instant.from('2025-01-01T00:00:00Z');
  return {
    async product(sku, over = {}) {
      const product = new Product({
        id: randomUUID(),
        sku,
        name: `Product ${sku}`,
        vendorId,
        kind: 'service',
        unitTypes: ['seat'],
        versions: ['trial', 'full'],
        nfrAllowed: true,
        nfrUnits: 5,
        dataCentres: [],
        usageBasis: 'peak_each' satisfies UsageBasis,
        creditsPerUnit: null,
        endOfSaleOn: null,
        endOfLifeOn: null,
        provisioning: 'lmp',
        remoteManager: false,
        componentIds: [],
        ...over,
      });
      await world.given(product);
      return product;
    },
    price: (product, price, over = {}) =>
      world.given(
        new Price({
          id: randomUUID(),
          partnerId: partnerIds.northwind,
          productId: product.id,
          version: 'full',
          subscriptionType: 'monthly_plan',
          currency: 'EUR',
          validFrom: day('2025-01-01'),
          fromUnits: 1,
          price,
          ...over,
        }),
      ),
    async customer(account, partner = 'brightside', over = {}) {
      const customer = customerOf(account, { partnerId: partnerIds[partner], ...over });
      await world.given(customer);
      return customer;
    },
    async license({ customer, product, units = 10, from = '2026-02-01', to = '2027-06-01', over = {}, ledger = [] }) {
      const license = new License({
        id: randomUUID(),
        partnerId: customer.partnerId,
        customerId: customer.id,
        assignmentId: null,
        planId: null,
        productId: product.id,
        version: 'full',
        subscriptionType: 'monthly_plan',
        unitType: product.unitTypes[0]!,
        units,
        unitsAtRenewal: null,
        terms: termsOf(from, to, ledger.find(([, , reason]) => reason === 'conversion')?.[0] ?? null, over),
        startsOn: day(from),
        endsOn: day(to),
        autoRenewal: true,
        notifyDays: [],
        graceDays: 0,
        activation: 'immediately',
        activatedAt: null,
        activationCode: null,
        dataCentre: null,
        suspended: false,
        removedOn: null,
        settledOn: null,
        createdAt,
        ...over,
      });
      await world.given(license);
      let held = 0;
      for (const [index, [on, delta, reason = 'seats']] of [[from, units, 'assign'] as const, ...ledger].entries()) {
        await world.given(
          new CustomerTransaction({
            id: randomUUID(),
            at: createdAt.add({ seconds: index }),
            effectiveOn: day(on),
            partnerId: customer.partnerId,
            customerId: customer.id,
            licenseId: license.id,
            productId: product.id,
            planBeforeId: null,
            planAfterId: null,
            type:
              reason === 'assign' ? 'New purchase' : reason === 'conversion' ? 'License conversion' : 'License change',
            reason,
            unitsBefore: held,
            delta,
            unitsAfter: (held += delta),
            termBefore: null,
            termAfter: null,
            personId: null,
            requestId: randomUUID(),
          }),
        );
      }
      return license;
    },
    usage: (customer, product, from, days) =>
      world.given(
        ...days.flatMap((figures, index) =>
          figures
            ? [
                new UsageDay({
                  id: randomUUID(),
                  partnerId: customer.partnerId,
                  productId: product.id,
                  customerId: customer.id,
                  day: day(from).add({ days: index }),
                  provisioned: figures[0],
                  used: figures[1],
                }),
              ]
            : [],
        ),
      ),
  };
};
