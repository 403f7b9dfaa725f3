import type { Page, PageRequest } from '../page.ts';
import type { Price } from './price.ts';
import type { LicenseVersion, Product, SubscriptionType } from './product.ts';
import type { Data } from '../data.ts';

/** A product with the name of its maker. */
export type CatalogProduct = Data<Product> & { readonly vendor: string };

/** One break of a price list as it holds on the day that was asked for. */
export interface PriceBreak {
  readonly productId: string;
  readonly version: LicenseVersion;
  readonly subscriptionType: SubscriptionType;
  readonly validFrom: Temporal.PlainDate;
  readonly fromUnits: number;
  /** Exact decimal in major units. */
  readonly price: string;
}

export interface CatalogReads {
  /** By id, SKU or name, whatever the case: one where an id or a SKU is meant, else all of the name, by SKU. */
  named(product: string): Promise<readonly { readonly id: string; readonly sku: string }[]>;
  /** What may be looked at on that day, by name: a product disappears on the day of its end of life. */
  list(search: string | undefined, page: PageRequest, today: Temporal.PlainDate): Promise<Page<CatalogProduct>>;
  /** With these ids, or all of them, in the order of their names. */
  products(ids?: readonly string[]): Promise<readonly CatalogProduct[]>;
  /**
   * A product and what a plan of it gives licences of: itself, or what a suite contains, suites within it opened,
   * each once, in the catalogue's order.
   */
  offer(productId: string): Promise<{
    readonly product: CatalogProduct;
    readonly components: readonly CatalogProduct[];
  } | null>;
  /** How many plans, of all partners, offer one of these products. */
  plansOf(productIds: readonly string[]): Promise<number>;
  vendors(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** The breaks of the Tier 1's list that hold on the day, ascending by `fromUnits` within product, version and type. */
  breaks(
    tierOneId: string,
    productIds: readonly string[],
    currency: string,
    on: Temporal.PlainDate,
  ): Promise<readonly PriceBreak[]>;
  /** Every row of the Tier 1's list, past and future. */
  prices(tierOneId: string): Promise<readonly Data<Price>[]>;
}
