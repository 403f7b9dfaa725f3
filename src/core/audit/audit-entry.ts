import type { Data } from '../data.ts';

/** Who ran what with which input, and the answer: one link of the partner's hash chain. Append-only. */
export class AuditEntry {
  id!: string;
  /** Null: the system's own chain. */
  partnerId!: string;
  /** Without gaps, from 1. */
  sequence!: bigint;
  at!: Temporal.Instant;
  useCase!: string;
  actorName!: string;
  personId!: string | null;
  requestId!: string;
  input!: unknown;
  inputHash!: string;
  answer!: unknown;
  previousHash!: string;
  hash!: string;

  constructor(init: Data<AuditEntry>) {
    Object.assign(this, init);
  }
}
