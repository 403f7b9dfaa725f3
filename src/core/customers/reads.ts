import type { Page, PageRequest } from '../page.ts';

export interface CustomerRow {
  readonly customerId: string;
  readonly account: string;
  readonly company: string;
  readonly city: string;
  readonly status: 'enabled' | 'suspended';
  /** Open licences and their units, today. */
  readonly licenses: number;
  readonly units: number;
}

export interface CustomerReads {
  list(
    filter: { readonly search?: string | undefined; readonly status?: 'enabled' | 'suspended' | undefined },
    page: PageRequest,
    today: Temporal.PlainDate,
  ): Promise<Page<CustomerRow>>;
  /** By id or account name, whatever its case. */
  idOf(customer: string): Promise<string | null>;
  accountTaken(tierOneId: string, account: string): Promise<boolean>;
  /** Which of these account names somebody holds, in lower case. */
  accountsTaken(tierOneId: string, accounts: readonly string[]): Promise<ReadonlySet<string>>;
}
