import { z } from 'zod';
import { lineOf } from '../text.ts';
import { licenseVersions, productKinds, unitTypes, usageBases } from './product.ts';

const decimal = z
  .union([z.string().trim(), z.number()])
  .transform(String)
  .refine((text) => /^\d{1,9}(\.\d{1,8})?$/.test(text), 'catalog.decimal_form');

const sku = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .refine((text) => /^[A-Za-z0-9._-]+$/.test(text), 'catalog.sku_form');

const distinct = <T>(values: readonly T[]): boolean => new Set(values).size === values.length;

const day = z.iso.date({ error: 'input.not_day' });

/** A product as the catalogue file describes it. What is left out has the plain meaning given here. */
export const catalogFileProduct = z.strictObject({
  sku,
  name: lineOf(75),
  kind: z.enum(productKinds),
  unitTypes: z.array(z.enum(unitTypes)).min(1).refine(distinct, 'catalog.twice_in_list'),
  versions: z
    .array(z.enum(licenseVersions))
    .min(1)
    .refine(distinct, 'catalog.twice_in_list')
    .default(['trial', 'full']),
  nfrAllowed: z.boolean().default(false),
  nfrUnits: z.int().min(1).max(1_000_000).optional(),
  dataCentres: z.array(lineOf(40)).refine(distinct, 'catalog.twice_in_list').default([]),
  usageBasis: z.enum(usageBases).optional(),
  creditsPerUnit: decimal.optional(),
  endOfSaleOn: day.optional(),
  endOfLifeOn: day.optional(),
  provisioning: z.enum(['lmp', 'customer_overview']).default('lmp'),
  remoteManager: z.boolean().default(false),
  components: z.array(sku).refine(distinct, 'catalog.twice_in_list').default([]),
});
export type CatalogFileProduct = z.output<typeof catalogFileProduct>;

/** The catalogue file: makers with their products. */
export const catalogFile = z.strictObject({
  vendors: z.array(z.strictObject({ name: lineOf(75), products: z.array(catalogFileProduct).min(1) })).min(1),
});
