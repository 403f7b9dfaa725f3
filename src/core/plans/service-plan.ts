import type { LicenseVersion, SubscriptionType, UnitType } from '../catalog/product.ts';
import type { Data } from '../data.ts';

export type Activation = 'immediately' | 'on_first_sign_in';

/** What an assignment keeps a copy of: later edits of the plan reach new assignments only. */
export interface PlanSettings {
  readonly activation: Activation;
  readonly dataCentre: string | null;
  readonly remoteManager: boolean;
  /** Exactly one of the two is given. */
  readonly initialMonths: number | null;
  readonly initialDays: number | null;
  readonly autoRenewal: boolean;
  readonly renewalMonths: number | null;
  /** Days before the end at which the expiry is announced. */
  readonly notifyDays: readonly number[];
  readonly graceDays: number;
}

/** A partner's offer of one product or suite. */
export class ServicePlan {
  id!: string;
  partnerId!: string;
  /** Unique per partner, whatever the case; 1–80 characters. */
  name!: string;
  enabled!: boolean;
  /** Set while a suite change waits for approval. */
  locked!: boolean;
  productId!: string;
  subscriptionType!: SubscriptionType;
  nfr!: boolean;
  version!: LicenseVersion;
  unitType!: UnitType;
  trialForm!: boolean;
  defaultUnits!: number;
  settings!: PlanSettings;
  createdAt!: Temporal.Instant;

  constructor(init: Data<ServicePlan>) {
    Object.assign(this, init);
  }
}
