import { z } from 'zod';
import { dayAt, dayResult } from '../calendar.ts';
import { tierOneOf } from '../caller.ts';
import { notFound } from '../errors.ts';
import { moneyResult } from '../money/money.ts';
import { seesPrices } from '../permissions.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { findProduct } from './find-product.ts';
import { productAsShown, productResult } from './product-result.ts';
import { licenseVersions, subscriptionTypes, usageBases } from './product.ts';

/**
 * One product with everything a plan of it must know. Prices are those of the own Tier 1 in the own currency today;
 * null for who may not see them.
 */
export const showProduct = defineUseCase({
  kind: 'query',
  name: 'product show',
  needs: 'see',
  input: z.strictObject({
    /** SKU, name or id. */
    product: lineOf(120),
  }),
  result: productResult.extend({
    nfrUnits: z.int().nullable(),
    dataCentres: z.array(z.string()),
    usageBasis: z.enum(usageBases),
    remoteManager: z.boolean(),
    endOfSaleOn: dayResult.nullable(),
    endOfLifeOn: dayResult.nullable(),
    prices: z
      .array(
        z.object({
          version: z.enum(licenseVersions),
          subscriptionType: z.enum(subscriptionTypes),
          fromUnits: z.int(),
          /** An exact decimal; may be finer than the minor unit. */
          price: moneyResult,
        }),
      )
      .nullable(),
  }),

  async run({ reads, actor, now }, { product: named }) {
    const today = dayAt(now, actor.timeZone);
    const [product] = await reads.catalog.products([await findProduct(reads, named)]);
    if (!product) throw notFound('product', 'product');
    const components = await reads.catalog.products(product.componentIds);
    const breaks = seesPrices(actor)
      ? await reads.catalog.breaks(tierOneOf(actor), [product.id], actor.currency, today)
      : null;
    return {
      ...productAsShown(product, components, today),
      nfrUnits: product.nfrAllowed ? product.nfrUnits : null,
      dataCentres: [...product.dataCentres],
      usageBasis: product.usageBasis,
      remoteManager: product.remoteManager,
      endOfSaleOn: product.endOfSaleOn?.toString() ?? null,
      endOfLifeOn: product.endOfLifeOn?.toString() ?? null,
      prices:
        breaks?.map(({ version, subscriptionType, fromUnits, price }) => ({
          version,
          subscriptionType,
          fromUnits,
          price: { amount: price, currency: actor.currency },
        })) ?? null,
    };
  },
});
