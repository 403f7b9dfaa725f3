import type { Actor } from '../../core/caller.ts';
import { flatten, type Composed } from '../../core/catalog/flatten.ts';
import type { Price } from '../../core/catalog/price.ts';
import type {
  LicenseVersion,
  ProductKind,
  SubscriptionType,
  UnitType,
  UsageBasis,
} from '../../core/catalog/product.ts';
import type { CatalogProduct, CatalogReads } from '../../core/catalog/reads.ts';
import type { Data } from '../../core/data.ts';
import { toPage } from '../../core/page.ts';
import type { Em } from '../orm.ts';
import { isId } from '../unit-of-work.ts';
import { likeText } from './customers.ts';

interface ProductRow {
  id: string;
  sku: string;
  name: string;
  vendor_id: string;
  vendor: string;
  kind: ProductKind;
  unit_types: UnitType[];
  versions: LicenseVersion[];
  nfr_allowed: boolean;
  nfr_units: number | null;
  data_centres: string[];
  usage_basis: UsageBasis;
  credits: string | null;
  end_of_sale_on: string | null;
  end_of_life_on: string | null;
  provisioning: 'lmp' | 'customer_overview';
  remote_manager: boolean;
  component_ids: string[];
}

// Lists leave as JSON and decimals as text: the two drivers disagree about arrays and numbers otherwise.
const selectProduct = `
  select p.id, p.sku, p.name, p.vendor_id, v.name as vendor, p.kind, to_json(p.unit_types) as unit_types,
         to_json(p.versions) as versions, p.nfr_allowed, p.nfr_units, to_json(p.data_centres) as data_centres,
         p.usage_basis, p.credits_per_unit::text as credits, p.end_of_sale_on::text, p.end_of_life_on::text,
         p.provisioning, p.remote_manager, to_json(p.component_ids) as component_ids
    from product p join vendor v on v.id = p.vendor_id`;

const dayOrNull = (text: string | null): Temporal.PlainDate | null =>
  text === null ? null : Temporal.PlainDate.from(text);

const toProduct = (row: ProductRow): CatalogProduct => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  vendorId: row.vendor_id,
  vendor: row.vendor,
  kind: row.kind,
  unitTypes: row.unit_types,
  versions: row.versions,
  nfrAllowed: row.nfr_allowed,
  nfrUnits: row.nfr_units,
  dataCentres: row.data_centres,
  usageBasis: row.usage_basis,
  creditsPerUnit: row.credits,
  endOfSaleOn: dayOrNull(row.end_of_sale_on),
  endOfLifeOn: dayOrNull(row.end_of_life_on),
  provisioning: row.provisioning,
  remoteManager: row.remote_manager,
  componentIds: row.component_ids,
});

export const catalogReads = (em: Em, _actor: Actor): CatalogReads => {
  const select = async (rest: string, parameters: readonly unknown[]): Promise<CatalogProduct[]> =>
    (await em.execute<ProductRow[]>(`${selectProduct} ${rest}`, parameters as unknown[])).map(toProduct);

  return {
    named: (product) =>
      isId(product)
        ? em.execute<{ id: string; sku: string }[]>('select id, sku from product where id = ?::uuid', [product])
        : em.execute<{ id: string; sku: string }[]>(
            `select id, sku from product
              where lower(sku) = lower(?)
                 or (lower(name) = lower(?) and not exists (select from product where lower(sku) = lower(?)))
              order by sku`,
            [product, product, product],
          ),

    async list(search, page, today) {
      const typed = search?.trim() || null;
      const like = likeText(typed ?? '');
      const where = `(p.end_of_life_on is null or p.end_of_life_on > ?::date)
        and (?::text is null or lower(p.name) like ? or lower(p.sku) like ? or lower(v.name) like ?)`;
      const parameters = [today.toString(), typed, like, like, like];
      const [count] = await em.execute<{ n: number }[]>(
        `select count(*)::int as n from product p join vendor v on v.id = p.vendor_id where ${where}`,
        parameters,
      );
      const items = await select(
        `where ${where} order by lower(p.sku) is distinct from ?, lower(p.name), p.sku limit ? offset ?`,
        [...parameters, typed?.toLowerCase() ?? null, page.size, (page.page - 1) * page.size],
      );
      return toPage(items, count?.n ?? 0, page);
    },

    products: (ids) =>
      ids === undefined
        ? select('order by lower(p.name), p.sku', [])
        : select(`where p.id::text = any (string_to_array(?, ',')) order by lower(p.name), p.sku`, [ids.join(',')]),

    async offer(productId) {
      if (!isId(productId)) return null;
      const parts = await select(
        `where p.id in (
           with recursive part (id) as (
             select ?::uuid
             union
             select c.id::uuid from part join product s on s.id = part.id, unnest(s.component_ids) as c (id)
           ) select id from part)`,
        [productId],
      );
      const byId = new Map(parts.map((product) => [product.id, product]));
      const composed = new Map<string, Composed>(
        parts.map(({ id, kind, componentIds }) => [id, { key: id, kind, components: componentIds }]),
      );
      const product = byId.get(productId);
      if (!product) return null;
      return { product, components: flatten(productId, composed).map((id) => byId.get(id)!) };
    },

    async plansOf(productIds) {
      const [row] = await em.execute<{ n: number }[]>(
        `select count(*)::int as n from service_plan where product_id::text = any (string_to_array(?, ','))`,
        [productIds.join(',')],
      );
      return row?.n ?? 0;
    },

    vendors: () => em.execute<{ id: string; name: string }[]>('select id, name from vendor order by name'),

    async breaks(tierOneId, productIds, currency, on) {
      const rows = await em.execute<
        {
          product_id: string;
          version: LicenseVersion;
          subscription_type: SubscriptionType;
          valid_from: string;
          from_units: number;
          price: string;
        }[]
      >(
        // A newer list takes the place of the older as a whole: its breaks, not each break by itself.
        `select product_id, version, subscription_type, valid_from::text, from_units, price::text as price
           from (select *, max(valid_from) over (partition by product_id, version, subscription_type) as in_force
                   from price
                  where partner_id = ?::uuid and currency = ? and valid_from <= ?::date
                    and product_id = any (string_to_array(?, ',')::uuid[])) p
          where valid_from = in_force
          order by product_id, version, subscription_type, from_units`,
        [tierOneId, currency, on.toString(), productIds.join(',')],
      );
      return rows.map((row) => ({
        productId: row.product_id,
        version: row.version,
        subscriptionType: row.subscription_type,
        validFrom: Temporal.PlainDate.from(row.valid_from),
        fromUnits: row.from_units,
        price: row.price,
      }));
    },

    async prices(tierOneId) {
      const rows = await em.execute<
        {
          id: string;
          product_id: string;
          version: LicenseVersion;
          subscription_type: SubscriptionType;
          currency: string;
          valid_from: string;
          from_units: number;
          price: string;
        }[]
      >(
        `select id, product_id, version, subscription_type, currency, valid_from::text, from_units, price::text as price
           from price where partner_id = ?::uuid`,
        [tierOneId],
      );
      return rows.map((row): Data<Price> => ({
        id: row.id,
        partnerId: tierOneId,
        productId: row.product_id,
        version: row.version,
        subscriptionType: row.subscription_type,
        currency: row.currency,
        validFrom: Temporal.PlainDate.from(row.valid_from),
        fromUnits: row.from_units,
        price: row.price,
      }));
    },
  };
};
