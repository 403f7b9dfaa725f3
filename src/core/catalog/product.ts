import type { Data } from '../data.ts';

export const unitTypes = ['seat', 'device', 'mailbox', 'server', 'gateway', 'credit'] as const;
export type UnitType = (typeof unitTypes)[number];
export const productKinds = ['service', 'software', 'suite'] as const;
export type ProductKind = (typeof productKinds)[number];
export const licenseVersions = ['trial', 'full', 'nfr'] as const;
export type LicenseVersion = (typeof licenseVersions)[number];
export const subscriptionTypes = ['monthly_plan', 'annual_license'] as const;
export type SubscriptionType = (typeof subscriptionTypes)[number];
export const usageBases = ['peak_each', 'peak_day', 'none'] as const;
export type UsageBasis = (typeof usageBases)[number];

/** The maker of products; exports filter by it. */
export class Vendor {
  id!: string;
  name!: string;

  constructor(init: Data<Vendor>) {
    Object.assign(this, init);
  }
}

/** A product as the catalogue describes it. The catalogue is shared by all partners. */
export class Product {
  id!: string;
  sku!: string;
  name!: string;
  vendorId!: string;
  kind!: ProductKind;
  /** The unit types allowed; a licence under a suite takes the first. */
  unitTypes!: UnitType[];
  versions!: LicenseVersion[];
  nfrAllowed!: boolean;
  /** Bundle size of an NFR licence, in units. */
  nfrUnits!: number | null;
  dataCentres!: string[];
  usageBasis!: UsageBasis;
  /** Vision One credits per unit, an exact decimal; null: the product converts into none. */
  creditsPerUnit!: string | null;
  endOfSaleOn!: Temporal.PlainDate | null;
  endOfLifeOn!: Temporal.PlainDate | null;
  provisioning!: 'lmp' | 'customer_overview';
  /** Whether plans of it may be managed by Remote Manager. */
  remoteManager!: boolean;
  /** Ids of a suite's direct components, in the catalogue's order; empty for the rest. */
  componentIds!: string[];

  constructor(init: Data<Product>) {
    Object.assign(this, init);
  }
}
