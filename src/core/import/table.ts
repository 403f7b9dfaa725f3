import { z } from 'zod';
import { invalid } from '../errors.ts';
import { shortened } from '../text.ts';
import { inputRefusal } from '../use-case.ts';
import { faultOf, type Fault } from './fault.ts';

/** A file's cells as text, whatever kind of file they came from. */
export const table = z.strictObject({
  header: z.array(z.string()),
  rows: z.array(z.strictObject({ line: z.int(), cells: z.array(z.string()) })),
});
export type Table = z.output<typeof table>;

export interface TableRow<T> {
  readonly line: number;
  readonly value: T;
}

export interface ReadTable<T> {
  readonly rows: readonly TableRow<T>[];
  readonly ignored: readonly string[];
  readonly faults: readonly Fault[];
}

/** `firstName` → `first_name`: how files call a field. */
const columnOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// "First name", "FIRST_NAME" and "first-name" are one column: spreadsheets come with all three.
const headerKey = (header: string): string =>
  header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');

/** Characters that are told of the title of a column that means nothing here. */
const ignoredTitle = 80;

/**
 * Reads the rows of a file by the schema of their fields: columns in any order and case, unknown ones passed over,
 * empty cells as left out, empty lines skipped. Every fault of every line is found, not the first alone.
 */
export const readTable = <S extends z.ZodRawShape>(
  { header, rows }: Table,
  shape: S,
): ReadTable<z.output<z.ZodObject<S>>> => {
  const schema = z.object(shape);
  const fieldOf = new Map(Object.keys(shape).map((field) => [columnOf(field), field]));
  const faults: Fault[] = [];
  const ignored: string[] = [];
  const places = new Map<string, number>();
  header.forEach((title, place) => {
    const field = fieldOf.get(headerKey(title));
    if (field === undefined) {
      if (title.trim() !== '') ignored.push(shortened(title.trim(), ignoredTitle));
    } else if (places.has(field)) {
      faults.push(faultOf(1, columnOf(field), title, invalid('import.column_twice', field)));
    } else places.set(field, place);
  });
  for (const [column, field] of fieldOf) {
    const isRequired = !shape[field]! || !z.safeParse(shape[field]!, undefined).success;
    if (isRequired && !places.has(field)) {
      faults.push(faultOf(1, column, '', invalid('import.column_missing', field, { column })));
    }
  }
  // Without its columns every single line would be at fault for the same reason.
  if (faults.length > 0) return { rows: [], ignored, faults };

  const read: TableRow<z.output<z.ZodObject<S>>>[] = [];
  for (const { line, cells } of rows) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (cells.length > header.length) {
      const extra = cells.slice(header.length).join(', ');
      faults.push(faultOf(line, '', extra, invalid('import.too_many_cells', '', { columns: header.length })));
      continue;
    }
    const raw: Record<string, string> = {};
    for (const [field, place] of places) {
      const cell = cells[place]?.trim() ?? '';
      if (cell !== '') raw[field] = cell;
    }
    const parsed = schema.safeParse(raw, { reportInput: true });
    if (parsed.success) read.push({ line, value: parsed.data });
    else {
      for (const issue of parsed.error.issues) {
        const field = String(issue.path[0] ?? '');
        faults.push(faultOf(line, columnOf(field), raw[field] ?? '', inputRefusal(issue)));
      }
    }
  }
  return { rows: read, ignored, faults };
};

/** Faults of rows whose key stood before in the same file. */
export const twiceFaults = <T>(
  rows: readonly TableRow<T>[],
  column: string,
  keyOf: (value: T) => string,
  shown: (value: T) => string = keyOf,
): Fault[] => {
  const first = new Map<string, number>();
  const faults: Fault[] = [];
  for (const { line, value } of rows) {
    const before = first.get(keyOf(value));
    if (before === undefined) first.set(keyOf(value), line);
    else faults.push(faultOf(line, column, shown(value), invalid('import.twice', column, { before })));
  }
  return faults;
};
