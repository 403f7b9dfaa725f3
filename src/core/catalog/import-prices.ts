import { z } from 'zod';
import { invalid, notFound, rule } from '../errors.ts';
import { checkOf, faultOf, fileCheck, type Fault } from '../import/fault.ts';
import { readTable, table, twiceFaults, type Table, type TableRow } from '../import/table.ts';
import { Partner } from '../people/partner.ts';
import type { Reads } from '../reads.ts';
import { defineUseCase } from '../use-case.ts';
import { Price } from './price.ts';
import { licenseVersions, subscriptionTypes } from './product.ts';
import type { CatalogProduct } from './reads.ts';

const currencies = new Set(Intl.supportedValuesOf('currency'));

const lowerCase = z.string().trim().toLowerCase();

/** One break of a price list, as a file has it. */
const priceFields = {
  sku: z.string().trim().min(1),
  version: lowerCase.pipe(z.enum(licenseVersions)),
  subscriptionType: lowerCase.pipe(z.enum(subscriptionTypes)),
  currency: z
    .string()
    .trim()
    .toUpperCase()
    .refine((code) => currencies.has(code), 'price.currency_unknown'),
  validFrom: z.iso.date({ error: 'input.not_day' }).transform((day) => Temporal.PlainDate.from(day)),
  fromUnits: z
    .string()
    .trim()
    .refine((text) => /^[1-9]\d{0,6}$/.test(text), 'price.from_units_form')
    .transform(Number),
  price: z
    .string()
    .trim()
    .refine((text) => /^\d{1,12}(\.\d{1,8})?$/.test(text), 'price.form'),
};
type PriceRow = z.output<z.ZodObject<typeof priceFields>>;

const input = z.strictObject({
  /** Slug of the Tier 1 whose price list it is. */
  partner: z.string().min(1),
  table,
});

interface Plan {
  readonly rows: readonly (TableRow<PriceRow> & { readonly product: CatalogProduct })[];
  readonly ignored: readonly string[];
  readonly faults: readonly Fault[];
}

const productFault = (product: CatalogProduct | undefined, { line, value }: TableRow<PriceRow>): Fault | null => {
  if (!product) return faultOf(line, 'sku', value.sku, invalid('price.sku_unknown', 'sku'));
  if (product.kind === 'suite') return faultOf(line, 'sku', value.sku, invalid('price.suite', 'sku'));
  if (value.version === 'nfr') return faultOf(line, 'version', value.version, invalid('price.nfr', 'version'));
  if (!product.versions.includes(value.version)) {
    const allowed = product.versions.filter((version) => version !== 'nfr').join(', ');
    return faultOf(line, 'version', value.version, invalid('input.not_one_of', 'version', { allowed }));
  }
  return null;
};

const listKey = (value: PriceRow): string =>
  [value.sku.toLowerCase(), value.version, value.subscriptionType, value.currency, value.validFrom].join('|');

/** Lists that do not say what the first unit costs: every list begins at 1. */
const startFaults = (rows: readonly TableRow<PriceRow>[], stored: ReadonlySet<string>): Fault[] => {
  const begun = new Set(rows.filter(({ value }) => value.fromUnits === 1).map(({ value }) => listKey(value)));
  const told = new Set<string>();
  return rows.flatMap(({ line, value }) => {
    const key = listKey(value);
    if (begun.has(key) || stored.has(key) || told.has(key)) return [];
    told.add(key);
    return [faultOf(line, 'from_units', String(value.fromUnits), invalid('price.no_first_break', 'fromUnits'))];
  });
};

const planImport = async (reads: Reads, tierOneId: string, file: Table): Promise<Plan> => {
  const { rows, ignored, faults } = readTable(file, priceFields);
  const products = await reads.catalog.products();
  const bySku = new Map(products.map((product) => [product.sku.toLowerCase(), product]));
  const skuOf = new Map(products.map((product) => [product.id, product.sku]));
  const stored = new Set(
    (await reads.catalog.prices(tierOneId))
      .filter((price) => price.fromUnits === 1)
      .map((price) => listKey({ ...price, sku: skuOf.get(price.productId) ?? '' })),
  );
  const found = rows.map((row) => ({ ...row, product: bySku.get(row.value.sku.toLowerCase()) }));
  const all = [
    ...faults,
    ...found.flatMap((row) => productFault(row.product, row) ?? []),
    ...twiceFaults(
      rows,
      'from_units',
      (value) => `${listKey(value)}|${value.fromUnits}`,
      (value) => String(value.fromUnits),
    ),
    ...startFaults(rows, stored),
  ];
  return {
    rows: found.flatMap((row) => (row.product ? [{ ...row, product: row.product }] : [])),
    ignored,
    faults: all,
  };
};

/** Price lists belong to a Tier 1. @throws Refusal where the slug names none, or a Tier 2. */
const tierOneBySlug = async (reads: Reads, get: (id: string) => Promise<Partner>, slug: string): Promise<Partner> => {
  const id = await reads.people.partnerIdBySlug(slug);
  if (id === null) throw notFound('partner', 'partner');
  const partner = await get(id);
  if (partner.tier !== 'tier_1') throw rule('price.not_tier_1', { field: 'partner', params: { partner: slug } });
  return partner;
};

/** Looks through a price file and says everything that is wrong with it; takes nothing. */
export const checkPriceFile = defineUseCase({
  kind: 'query',
  name: 'check prices',
  needs: 'system',
  input,
  result: fileCheck,

  async run({ uow, reads }, { partner: slug, table: file }) {
    const tierOne = await tierOneBySlug(reads, (id) => uow.get(Partner, id, 'partner'), slug);
    const plan = await planImport(reads, tierOne.id, file);
    return checkOf(file.rows.length, plan.ignored, plan.faults);
  },
});

/**
 * Takes a price file whole, or not at all: new breaks are added, a break that the list already has for the same day
 * gets the new price.
 */
export const importPrices = defineUseCase({
  kind: 'command',
  name: 'import prices',
  needs: 'system',
  input,
  result: z.object({ added: z.int(), changed: z.int(), unchanged: z.int() }),

  async run({ uow, reads }, { partner: slug, table: file }) {
    const tierOne = await tierOneBySlug(reads, (id) => uow.lock(Partner, id, 'partner'), slug);
    const plan = await planImport(reads, tierOne.id, file);
    if (plan.faults.length > 0) throw rule('import.faults', { params: { count: plan.faults.length } });
    const breakKey = (of: Omit<PriceRow, 'sku' | 'price'> & { productId: string }): string =>
      [of.productId, of.version, of.subscriptionType, of.currency, of.validFrom, of.fromUnits].join('|');
    const before = new Map((await reads.catalog.prices(tierOne.id)).map((price) => [breakKey(price), price]));
    const counts = { added: 0, changed: 0, unchanged: 0 };
    for (const { value, product } of plan.rows) {
      const { sku: _, ...fields } = value;
      const known = before.get(breakKey({ ...fields, productId: product.id }));
      if (!known) {
        uow.add(new Price({ id: uow.newId(), partnerId: tierOne.id, productId: product.id, ...fields }));
        counts.added++;
      } else if (sameDecimal(known.price, value.price)) counts.unchanged++;
      else {
        (await uow.lock(Price, known.id)).price = value.price;
        counts.changed++;
      }
    }
    return counts;
  },
});

const sameDecimal = (one: string, other: string): boolean => trimZeros(one) === trimZeros(other);

const trimZeros = (decimal: string): string => {
  const [whole = '', fraction = ''] = decimal.split('.');
  return `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`;
};
