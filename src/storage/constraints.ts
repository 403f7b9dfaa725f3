import { conflict, type Refusal } from '../core/errors.ts';

/** What it means when the database's own guard says no: somebody was faster than the check before it. */
const refusals: Readonly<Record<string, () => Refusal>> = {
  customer_account_unique: () => conflict('customer.account_taken', { field: 'account' }),
  service_plan_name_unique: () => conflict('plan.name_taken', { field: 'name' }),
  service_plan_nfr_unique: () => conflict('plan.nfr_exists', { field: 'nfr' }),
  channel_claim_unique: () => conflict('digest.channel_taken', { field: 'channel' }),
  person_email_unique: () => conflict('person.email_taken', { field: 'email' }),
  partner_slug_unique: () => conflict('partner.slug_taken', { field: 'slug' }),
  linked_identity_unique: () => conflict('identity.taken', { field: 'userId' }),
};

interface DatabaseError {
  readonly code?: string;
  readonly constraint?: string;
}

export const refusalOf = (error: unknown): Refusal | null => {
  const { code, constraint } = error as DatabaseError;
  return code === '23505' && constraint ? (refusals[constraint]?.() ?? null) : null;
};

/**
 * Whether the whole transaction is worth another try: serialization failure, deadlock, or the same delivery raced
 * with itself (the second run finds the first answer).
 */
export const isPassing = (error: unknown): boolean => {
  const { code, constraint } = error as DatabaseError;
  return code === '40001' || code === '40P01' || (code === '23505' && constraint === 'audit_entry_request_unique');
};
