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
  /**
   * The append-only rows, licences, assignments and plans that it wrote, by table and id, each with a digest: whoever
   * changes or removes one of them later by other ways leaves this behind. Null: none.
   */
  written!: Readonly<Record<string, Readonly<Record<string, string>>>> | null;
  previousHash!: string;
  hash!: string;

  constructor(init: Data<AuditEntry>) {
    Object.assign(this, init);
  }
}
