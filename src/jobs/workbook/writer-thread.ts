/** Writes one workbook in a thread of its own: a large one takes seconds, and the desk must keep answering. */
import exceljs from 'exceljs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Cell, CellKind, FromWriter, Row, Sheet, ToWriter } from './sheet.ts';

if (!parentPort) throw new Error('runs as a worker thread only');
const port = parentPort;
const { name, columns } = workerData as Sheet;

const formats: Readonly<Partial<Record<CellKind, string>>> = { number: '#,##0', date: 'yyyy-mm-dd' };

const folder = mkdtempSync(join(tmpdir(), 'seatwise-workbook-'));
const filename = join(folder, 'workbook.xlsx');
const workbook = new exceljs.stream.xlsx.WorkbookWriter({
  filename,
  useSharedStrings: false,
  useStyles: true,
  zip: { zlib: { level: 1 } },
} as ConstructorParameters<typeof exceljs.stream.xlsx.WorkbookWriter>[0]);
const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
sheet.columns = columns.map(({ kind, width }) => ({
  width,
  style: { ...(formats[kind] && { numFmt: formats[kind] }) },
}));

/**
 * Text that stays text. A string cell is never a formula, whatever it begins with; but Excel reads `_x0041_` inside
 * text as an escaped character, so the underscore of a literal one is escaped itself.
 */
const literal = (text: string): string => text.toWellFormed().replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');

const toValue = (cell: Cell, kind: CellKind): string | number | Date | null => {
  if (cell === null || typeof cell === 'number') return cell;
  // A workbook's days have no zone: midnight UTC is the day itself.
  return kind === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(cell) ? new Date(`${cell}T00:00:00Z`) : literal(cell);
};

const addRow = (row: Row): ReturnType<typeof sheet.addRow> =>
  sheet.addRow(columns.map(({ kind }, index) => toValue(row[index] ?? null, kind)));

const header = sheet.addRow(columns.map(({ head }) => head));
header.height = 22;
header.eachCell((cell, index) => {
  cell.font = { bold: true, color: { argb: 'FFFFFFFF' } };
  cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FF0B6B57' } };
  const kind = columns[index - 1]?.kind;
  cell.alignment = { vertical: 'middle', horizontal: kind === 'number' || kind === 'decimal' ? 'right' : 'left' };
});
header.commit();

let written = 0;
const send = (message: FromWriter): void => port.postMessage(message);

port.on('message', (message: ToWriter) => {
  if (message.kind === 'rows') {
    for (const row of message.rows) addRow(row).commit();
    written += message.rows.length;
    send({ kind: 'ready' });
    return;
  }
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1 + written, column: columns.length } };
  if (message.totals.length > 0) sheet.addRow([]).commit();
  message.totals.forEach((row, index) => {
    const total = addRow(row);
    const last = index === message.totals.length - 1;
    total.eachCell({ includeEmpty: true }, (cell) => {
      cell.font = { bold: true };
      if (index === 0 || last) cell.border = { top: { style: 'thin', color: { argb: 'FF0B6B57' } } };
    });
    total.commit();
  });
  sheet.commit();
  void workbook.commit().then(
    () => {
      const bytes = new Uint8Array(readFileSync(filename));
      rmSync(folder, { recursive: true, force: true });
      send({ kind: 'done', bytes });
      port.close();
    },
    (error: unknown) => {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    },
  );
});
send({ kind: 'ready' });
