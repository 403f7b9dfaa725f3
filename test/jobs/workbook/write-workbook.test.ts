import exceljs from 'exceljs';
import { describe, expect, test } from 'vitest';
import type { SummaryRow } from '../../../src/core/customers/customer-summary.ts';
import {
  customerSummarySheet,
  SummaryTotals,
  summaryFileName,
  summaryRow,
} from '../../../src/jobs/workbook/customer-summary.ts';
import { writeWorkbook } from '../../../src/jobs/workbook/write-workbook.ts';
import type { Row } from '../../../src/jobs/workbook/sheet.ts';

const license = {
  licenseId: '00000000-0000-4000-8000-000000000001',
  vendor: 'Acme',
  sku: 'BAK',
  product: 'Backup',
  plan: 'Backup 25',
  subscriptionType: 'monthly_plan',
  version: 'full',
  units: 25,
  unitType: 'device',
  startsOn: '2026-01-31',
  expiresOn: '2027-01-30',
  status: 'active',
  autoRenewal: true,
  provisioned: 24,
  used: 20,
  credits: '7.5',
} as const;
const customer = {
  company: 'Harbor Bakery',
  account: 'harbor',
  city: 'Hamburg',
  state: 'HH',
  country: 'DE',
  status: 'enabled',
} as const;
const rowsOf: readonly SummaryRow[] = [
  { ...customer, license },
  {
    ...customer,
    company: '=HYPERLINK("http://evil.example","click")',
    account: '+1-2',
    city: '@SUM(A1)',
    state: '-3',
    country: null,
    license: {
      ...license,
      sku: 'MAIL',
      product: 'Mail <&> "更新"',
      plan: null,
      provisioned: 5,
      used: null,
      credits: null,
    },
  },
  { ...customer, company: 'Control\u0007 and _x0041_', status: 'suspended', license: null },
  { ...customer, license: { ...license, credits: '0.1', units: 1, provisioned: null, used: null } },
];

const read = async (bytes: Uint8Array): Promise<exceljs.Worksheet> => {
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.load(Buffer.from(bytes) as never);
  return workbook.worksheets[0]!;
};
// oxlint-disable-next-line require-await -- pages come asynchronously in life
async function* pagesOf(...pages: readonly (readonly Row[])[]): AsyncGenerator<readonly Row[]> {
  yield* pages;
}

describe('the customer summary as a workbook', () => {
  const write = async (): Promise<exceljs.Worksheet> => {
    const totals = new SummaryTotals();
    rowsOf.forEach((row) => totals.add(row));
    const rows = rowsOf.map(summaryRow);
    return read(
      await writeWorkbook(customerSummarySheet, pagesOf(rows.slice(0, 2), [], rows.slice(2)), () => totals.rows()),
    );
  };

  test('has the columns of the licensing rules, in order, frozen and filtered', async () => {
    const sheet = await write();
    expect((sheet.getRow(1).values as unknown[]).slice(1)).toEqual([
      'Company',
      'Account name',
      'City',
      'State',
      'Country',
      'Status',
      'Vendor',
      'Product/Service',
      'Service plan',
      'Subscription type',
      'Version',
      'Units',
      'Unit type',
      'Start date',
      'Expiration date',
      'License status',
      'Auto-renewal',
      'Provisioned (peak)',
      'Used (peak)',
      'Credits',
    ]);
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
    expect(sheet.autoFilter).toBe('A1:T5');
    expect(sheet.getRow(1).getCell(1).font?.bold).toBe(true);
    expect(sheet.getColumn(8).width).toBe(32);
  });

  test('has typed cells: numbers are numbers, days are dates', async () => {
    const row = (await write()).getRow(2);
    expect((row.values as unknown[]).slice(1)).toEqual([
      'Harbor Bakery',
      'harbor',
      'Hamburg',
      'HH',
      'DE',
      'Enabled',
      'Acme',
      'Backup',
      'Backup 25',
      'Monthly plan',
      'Full',
      25,
      'Device',
      new Date('2026-01-31T00:00:00Z'),
      new Date('2027-01-30T00:00:00Z'),
      'Active',
      'Yes',
      24,
      20,
      7.5,
    ]);
    expect(row.getCell(14).numFmt).toBe('yyyy-mm-dd');
    expect(row.getCell(12).numFmt).toBe('#,##0');
    expect(row.getCell(14).type).toBe(exceljs.ValueType.Date);
  });

  test('takes every text literally, whatever it begins with', async () => {
    const sheet = await write();
    const row = sheet.getRow(3);
    for (const [column, text] of [
      [1, '=HYPERLINK("http://evil.example","click")'],
      [2, '+1-2'],
      [3, '@SUM(A1)'],
      [4, '-3'],
      [8, 'Mail <&> "更新"'],
    ] as const) {
      expect(row.getCell(column).type).toBe(exceljs.ValueType.String);
      expect(row.getCell(column).value).toBe(text);
    }
    // Excel itself shows `_x005F_x0041_` as `_x0041_`.
    expect(sheet.getRow(4).getCell(1).value).toBe('Control and _x005F_x0041_');
    expect(sheet.getRow(4).getCell(8).value).toBeNull();
    expect(sheet.getRow(4).getCell(6).value).toBe('Suspended');
  });

  test('closes with totals per product and of all', async () => {
    const sheet = await write();
    const totals = [7, 8, 9].map((index) => {
      const cell = (column: number): unknown => sheet.getRow(index).getCell(column).value;
      return [cell(1), cell(8), cell(12), cell(18), cell(19), cell(20)];
    });
    expect(totals).toEqual([
      ['Total', 'Backup', 26, 24, 20, 7.6],
      ['Total', 'Mail <&> "更新"', 25, 5, null, null],
      ['Total', 'All products', 51, 29, 20, 7.6],
    ]);
    expect(sheet.getRow(6).getCell(1).value).toBeNull();
    expect(sheet.rowCount).toBe(9);
  });

  test('is named after partner and cycle', () => {
    expect(summaryFileName('brightside', '2026-02')).toBe('seatwise-customers-brightside-2026-02.xlsx');
  });

  test('fails when its rows cannot be read', async () => {
    // oxlint-disable-next-line require-yield -- fails before its first page
    const broken = (async function* (): AsyncGenerator<readonly Row[]> {
      throw new Error('the database is gone');
    })();
    await expect(writeWorkbook(customerSummarySheet, broken, () => [])).rejects.toThrow('the database is gone');
  });
});
