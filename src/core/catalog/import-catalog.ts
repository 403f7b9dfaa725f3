import { z } from 'zod';
import { invalid, rule, type Refusal } from '../errors.ts';
import { checkOf, faultOf, fileCheck, type Fault } from '../import/fault.ts';
import type { Data } from '../data.ts';
import { endLicenses } from '../licenses/end-of-life.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import type { Reads } from '../reads.ts';
import { isSameComposition, openSuiteChanges } from '../suites/open-suite-changes.ts';
import { defineUseCase, inputRefusal } from '../use-case.ts';
import { catalogFile, type CatalogFileProduct } from './catalog-file.ts';
import { compositionCycle, flatten, type Composed } from './flatten.ts';
import { Product, Vendor, type ProductKind } from './product.ts';
import type { CatalogProduct } from './reads.ts';

const input = z.strictObject({
  /** The file's JSON as it was read. */
  catalog: z.unknown(),
  /** Line of the file on which each place stands, by path: `vendors.0.products.3.sku`. */
  lines: z.record(z.string(), z.int()).default({}),
});
type Input = z.output<typeof input>;

interface FileProduct extends CatalogFileProduct {
  readonly path: string;
  readonly vendor: string;
}

interface Plan {
  readonly products: readonly FileProduct[];
  readonly faults: readonly Fault[];
  readonly known: ReadonlyMap<string, CatalogProduct>;
  readonly recomposed: readonly RecomposedSuite[];
}

const lineOf = ({ lines }: Input, path: string): number => {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const line = lines[at];
    if (line !== undefined) return line;
  }
  return 1;
};

const shown = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** What a product's own fields contradict in each other. */
function* ownFaults(product: FileProduct): Generator<readonly [field: string, found: unknown, refusal: Refusal]> {
  const isSuite = product.kind === 'suite';
  if (isSuite && product.components.length === 0) {
    yield ['components', product.components, invalid('catalog.suite_empty', 'components')];
  }
  if (!isSuite && product.components.length > 0) {
    yield ['components', product.components, invalid('catalog.not_a_suite', 'components')];
  }
  if (isSuite && product.unitTypes.join() !== 'seat') {
    yield ['unitTypes', product.unitTypes, invalid('catalog.suite_in_seats', 'unitTypes')];
  }
  if (product.kind === 'service' && product.dataCentres.length === 0) {
    yield ['dataCentres', product.dataCentres, invalid('catalog.data_centre_needed', 'dataCentres')];
  }
  if (product.nfrAllowed && product.nfrUnits === undefined) {
    yield ['nfrUnits', product.nfrUnits, invalid('catalog.nfr_units_needed', 'nfrUnits')];
  }
  if (product.endOfSaleOn && product.endOfLifeOn && product.endOfLifeOn < product.endOfSaleOn) {
    yield ['endOfLifeOn', product.endOfLifeOn, invalid('catalog.life_before_sale', 'endOfLifeOn')];
  }
}

/** What a product contradicts in what is already stored. */
function* storedFaults(
  product: FileProduct,
  known: CatalogProduct | undefined,
): Generator<readonly [field: string, found: unknown, refusal: Refusal]> {
  if (!known) return;
  // Licences in force rest on these two: another kind of thing is another product.
  if (known.kind !== product.kind) {
    yield ['kind', product.kind, invalid('catalog.kind_fixed', 'kind', { kind: known.kind })];
  }
  if (known.vendor !== product.vendor) {
    yield ['sku', product.sku, invalid('catalog.vendor_fixed', 'sku', { vendor: known.vendor })];
  }
}

const composedOf = (known: Iterable<CatalogProduct>, products: Iterable<FileProduct>): Map<string, Composed> => {
  const stored = [...known];
  const skuOf = new Map(stored.map(({ id, sku }) => [id, sku.toLowerCase()]));
  const all = new Map<string, Composed>();
  for (const { sku, kind, componentIds } of stored) {
    const key = sku.toLowerCase();
    all.set(key, { key, kind, components: componentIds.map((id) => skuOf.get(id) ?? id) });
  }
  for (const { sku, kind, components } of products) {
    const key = sku.toLowerCase();
    all.set(key, { key, kind: kind satisfies ProductKind, components: components.map((name) => name.toLowerCase()) });
  }
  return all;
};

const planImport = async (reads: Reads, file: Input): Promise<Plan> => {
  const parsed = catalogFile.safeParse(file.catalog, { reportInput: true });
  const fault = (path: string, found: unknown, refusal: Refusal): Fault =>
    faultOf(lineOf(file, path), path, shown(found), refusal);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      const refusal = inputRefusal(issue);
      return fault(refusal.field ?? '', issue.input, refusal);
    });
    return { products: [], faults, known: new Map(), recomposed: [] };
  }
  const products = parsed.data.vendors.flatMap((vendor, v) =>
    vendor.products.map((product, n): FileProduct => ({
      ...product,
      path: `vendors.${v}.products.${n}`,
      vendor: vendor.name,
    })),
  );
  const stored = await reads.catalog.products();
  const known = new Map(stored.map((product) => [product.sku.toLowerCase(), product]));
  const faults: Fault[] = [];
  const vendorsSeen = new Set<string>();
  parsed.data.vendors.forEach(({ name }, v) => {
    if (vendorsSeen.has(name)) faults.push(fault(`vendors.${v}.name`, name, invalid('catalog.vendor_twice', 'name')));
    vendorsSeen.add(name);
  });
  const seen = new Set<string>();
  const composed = composedOf(stored, products);
  const byKey = new Map(products.map((product) => [product.sku.toLowerCase(), product]));
  for (const product of products) {
    const key = product.sku.toLowerCase();
    if (seen.has(key)) {
      faults.push(fault(`${product.path}.sku`, product.sku, invalid('catalog.sku_twice', 'sku')));
    }
    seen.add(key);
    for (const [field, found, refusal] of [...ownFaults(product), ...storedFaults(product, known.get(key))]) {
      faults.push(fault(`${product.path}.${field}`, found, refusal));
    }
    product.components.forEach((component, n) => {
      const path = `${product.path}.components.${n}`;
      const target = byKey.get(component.toLowerCase()) ?? known.get(component.toLowerCase());
      if (!target) faults.push(fault(path, component, invalid('catalog.component_unknown', 'components')));
      else if (target.provisioning === 'customer_overview') {
        faults.push(fault(path, component, invalid('catalog.component_elsewhere', 'components')));
      }
    });
  }
  const cycle = compositionCycle([...composed.values()]);
  if (cycle) {
    const at = products.find(({ sku }) => cycle.includes(sku.toLowerCase()));
    const way = cycle.map((key) => byKey.get(key)?.sku ?? known.get(key)?.sku ?? key).join(' → ');
    faults.push(fault(`${at?.path ?? ''}.components`, way, invalid('catalog.cycle', 'components', { way })));
  }
  return { products, faults, known, recomposed: cycle ? [] : recomposedBy(stored, composed) };
};

/** A suite, contained ones opened, as it is and as it will be: SKUs in lower case. */
interface RecomposedSuite {
  readonly suite: CatalogProduct;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The stored suites that will give other products: those of the file, and those that contain them. */
const recomposedBy = (
  stored: readonly CatalogProduct[],
  composed: ReadonlyMap<string, Composed>,
): RecomposedSuite[] => {
  const now = composedOf(stored, []);
  return stored
    .filter(({ kind }) => kind === 'suite')
    .map((suite) => {
      const key = suite.sku.toLowerCase();
      return { suite, before: flatten(key, now), after: flatten(key, composed) };
    })
    .filter(({ before, after }) => !isSameComposition(before, after));
};

/** Looks through a catalogue file and says everything that is wrong with it; takes nothing. */
export const checkCatalogFile = defineUseCase({
  kind: 'query',
  name: 'check catalog',
  needs: 'system',
  input,
  result: fileCheck,

  async run({ reads }, file) {
    const plan = await planImport(reads, file);
    return checkOf(plan.products.length, [], plan.faults);
  },
});

/** By product: the day of an end of life that the file brings or moves. */
const endsOfLife = ({
  products,
  known,
}: Plan): { readonly product: CatalogProduct; readonly day: Temporal.PlainDate }[] =>
  products.flatMap(({ sku, endOfLifeOn }) => {
    const product = known.get(sku.toLowerCase());
    if (!product || !endOfLifeOn || product.endOfLifeOn?.toString() === endOfLifeOn) return [];
    return [{ product, day: Temporal.PlainDate.from(endOfLifeOn) }];
  });

/** Plans that give licences of one of the products, before the import or after it, with all their partners. */
const plansGiving = async (
  reads: Reads,
  { known, recomposed }: Plan,
  ended: readonly { readonly product: CatalogProduct }[],
): Promise<string[]> => {
  const touched = new Set(ended.map(({ product }) => product.sku.toLowerCase()));
  const composed = composedOf(known.values(), []);
  const giving = [...known].filter(
    ([key]) => touched.has(key) || flatten(key, composed).some((part) => touched.has(part)),
  );
  const productIds = [...giving.map(([, { id }]) => id), ...recomposed.map(({ suite }) => suite.id)];
  return (await reads.suites.plansOf(productIds)).map(({ planId }) => planId);
};

/**
 * Takes a catalogue file whole, or not at all. Products are known by SKU; one that the file leaves out stays. Where a
 * suite will give other products, its plans are locked until each partner approves; an end of life ends licences.
 */
export const importCatalog = defineUseCase({
  kind: 'command',
  name: 'import catalog',
  needs: 'system',
  input,
  result: z.object({
    added: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    /** Suite changes opened, one for each partner and suite; left out where none was. */
    suiteChanges: z.int().optional(),
    /** Licences that an end of life ends; left out where none is. */
    ended: z.int().optional(),
  }),

  async run(context, file) {
    const { uow, reads } = context;
    // One import at a time: each is judged by what the last one left.
    await uow.lockAll(
      Vendor,
      (await reads.catalog.vendors()).map(({ id }) => id),
    );
    const plan = await planImport(reads, file);
    const { products, faults, known } = plan;
    if (faults.length > 0) throw rule('import.faults', { params: { count: faults.length } });
    const ended = endsOfLife(plan);
    // Whoever gives licences holds the plan: from here on nobody reads the old composition or the old day.
    await uow.lockAll(ServicePlan, await plansGiving(reads, plan, ended));
    let endedLicenses = 0;
    for (const { product, day } of ended) endedLicenses += await endLicenses(context, [product.id], day);
    const counts = { added: 0, changed: 0, unchanged: 0 };

    const vendorIds = new Map((await reads.catalog.vendors()).map(({ id, name }) => [name, id]));
    for (const { vendor } of products) {
      if (vendorIds.has(vendor)) continue;
      const created = new Vendor({ id: uow.newId(), name: vendor });
      uow.add(created);
      vendorIds.set(vendor, created.id);
    }
    await uow.flush();
    const idOf = new Map([...known].map(([key, { id }]) => [key, id]));
    for (const { sku } of products) if (!idOf.has(sku.toLowerCase())) idOf.set(sku.toLowerCase(), uow.newId());
    // Plans that are being made refer to their product: with it held, they are there or wait.
    await uow.lockAll(
      Product,
      plan.recomposed.map(({ suite }) => suite.id),
    );
    for (const product of products) {
      const key = product.sku.toLowerCase();
      const fields = fieldsOf(product, vendorIds, idOf);
      const before = known.get(key);
      if (!before) {
        uow.add(new Product({ id: idOf.get(key)!, ...fields }));
        counts.added++;
      } else if (isUnchanged(before, fields)) counts.unchanged++;
      else {
        Object.assign(await uow.lock(Product, before.id), fields);
        counts.changed++;
      }
    }
    const ids = (keys: readonly string[]): string[] => keys.map((key) => idOf.get(key)!);
    const recomposed = plan.recomposed.map(({ suite, before, after }) => ({
      productId: suite.id,
      before: ids(before),
      after: ids(after),
    }));
    const plans = await reads.suites.plansOf(recomposed.map(({ productId }) => productId));
    const suiteChanges = await openSuiteChanges(
      context,
      recomposed,
      await uow.lockAll(
        ServicePlan,
        plans.map(({ planId }) => planId),
      ),
    );
    return { ...counts, ...(suiteChanges > 0 && { suiteChanges }), ...(endedLicenses > 0 && { ended: endedLicenses }) };
  },
});

const fieldsOf = (
  product: FileProduct,
  vendorIds: ReadonlyMap<string, string>,
  idOf: ReadonlyMap<string, string>,
): Omit<Data<Product>, 'id'> => ({
  sku: product.sku,
  name: product.name,
  vendorId: vendorIds.get(product.vendor)!,
  kind: product.kind,
  unitTypes: product.unitTypes,
  versions: product.versions,
  nfrAllowed: product.nfrAllowed,
  nfrUnits: product.nfrUnits ?? null,
  dataCentres: product.dataCentres,
  usageBasis: product.usageBasis ?? (product.kind === 'service' ? 'peak_each' : 'none'),
  creditsPerUnit: product.creditsPerUnit ?? null,
  endOfSaleOn: product.endOfSaleOn ? Temporal.PlainDate.from(product.endOfSaleOn) : null,
  endOfLifeOn: product.endOfLifeOn ? Temporal.PlainDate.from(product.endOfLifeOn) : null,
  provisioning: product.provisioning,
  remoteManager: product.remoteManager,
  componentIds: product.components.map((component) => idOf.get(component.toLowerCase())!),
});

const isUnchanged = (before: CatalogProduct, fields: Record<string, unknown>): boolean =>
  Object.entries(fields).every(
    ([field, value]) => JSON.stringify(before[field as keyof CatalogProduct]) === JSON.stringify(value),
  );
