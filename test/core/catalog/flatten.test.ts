import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compositionCycle, flatten, type Composed } from '../../../src/core/catalog/flatten.ts';
import { priceFor } from '../../../src/core/catalog/price-for.ts';
import type { PriceBreak } from '../../../src/core/catalog/reads.ts';

const service = (key: string): Composed => ({ key, kind: 'service', components: [] });
const suite = (key: string, ...components: string[]): Composed => ({ key, kind: 'suite', components });
const map = (...products: Composed[]) => new Map(products.map((product) => [product.key, product]));

describe('what a plan gives licences of', () => {
  const catalog = map(
    ...['WFS', 'EMS', 'EE', 'WEB'].map(service),
    suite('SP', 'WFS', 'EMS', 'EE'),
    suite('SPC', 'WEB', 'SP', 'WFS'),
    suite('NONE'),
  );

  test.for([
    ['a product is itself', 'WFS', ['WFS']],
    ['a suite is its components in order', 'SP', ['WFS', 'EMS', 'EE']],
    ['a suite in a suite is opened, each product once', 'SPC', ['WEB', 'WFS', 'EMS', 'EE']],
    ['an empty suite gives nothing', 'NONE', []],
    ['an unknown product gives nothing', 'X', []],
  ] as const)('%s', ([, key, products]) => {
    expect(flatten(key, catalog)).toEqual(products);
  });
});

describe('suites that contain each other', () => {
  test.for([
    ['none', [suite('A', 'B'), service('B')], null],
    ['itself', [suite('A', 'A')], ['A', 'A']],
    ['round two', [suite('A', 'B'), suite('B', 'A')], ['A', 'B', 'A']],
    ['behind a straight way', [suite('A', 'B'), suite('B', 'C'), suite('C', 'B')], ['B', 'C', 'B']],
    ['the same part twice is no round', [suite('A', 'B', 'C'), suite('B', 'C'), service('C')], null],
  ] as const)('%s', ([, products, way]) => {
    expect(compositionCycle([...products])).toEqual(way);
  });

  test('whatever the catalogue: either a cycle is named, or every suite ends in products, each once', () => {
    const keys = ['A', 'B', 'C', 'D', 'E', 'F'];
    const product = (key: string) =>
      fc.record({
        key: fc.constant(key),
        kind: fc.constantFrom('suite' as const, 'service' as const),
        components: fc.subarray(keys),
      });
    fc.assert(
      fc.property(fc.tuple(...keys.map(product)), (drawn) => {
        const products = drawn.map((one) => (one.kind === 'suite' ? one : { ...one, components: [] }));
        const cycle = compositionCycle(products);
        const byKey = map(...products);
        if (cycle) {
          expect(cycle[0]).toBe(cycle.at(-1));
          for (const [n, key] of cycle.slice(1).entries()) expect(byKey.get(cycle[n]!)!.components).toContain(key);
          return;
        }
        for (const { key } of products) {
          const parts = flatten(key, byKey);
          expect(new Set(parts).size).toBe(parts.length);
          for (const part of parts) expect(byKey.get(part)!.kind).toBe('service');
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the price that a number of units reaches', () => {
  const row = (fromUnits: number, price: string, over: Partial<PriceBreak> = {}): PriceBreak => ({
    productId: 'p',
    version: 'full',
    subscriptionType: 'monthly_plan',
    validFrom: Temporal.PlainDate.from('2026-01-01'),
    fromUnits,
    price,
    ...over,
  });
  const breaks = [row(100, '2.49'), row(1, '2.95'), row(1, '30', { subscriptionType: 'annual_license' })];

  test.for([
    [0, '2.95'],
    [1, '2.95'],
    [99, '2.95'],
    [100, '2.49'],
    [5000, '2.49'],
  ] as const)('%i units cost %s each', ([units, price]) => {
    expect(priceFor(breaks, { productId: 'p', version: 'full', subscriptionType: 'monthly_plan', units })).toBe(price);
  });

  test('no price of the version: none', () => {
    const of = { productId: 'p', version: 'trial', subscriptionType: 'monthly_plan', units: 5 } as const;
    expect(priceFor(breaks, of)).toBeNull();
  });
});
