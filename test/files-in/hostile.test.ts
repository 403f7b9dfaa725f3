import Excel from 'exceljs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readCustomers } from '../../src/core/customers/read-customers.ts';
import { readTableBytes, readXlsx } from '../../src/files-in/read-table.ts';
import { zipEntries } from '../../src/files-in/zip.ts';

const workbook = async (fill: (book: Excel.Workbook) => void): Promise<Uint8Array> => {
  const book = new Excel.Workbook();
  fill(book);
  return new Uint8Array(await book.xlsx.writeBuffer());
};

interface Piece {
  readonly name: string;
  readonly bytes: Buffer;
  /** What the headers claim it unpacks to; the truth when left out. */
  readonly claims?: number;
}

/** A ZIP made by hand, so that it may lie. `hidden`: bytes before the directory that it does not tell of. */
const zipOf = (pieces: readonly Piece[], hidden: Buffer = Buffer.alloc(0)): Buffer => {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, claims } of pieces) {
    const packed = deflateRawSync(bytes);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(claims ?? bytes.length, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(claims ?? bytes.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(pieces.length, 8);
  end.writeUInt16LE(pieces.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at + hidden.length, 16);
  return Buffer.concat([...locals, hidden, listed, end]);
};

const refused = (bytes: Uint8Array, rows = 10_000) => expect(readTableBytes(bytes, { rows })).rejects;

describe('workbooks that mean no good', () => {
  test('a bomb is found by what it unpacks to, not by what it claims', async () => {
    const zeros = Buffer.alloc(210 * 1024 * 1024);
    const bomb = zipOf([{ name: 'xl/worksheets/sheet1.xml', bytes: zeros, claims: 100 }]);
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const before = process.memoryUsage().rss;
    await refused(bomb).toMatchObject({ code: 'file.too_large_inside' });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test('what the directory does not tell of is not looked at by anybody', async () => {
    const whole = zipOf([{ name: 'a.xml', bytes: Buffer.from('<a/>') }], Buffer.alloc(500, 7));
    expect(() => zipEntries(whole)).toThrow(expect.objectContaining({ code: 'file.not_xlsx' }));
  });

  test.for([
    ['a ZIP without a workbook', zipOf([{ name: 'a.txt', bytes: Buffer.from('x') }]), 'file.no_sheet'],
    ['the mark of a ZIP and nothing else', Buffer.from('PK\u0003\u0004'), 'file.not_xlsx'],
    ['an .xls of old', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), 'file.old_xls'],
    [
      'a directory that leads out of the file',
      zipOf([{ name: 'a', bytes: Buffer.from('x') }]).fill(0xff, 33, 60),
      'file.not_xlsx',
    ],
    ['Latin-1', Buffer.from('account,company\nm\u00fcller,M\u00fcller\n', 'latin1'), 'file.not_utf8'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 'file.not_utf8'],
    ['nothing', Buffer.alloc(0), 'file.empty'],
  ] as const)('%s', ([, bytes, code]) => refused(bytes).toMatchObject({ code }));

  test('a workbook cut off in the middle', async () => {
    const whole = await workbook((book) => book.addWorksheet('a').addRow(['account']));
    await refused(whole.subarray(0, whole.length / 2)).toMatchObject({ code: 'file.not_xlsx' });
  });

  test('a sheet that is no XML', async () => {
    const bytes = zipOf([
      {
        name: 'xl/workbook.xml',
        bytes: Buffer.from('<workbook><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'),
      },
      {
        name: 'xl/_rels/workbook.xml.rels',
        bytes: Buffer.from('<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'),
      },
      { name: 'xl/worksheets/sheet1.xml', bytes: Buffer.from('<worksheet><sheetData><row r="1"><c') },
    ]);
    await refused(bytes).toMatchObject({ code: expect.stringMatching(/^file\./) });
  });

  test('a row too many', async () => {
    const rows = (count: number) =>
      workbook((book) => {
        const sheet = book.addWorksheet('a');
        sheet.addRow(['account']);
        for (let index = 0; index < count; index++) sheet.addRow([`a-${index}`]);
      });
    expect((await readTableBytes(await rows(20), { rows: 20 })).rows).toHaveLength(20);
    await refused(await rows(21), 20).toMatchObject({ code: 'file.too_many_rows', params: { maximum: 20 } });
    const csv = (count: number) => Buffer.from(`account\n${'\n,\nx'.repeat(count)}`);
    expect((await readTableBytes(csv(20), { rows: 20 })).rows.length).toBeGreaterThan(20);
    await refused(csv(21), 20).toMatchObject({ code: 'file.too_many_rows' });
  });
});

describe('cells', () => {
  test('a formula counts as what it came to last; merged cells stand in their first; the first tab is read', async () => {
    const bytes = await workbook((book) => {
      const first = book.addWorksheet('first');
      first.addRow(['account', 'company', 'day', 'yes']);
      first.addRow([
        { formula: '"a"&"b"', result: 'ab' },
        { formula: 'NOW()' },
        new Date('2026-03-05T00:00:00Z'),
        true,
      ]);
      first.addRow(['merged', 'lost', { error: '#REF!' }]);
      first.mergeCells('A3:B3');
      first.addRow([
        12,
        { richText: [{ text: 'R' }, { text: 'ich' }] },
        { text: 'shown', hyperlink: 'http://x.example' },
      ]);
      book.addWorksheet('second').addRow(['never read']);
      book.views = [{ activeTab: 1 } as never];
    });
    expect((await readXlsx(bytes)).rows).toEqual([
      { line: 2, cells: ['ab', '', '2026-03-05', 'true'] },
      { line: 3, cells: ['merged', '', '#REF!'] },
      { line: 4, cells: ['12', 'Rich', 'shown'] },
    ]);
  });

  test('the first tab is the first one people see, whatever its file is called', async () => {
    const book = new Excel.Workbook();
    book.addWorksheet('one').addRow(['one']);
    book.addWorksheet('two').addRow(['two']);
    (book.worksheets[1] as unknown as { orderNo: number }).orderNo = -1;
    expect((await readXlsx(new Uint8Array(await book.xlsx.writeBuffer()))).header).toEqual(['two']);
  });
});

describe('CSV that means no good', () => {
  const csv = (text: string): Uint8Array => new TextEncoder().encode(text);

  test('no more columns than a workbook may have, also where they are empty', async () => {
    for (const columns of [',x'.repeat(500), ','.repeat(500)])
      await refused(csv(`company${columns}\nAlder\n`)).toMatchObject({
        code: 'file.too_many_columns',
        params: { maximum: 500 },
      });
    const { header } = await readTableBytes(csv(`company${',x'.repeat(499)}\nAlder\n`));
    expect(header).toHaveLength(500);
  });

  test('of a column that means nothing so much of its title is told, and no more', async () => {
    const { ignored } = readCustomers(await readTableBytes(csv(`company,${'y'.repeat(1_000_000)}\nAlder\n`)));
    expect(ignored).toEqual([`${'y'.repeat(79)}…`]);
  });
});
