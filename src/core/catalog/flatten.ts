import type { ProductKind } from './product.ts';

/** What composition needs to know of a product. `key` is an id, or a SKU before anything is stored. */
export interface Composed {
  readonly key: string;
  readonly kind: ProductKind;
  readonly components: readonly string[];
}

/**
 * The products that a plan gives licences of: the product itself, or what a suite contains, with suites in suites
 * opened; each product once, where it first stands.
 */
export const flatten = (key: string, byKey: ReadonlyMap<string, Composed>): string[] => {
  const found = new Set<string>();
  const open = (current: string): void => {
    const product = byKey.get(current);
    if (!product) return;
    if (product.kind === 'suite') product.components.forEach(open);
    else found.add(current);
  };
  open(key);
  return [...found];
};

/** The way round by which suites contain each other (`A`, `B`, `A`), or null where none does. */
export const compositionCycle = (products: readonly Composed[]): string[] | null => {
  const byKey = new Map(products.map((product) => [product.key, product]));
  const cleared = new Set<string>();
  const walk = (key: string, path: readonly string[]): string[] | null => {
    const at = path.indexOf(key);
    if (at >= 0) return [...path.slice(at), key];
    if (cleared.has(key)) return null;
    for (const component of byKey.get(key)?.components ?? []) {
      const cycle = walk(component, [...path, key]);
      if (cycle) return cycle;
    }
    cleared.add(key);
    return null;
  };
  for (const { key } of products) {
    const cycle = walk(key, []);
    if (cycle) return cycle;
  }
  return null;
};
