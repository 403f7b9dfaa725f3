/** What a column holds: its cells are typed, so that people can sort, sum and filter them. */
export type CellKind = 'text' | 'number' | 'decimal' | 'date';

export interface SheetColumn {
  readonly head: string;
  readonly kind: CellKind;
  /** In characters. */
  readonly width: number;
}

/** Text as it is, numbers as numbers, days as `YYYY-MM-DD`; null: an empty cell. */
export type Cell = string | number | null;
export type Row = readonly Cell[];

export interface Sheet {
  readonly name: string;
  readonly columns: readonly SheetColumn[];
}

/** What goes to the thread that writes: the sheet first, then rows, then what stands below them. */
export type ToWriter =
  { readonly kind: 'rows'; readonly rows: readonly Row[] } | { readonly kind: 'end'; readonly totals: readonly Row[] };
export type FromWriter = { readonly kind: 'ready' } | { readonly kind: 'done'; readonly bytes: Uint8Array };
