/** Where a chain breaks, or a row that an entry of it wrote is not as it was written. */
export interface BrokenEntry {
  /** The entry's number in the chain. */
  readonly sequence: string | null;
  /** Where the bad row stands, and its id; null: it is the one that is missing. */
  readonly table: string;
  readonly rowId: string | null;
  readonly reason: string;
}

export interface AuditReads {
  /** Recomputes the chain of the caller's own partner, from its first entry to its head. */
  verifyOwn(): Promise<{ readonly entries: number; readonly broken: BrokenEntry | null }>;
}
