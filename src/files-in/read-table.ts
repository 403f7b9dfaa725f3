import { parse } from 'csv-parse/sync';
import type Excel from 'exceljs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { invalid, Refusal } from '../core/errors.ts';
import type { Table } from '../core/import/table.ts';
import { requireUnpacked, unpackedText, zipEntries, type ZipEntry } from './zip.ts';

export interface TableLimits {
  /** Most rows that hold anything, the header aside. @throws Refusal `file.too_many_rows` beyond. */
  readonly rows?: number;
}

const separators = [',', ';', '\t'] as const;

/** The separator that stands most often outside quotes in the header line; a comma where none does. */
export const separatorOf = (text: string): string => {
  const counts = new Map<string, number>(separators.map((separator) => [separator, 0]));
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '\n') break;
    else if (counts.has(character)) counts.set(character, counts.get(character)! + 1);
  }
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
};

const isEmpty = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/** Whoever needs more columns than this is not looking at a table of ours. */
const maximumColumns = 500;
const tooWide = () => invalid('file.too_many_columns', 'file', { maximum: maximumColumns });

const tooMany = (maximum: number) => invalid('file.too_many_rows', 'file', { maximum });

/** CSV as text: UTF-8 with or without its mark, RFC 4180 quotes, LF or CRLF. @throws Refusal */
export const readCsv = (bytes: Uint8Array, limits: TableLimits = {}): Table => {
  let text: string;
  try {
    // One kind of line end from here on: the parser counts a CRLF inside quotes as two lines.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, '\n');
  } catch {
    throw invalid('file.not_utf8', 'file');
  }
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      delimiter: separatorOf(text),
      info: true,
      relax_column_count: true,
      record_delimiter: '\n',
    }) as never;
  } catch (error) {
    const { lines } = error as { lines?: number };
    throw invalid('file.quote', 'file', { line: lines ?? 1 });
  }
  const [header, ...rows] = records;
  if (!header) throw invalid('file.empty', 'file');
  if (header.record.length > maximumColumns) throw tooWide();
  if (limits.rows !== undefined && rows.filter(({ record }) => !isEmpty(record)).length > limits.rows)
    throw tooMany(limits.rows);
  // The parser counts up to the line a record ends on; a cell with breaks in it begins earlier.
  const linesIn = (cells: readonly string[]): number =>
    cells.reduce((sum, cell) => sum + (cell.match(/\n/g)?.length ?? 0), 0);
  return {
    header: header.record,
    rows: rows.map(({ record, info }) => ({ line: info.lines - linesIn(record), cells: record })),
  };
};

const textOfCell = (value: Excel.CellValue): string => {
  if (value === null || value === undefined) return '';
  // exceljs gives a date cell as midnight UTC of its day.
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10);
  if (typeof value !== 'object') return String(value);
  if ('result' in value || 'formula' in value || 'sharedFormula' in value) {
    return textOfCell((value as { result?: Excel.CellValue }).result ?? null);
  }
  if ('richText' in value) return value.richText.map(({ text }) => text).join('');
  if ('text' in value) return textOfCell(value.text as Excel.CellValue);
  if ('error' in value) return value.error;
  return '';
};

/** What a workbook may unpack to: one of ten thousand customers takes a twentieth of it. */
const maximumUnpacked = 200 * 1024 * 1024;
const maximumListed = 1024 * 1024;
const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
    .exec(tag)
    ?.slice(1)
    .find((value) => value !== undefined);

/** The number in the file name of the first sheet: the order of the files is not that of the tabs. */
const firstSheet = async (entries: readonly ZipEntry[]): Promise<string> => {
  const book = await unpackedText(entries, 'xl/workbook.xml', maximumListed);
  const relations = await unpackedText(entries, 'xl/_rels/workbook.xml.rels', maximumListed);
  const [sheet = ''] = /<(?:\w+:)?sheet\s[^>]*>/.exec(book) ?? [];
  const id = attribute(sheet, 'r:id') ?? attribute(sheet, '\\w+:id');
  for (const [relation] of relations.matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)) {
    const [, number] = /worksheets\/sheet(\d+)\.xml$/.exec(attribute(relation, 'Target') ?? '') ?? [];
    if (number !== undefined && attribute(relation, 'Id') === id) return number;
  }
  throw invalid('file.no_sheet', 'file');
};

type Line = Table['rows'][number];

const linesOf = async (bytes: Uint8Array, sheet: string, limits: TableLimits): Promise<Line[]> => {
  // Loaded for workbooks alone: it is large, and most files are CSV.
  const { default: exceljs } = await import('exceljs');
  const reader = new exceljs.stream.xlsx.WorkbookReader(Readable.from([Buffer.from(bytes)]) as never, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  const lines: Line[] = [];
  let header = false;
  for await (const worksheet of reader) {
    if (String((worksheet as unknown as { id: number | string }).id) !== sheet) continue;
    for await (const row of worksheet) {
      const cells: string[] = [];
      if (row.cellCount > maximumColumns) throw tooWide();
      row.eachCell({ includeEmpty: true }, (cell, place) => {
        cells[place - 1] = textOfCell(cell.value);
      });
      const line = { line: row.number, cells: Array.from(cells, (cell) => cell ?? '') };
      // Rows that were only coloured are no rows; the first one that holds something is the header.
      if (isEmpty(line.cells)) continue;
      if (header && limits.rows !== undefined && lines.length > limits.rows) throw tooMany(limits.rows);
      header = true;
      lines.push(line);
    }
    return lines;
  }
  throw invalid('file.no_sheet', 'file');
};

/**
 * The first sheet of an XLSX file, row by row; dates as `YYYY-MM-DD`, formulas as their last results, of merged cells
 * the first one. @throws Refusal
 */
export const readXlsx = async (bytes: Uint8Array, limits: TableLimits = {}): Promise<Table> => {
  const entries = zipEntries(bytes);
  await requireUnpacked(entries, maximumUnpacked);
  const sheet = await firstSheet(entries);
  let lines: Line[];
  try {
    lines = await linesOf(bytes, sheet, limits);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw invalid('file.not_xlsx', 'file');
  }
  const [header, ...rows] = lines;
  if (!header) throw invalid('file.empty', 'file');
  if (limits.rows !== undefined && rows.length > limits.rows) throw tooMany(limits.rows);
  return {
    header: header.cells,
    rows: rows.map(({ line, cells }) => {
      // Cells once touched and emptied stand behind the last column in many sheets.
      const kept = [...cells];
      while (kept.length > header.cells.length && kept.at(-1) === '') kept.pop();
      return { line, cells: kept };
    }),
  };
};

const zipMark = [0x50, 0x4b];
/** Excel before 2007. */
const oldMark = [0xd0, 0xcf, 0x11, 0xe0];
const begins = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((byte, index) => bytes[index] === byte);

/** Reads a CSV or XLSX file by what it holds, not by what it is called. @throws Refusal with a `file.` code. */
export const readTableBytes = async (bytes: Uint8Array, limits: TableLimits = {}): Promise<Table> => {
  if (begins(bytes, zipMark)) return readXlsx(bytes, limits);
  if (begins(bytes, oldMark)) throw invalid('file.old_xls', 'file');
  return readCsv(bytes, limits);
};

/** The same from a path: the command line and the seed. */
export const readTableFile = async (path: string): Promise<Table> => readTableBytes(await readFile(path));
