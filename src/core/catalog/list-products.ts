import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { optionalLineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { productAsShown, productResult } from './product-result.ts';

/** The catalogue by name. Products whose end of life has come are no longer in it; end of sale is marked. */
export const listProducts = defineUseCase({
  kind: 'query',
  name: 'product list',
  needs: 'see',
  input: z.strictObject({ search: optionalLineOf(120), page: pageInput }),
  result: pageOf(productResult),

  async run({ reads, actor, now }, { search, page }) {
    const today = dayAt(now, actor.timeZone);
    const found = await reads.catalog.list(search || undefined, { page, size: pageSize }, today);
    const components = await reads.catalog.products(found.items.flatMap(({ componentIds }) => componentIds));
    return { ...found, items: found.items.map((product) => productAsShown(product, components, today)) };
  },
});
