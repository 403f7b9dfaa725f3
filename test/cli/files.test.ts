import Excel from 'exceljs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonLines } from '../../src/cli/import/json-lines.ts';
import { readCsv, readTableFile, readXlsx, separatorOf } from '../../src/files-in/read-table.ts';
import { linesOf } from '../../src/cli/lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('CSV', () => {
  test.for([
    ['commas', 'a,b;c,d', ','],
    ['semicolons', 'a;b;c,d', ';'],
    ['tabs', 'a\tb\tc', '\t'],
    ['separators inside quotes do not count', '"a,b,c,d";e', ';'],
    ['only the header line counts', 'a;b\n1,2,3,4', ';'],
    ['one column', 'account', ','],
  ] as const)('%s', ([, text, separator]) => {
    expect(separatorOf(text)).toBe(separator);
  });

  test.for([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ] as const)(
    'with %s ends, quotes, breaks in cells and a mark at the start: lines are those of the file',
    ([, end]) => {
      const text = ['\uFEFFa;b', '"1;""x""";"two', 'lines"', '', '3;'].join(end) + end;
      expect(readCsv(bytes(text))).toEqual({
        header: ['a', 'b'],
        rows: [
          { line: 2, cells: ['1;"x"', 'two\nlines'] },
          { line: 4, cells: [''] },
          { line: 5, cells: ['3', ''] },
        ],
      });
    },
  );

  test.for([
    ['an empty file', bytes(''), 'file.empty'],
    ['a quote that is never closed', bytes('a,b\n"1,2\n'), 'file.quote'],
    ['a quote in the middle of a cell', bytes('a,b\n1"x",2\n'), 'file.quote'],
    ['text that is not UTF-8', new Uint8Array([0x61, 0x2c, 0xe4, 0x0a]), 'file.not_utf8'],
  ] as const)('%s is refused in one sentence', ([, content, code]) => {
    expect(() => readCsv(content)).toThrow(expect.objectContaining({ code }));
  });
});

describe('XLSX', () => {
  const workbook = async (fill: (sheet: Excel.Worksheet) => void): Promise<Uint8Array> => {
    const book = new Excel.Workbook();
    fill(book.addWorksheet('first'));
    book.addWorksheet('second').addRow(['never read']);
    return new Uint8Array(await book.xlsx.writeBuffer());
  };

  test('the first sheet: dates as days, formulas as results, rich text as text', async () => {
    const table = await readXlsx(
      await workbook((sheet) => {
        sheet.addRow(['sku', 'valid_from', 'price', 'note']);
        sheet.addRow(['A', new Date('2026-01-31T00:00:00Z'), 2.95, { richText: [{ text: 'a' }, { text: 'b' }] }]);
        sheet.addRow([]);
        sheet.addRow([
          'B',
          '2026-02-01',
          { formula: '1+1', result: 2 },
          { text: 'shown', hyperlink: 'http://x.example' },
        ]);
      }),
    );
    expect(table.header).toEqual(['sku', 'valid_from', 'price', 'note']);
    expect(table.rows.filter(({ cells }) => cells.length > 0)).toEqual([
      { line: 2, cells: ['A', '2026-01-31', '2.95', 'ab'] },
      { line: 4, cells: ['B', '2026-02-01', '2', 'shown'] },
    ]);
  });

  test('what is no workbook is refused', async () => {
    await expect(readXlsx(bytes('PK no zip'))).rejects.toMatchObject({ code: 'file.not_xlsx' });
  });

  describe('a file is read by what it holds', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'seatwise-files-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    test('a workbook called .csv', async () => {
      const path = join(folder, 'really.csv');
      await writeFile(path, await workbook((sheet) => sheet.addRow(['account'])));
      expect((await readTableFile(path)).header).toEqual(['account']);
    });
  });
});

test('the places of a JSON text know their lines', () => {
  const text = '{\n "vendors": [\n  { "name": "a\\"}{", "n": [1,\n  -2.5e3] },\n  {}\n ],\n "x": null\n}';
  expect(jsonLines(text)).toEqual({
    '': 1,
    vendors: 2,
    'vendors.0': 3,
    'vendors.0.name': 3,
    'vendors.0.n': 3,
    'vendors.0.n.0': 3,
    'vendors.0.n.1': 4,
    'vendors.1': 5,
    x: 7,
  });
});

test.for([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\r\n\nb', ['a', '', 'b']],
] as const)('lines of %j', async ([text, lines]) => {
  expect(await Array.fromAsync(linesOf([...text]))).toEqual(lines);
});
