import type { Page, PageRequest } from '../page.ts';
import type { LicenseVersion, SubscriptionType, UnitType } from '../catalog/product.ts';
import type { PlanStatus } from './plan-status.ts';

export interface PlanRow {
  readonly planId: string;
  readonly name: string;
  /** SKU. */
  readonly product: string;
  readonly productName: string;
  readonly subscriptionType: SubscriptionType;
  readonly version: LicenseVersion;
  readonly unitType: UnitType;
  readonly defaultUnits: number;
  readonly status: PlanStatus;
  /** Credit conversion: an exact decimal, or null where the product has no rate. */
  readonly credits: string | null;
  /** Customers with an assignment of it that was not replaced. */
  readonly customers: number;
}

export interface PlanFilter {
  /** In name, product name and SKU. */
  readonly search?: string | undefined;
  /** Only what can be assigned on the day. */
  readonly assignable?: boolean | undefined;
  readonly status?: PlanStatus | undefined;
}

export interface PlanReads {
  /** By id or name, whatever its case; one of the caller's partner. */
  idOf(plan: string): Promise<string | null>;
  /** Whether another plan of the partner than `exceptId` has the name, whatever its case. */
  nameTaken(partnerId: string, name: string, exceptId?: string): Promise<boolean>;
  /** Whether any customer was ever given it. */
  wasAssigned(planId: string): Promise<boolean>;
  /** Whether the partner has an NFR plan of the product. */
  nfrExists(partnerId: string, productId: string): Promise<boolean>;
  /** By name; plans of a product past its end of life are gone from the list. */
  list(filter: PlanFilter, page: PageRequest, today: Temporal.PlainDate): Promise<Page<PlanRow>>;
  /** The caller's full plans of a product, by name. */
  fullOf(productId: string): Promise<readonly string[]>;
  customersOf(planId: string): Promise<number>;
  /** The account that somebody made by signing up for the plan, by this very form, or with this address since then. */
  signedUp(
    planId: string,
    by: { readonly email: string; readonly since: Temporal.Instant; readonly requestId: string },
  ): Promise<string | null>;
}
