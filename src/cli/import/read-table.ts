import { parse } from 'csv-parse/sync';
import Excel from 'exceljs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Table } from '../../core/import/table.ts';

/** A file that cannot be read as what it claims to be; the sentence is for the person who gave it. */
export class UnreadableFile extends Error {}

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

/** CSV as text: UTF-8 with or without its mark, RFC 4180 quotes, LF or CRLF. */
export const readCsv = (bytes: Uint8Array): Table => {
  let text: string;
  try {
    // One kind of line end from here on: the parser counts a CRLF inside quotes as two lines.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, '\n');
  } catch {
    throw new UnreadableFile('The file is not UTF-8 text.');
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
    throw new UnreadableFile(
      `Line ${lines ?? 1}: a quote is opened and not closed, or stands in the middle of a cell. Inside quotes, write it twice.`,
    );
  }
  const [header, ...rows] = records;
  if (!header) throw new UnreadableFile('The file is empty.');
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

/** The first sheet of an XLSX file; dates as `YYYY-MM-DD`, formulas as their results. */
export const readXlsx = async (bytes: Uint8Array): Promise<Table> => {
  const workbook = new Excel.Workbook();
  try {
    await workbook.xlsx.load(bytes as never);
  } catch {
    throw new UnreadableFile('The file is not an XLSX workbook.');
  }
  const sheet = workbook.worksheets[0];
  const lines: { line: number; cells: string[] }[] = [];
  sheet?.eachRow((row, line) => {
    const cells: string[] = [];
    row.eachCell({ includeEmpty: true }, (cell, place) => {
      cells[place - 1] = textOfCell(cell.value);
    });
    lines.push({ line, cells: Array.from(cells, (cell) => cell ?? '') });
  });
  const [header, ...rows] = lines;
  if (!header) throw new UnreadableFile('The file is empty.');
  return {
    header: header.cells,
    rows: rows.map(({ line, cells }) => {
      // Cells once touched and emptied stand behind the last column in many sheets.
      while (cells.length > header.cells.length && cells.at(-1) === '') cells.pop();
      return { line, cells };
    }),
  };
};

/** Reads a CSV or XLSX file by what it holds, not by what it is called. */
export const readTableFile = async (path: string): Promise<Table> => {
  const bytes = await readFile(path);
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (isZip) return readXlsx(bytes);
  if (extname(path).toLowerCase() === '.xls')
    throw new UnreadableFile('Old .xls files are not read: save it as .xlsx.');
  return readCsv(bytes);
};
