import { z } from 'zod';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { optionalLineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { licenseVersions, productKinds, unitTypes } from './product.ts';

/** Where a product stands in its life on a day. */
export const saleStates = ['on_sale', 'end_of_sale', 'end_of_life'] as const;

export const saleState = (
  product: { readonly endOfSaleOn: Temporal.PlainDate | null; readonly endOfLifeOn: Temporal.PlainDate | null },
  day: Temporal.PlainDate,
): (typeof saleStates)[number] => {
  const reached = (on: Temporal.PlainDate | null): boolean => on !== null && Temporal.PlainDate.compare(on, day) <= 0;
  if (reached(product.endOfLifeOn)) return 'end_of_life';
  return reached(product.endOfSaleOn) ? 'end_of_sale' : 'on_sale';
};

/** The catalogue by name. Products whose end of life has come are no longer in it; end of sale is marked. */
export const listProducts = defineUseCase({
  kind: 'query',
  name: 'product list',
  needs: 'see',
  input: z.strictObject({ search: optionalLineOf(120), page: pageInput }),
  result: pageOf(
    z.object({
      productId: z.string(),
      sku: z.string(),
      name: z.string(),
      vendor: z.string(),
      kind: z.enum(productKinds),
      versions: z.array(z.enum(licenseVersions)),
      unitTypes: z.array(z.enum(unitTypes)),
      credits: z.string().nullable(),
      sale: z.enum(saleStates),
      provisioning: z.enum(['lmp', 'customer_overview']),
    }),
  ),

  async run({ reads, actor, now }, { search, page }) {
    const today = now.toZonedDateTimeISO(actor.timeZone).toPlainDate();
    const found = await reads.catalog.list(search || undefined, { page, size: pageSize }, today);
    return {
      ...found,
      items: found.items.map((product) => ({
        productId: product.id,
        sku: product.sku,
        name: product.name,
        vendor: product.vendor,
        kind: product.kind,
        versions: [...product.versions],
        unitTypes: [...product.unitTypes],
        credits: product.creditsPerUnit,
        sale: saleState(product, today),
        provisioning: product.provisioning,
      })),
    };
  },
});
