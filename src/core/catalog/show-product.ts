import { z } from 'zod';
import { notFound } from '../errors.ts';
import { seesPrices } from '../permissions.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { saleState, saleStates } from './list-products.ts';
import { licenseVersions, productKinds, subscriptionTypes, unitTypes, usageBases } from './product.ts';

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
  result: z.object({
    productId: z.string(),
    sku: z.string(),
    name: z.string(),
    vendor: z.string(),
    kind: z.enum(productKinds),
    versions: z.array(z.enum(licenseVersions)),
    unitTypes: z.array(z.enum(unitTypes)),
    credits: z.string().nullable(),
    nfrUnits: z.int().nullable(),
    dataCentres: z.array(z.string()),
    usageBasis: z.enum(usageBases),
    remoteManager: z.boolean(),
    provisioning: z.enum(['lmp', 'customer_overview']),
    sale: z.enum(saleStates),
    endOfSaleOn: z.string().nullable(),
    endOfLifeOn: z.string().nullable(),
    components: z.array(z.object({ sku: z.string(), name: z.string(), kind: z.enum(productKinds) })),
    prices: z
      .array(
        z.object({
          version: z.enum(licenseVersions),
          subscriptionType: z.enum(subscriptionTypes),
          fromUnits: z.int(),
          price: z.object({ amount: z.string(), currency: z.string() }),
        }),
      )
      .nullable(),
  }),

  async run({ reads, actor, now }, { product: named }) {
    const today = now.toZonedDateTimeISO(actor.timeZone).toPlainDate();
    const id = await reads.catalog.idOf(named);
    const [product] = id === null ? [] : await reads.catalog.products([id]);
    if (!product) throw notFound('product', 'product');
    const components = await reads.catalog.products(product.componentIds);
    const breaks = seesPrices(actor)
      ? await reads.catalog.breaks(actor.parentId ?? actor.partnerId, [product.id], actor.currency, today)
      : null;
    return {
      productId: product.id,
      sku: product.sku,
      name: product.name,
      vendor: product.vendor,
      kind: product.kind,
      versions: [...product.versions],
      unitTypes: [...product.unitTypes],
      credits: product.creditsPerUnit,
      nfrUnits: product.nfrAllowed ? product.nfrUnits : null,
      dataCentres: [...product.dataCentres],
      usageBasis: product.usageBasis,
      remoteManager: product.remoteManager,
      provisioning: product.provisioning,
      sale: saleState(product, today),
      endOfSaleOn: product.endOfSaleOn?.toString() ?? null,
      endOfLifeOn: product.endOfLifeOn?.toString() ?? null,
      components: product.componentIds.flatMap((componentId) => {
        const component = components.find(({ id: known }) => known === componentId);
        return component ? [{ sku: component.sku, name: component.name, kind: component.kind }] : [];
      }),
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
