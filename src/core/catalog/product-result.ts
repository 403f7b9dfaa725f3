import { z } from 'zod';
import { licenseVersions, productKinds, unitTypes } from './product.ts';
import type { CatalogProduct } from './reads.ts';

/** Where a product stands in its life on a day. */
export const saleStates = ['on_sale', 'end_of_sale', 'end_of_life'] as const;

/** The state of a product on a day; end of life comes before end of sale. */
export const saleState = (
  product: { readonly endOfSaleOn: Temporal.PlainDate | null; readonly endOfLifeOn: Temporal.PlainDate | null },
  day: Temporal.PlainDate,
): (typeof saleStates)[number] => {
  const reached = (on: Temporal.PlainDate | null): boolean => on !== null && Temporal.PlainDate.compare(on, day) <= 0;
  if (reached(product.endOfLifeOn)) return 'end_of_life';
  return reached(product.endOfSaleOn) ? 'end_of_sale' : 'on_sale';
};

/** A product as lists and pages show it. */
export const productResult = z.object({
  productId: z.string(),
  sku: z.string(),
  name: z.string(),
  vendor: z.string(),
  kind: z.enum(productKinds),
  versions: z.array(z.enum(licenseVersions)),
  unitTypes: z.array(z.enum(unitTypes)),
  /** Vision One credits per unit, an exact decimal; null: it converts into none. */
  credits: z.string().nullable(),
  /** What a suite is made of, in the catalogue's order; empty for the rest. */
  components: z.array(z.object({ sku: z.string(), name: z.string(), kind: z.enum(productKinds) })),
  sale: z.enum(saleStates),
  provisioning: z.enum(['lmp', 'customer_overview']),
});

/** `known` holds at least the product's own components. */
export const productAsShown = (
  product: CatalogProduct,
  known: readonly CatalogProduct[],
  today: Temporal.PlainDate,
): z.input<typeof productResult> => ({
  productId: product.id,
  sku: product.sku,
  name: product.name,
  vendor: product.vendor,
  kind: product.kind,
  versions: [...product.versions],
  unitTypes: [...product.unitTypes],
  credits: product.creditsPerUnit,
  components: product.componentIds.flatMap((componentId) =>
    known.filter(({ id }) => id === componentId).map(({ sku, name, kind }) => ({ sku, name, kind })),
  ),
  sale: saleState(product, today),
  provisioning: product.provisioning,
});
