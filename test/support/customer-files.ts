/** Files of customers as partners send them. */
import Excel from 'exceljs';

export const customerColumns = [
  'account',
  'company',
  'city',
  'state',
  'first_name',
  'last_name',
  'email',
  'phone',
  'country',
];

export const customerCells = (index: number): string[] => [
  `acct-${String(index).padStart(5, '0')}`,
  `Company ${index} GmbH`,
  'Hamburg',
  'HH',
  'Ada',
  `Name${index}`,
  `ada.${index}@example.org`,
  '+49 40 123456',
  'DE',
];

const rowsOf = (count: number, change: (cells: string[], index: number) => string[]): string[][] =>
  Array.from({ length: count }, (_, index) => change(customerCells(index + 1), index + 1));

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export const customerCsv = (
  count: number,
  change: (cells: string[], index: number) => string[] = (cells) => cells,
  columns: readonly string[] = customerColumns,
): Buffer =>
  Buffer.from([[...columns], ...rowsOf(count, change)].map((cells) => cells.map(quoted).join(',')).join('\n'));

export const customerXlsx = async (
  count: number,
  change: (cells: string[], index: number) => string[] = (cells) => cells,
): Promise<Buffer> => {
  const book = new Excel.Workbook();
  const sheet = book.addWorksheet('Customers');
  sheet.addRow(customerColumns);
  for (const cells of rowsOf(count, change)) sheet.addRow(cells);
  return Buffer.from(await book.xlsx.writeBuffer());
};
