import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkCatalogFile, importCatalog } from '../../core/catalog/import-catalog.ts';
import { checkPriceFile, importPrices } from '../../core/catalog/import-prices.ts';
import { checkCustomerFile, importCustomers } from '../../core/customers/import-customers.ts';
import { invalid, Refusal } from '../../core/errors.ts';
import { faultsTold, type Fault, type FileCheck } from '../../core/import/fault.ts';
import { readTableFile } from '../../files-in/read-table.ts';
import { refusalText } from '../../texts/refusal-text.ts';
import { jsonLines } from '../import/json-lines.ts';
import { neededText, WrongUse, type Answer, type Given, type OpenDesk, type Word } from '../word.ts';

const caller = () => ({ actor: { type: 'system', name: 'cli' } as const, requestId: randomUUID() });

const readCatalogFile = async (path: string): Promise<{ catalog: unknown; lines: Record<string, number> }> => {
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  let catalog: unknown;
  try {
    catalog = JSON.parse(text);
  } catch (error) {
    throw invalid('file.not_json', 'file', { reason: (error as Error).message });
  }
  return { catalog, lines: jsonLines(text) };
};

interface Kind {
  readonly needsPartner: boolean;
  /** What one thing of the file is called. */
  readonly noun: string;
  input(path: string, given: Given): Promise<unknown>;
  check(desk: OpenDesk, input: unknown): Promise<FileCheck>;
  take(desk: OpenDesk, input: unknown): Promise<Readonly<Record<string, number>>>;
}

const tableInput = async (path: string, given: Given): Promise<unknown> => ({
  partner: neededText(given, 'partner'),
  table: await readTableFile(path),
});

const kinds: Readonly<Record<string, Kind>> = {
  catalog: {
    needsPartner: false,
    noun: 'products',
    input: (path) => readCatalogFile(path),
    check: (desk, input) => desk.execute()(checkCatalogFile, caller(), input),
    take: (desk, input) => desk.execute()(importCatalog, caller(), input),
  },
  prices: {
    needsPartner: true,
    noun: 'prices',
    input: tableInput,
    check: (desk, input) => desk.execute()(checkPriceFile, caller(), input),
    take: (desk, input) => desk.execute()(importPrices, caller(), input),
  },
  customers: {
    needsPartner: true,
    noun: 'customers',
    input: tableInput,
    check: (desk, input) => desk.execute()(checkCustomerFile, caller(), input),
    take: (desk, input) => desk.execute()(importCustomers, caller(), input),
  },
};

/** What the figures of a taken file count, where the name alone does not say it. */
const words: Readonly<Record<string, string>> = {
  suiteChanges: 'suite changes opened for approval',
  ended: 'licenses ended by an end of life',
};

const allowed = ({ code, params }: Fault): string => refusalText(new Refusal('invalid', code, { params }));

const faultLine = (fault: Fault): string => {
  const found = fault.found === '' ? 'found nothing' : `found ${JSON.stringify(fault.found)}`;
  return `line ${fault.line}, ${fault.column || 'row'}: ${found}. ${allowed(fault)}`;
};

const faultyAnswer = (check: FileCheck, file: string): Answer => {
  const more = check.faultCount - check.faults.length;
  return {
    ok: false,
    text: [
      `${file} was not taken: ${check.faultCount} ${check.faultCount === 1 ? 'fault' : 'faults'}.`,
      ...check.faults.map(faultLine),
      ...(more > 0 ? [`… and ${more} more (the first ${faultsTold} are shown).`] : []),
    ].join('\n'),
    data: {
      ok: false,
      code: 'import.faults',
      faultCount: check.faultCount,
      ignored: check.ignored,
      faults: check.faults.map((fault) => ({
        line: fault.line,
        column: fault.column,
        found: fault.found,
        code: fault.code,
        allowed: allowed(fault),
      })),
    },
  };
};

export const importWord: Word = {
  name: 'import',
  usage: 'catalog|prices|customers FILE [--partner SLUG] [--dry-run]',
  does: 'Takes a file whole, or says everything that is wrong with it.',
  notes: [
    'catalog: JSON. prices, customers: CSV or XLSX, with --partner: the Tier 1 whose prices, the partner whose customers.',
    '--dry-run looks through the file and takes nothing.',
  ],
  options: { partner: { type: 'string' }, 'dry-run': { type: 'boolean' } },

  async run(ground, given) {
    const [name = '', file, ...more] = given.positionals;
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!kind) throw new WrongUse(`Say what the file holds: ${Object.keys(kinds).join(', ')}.`);
    if (file === undefined || more.length > 0) throw new WrongUse('Name one file.');
    if (!kind.needsPartner && given.values['partner'] !== undefined) {
      throw new WrongUse('The catalogue is shared by all partners: leave --partner out.');
    }
    const input = await kind.input(resolve(ground.terminal.cwd, file), given);
    const desk = await ground.open();
    const check = await kind.check(desk, input);
    if (check.faultCount > 0) return faultyAnswer(check, file);
    const passedOver = check.ignored.length > 0 ? [`Passed over: ${check.ignored.join(', ')}.`] : [];
    if (given.values['dry-run'] === true) {
      return {
        text: [`${file} is in order: ${check.rows} ${kind.noun}. Nothing was taken.`, ...passedOver].join('\n'),
        data: { ok: true, dryRun: true, rows: check.rows, ignored: check.ignored },
      };
    }
    const counts = await kind.take(desk, input);
    const told = Object.entries(counts).map(([what, count]) => `${count} ${words[what] ?? what}`);
    return {
      text: [`${file} was taken: ${told.join(', ')}.`, ...passedOver].join('\n'),
      data: { ok: true, rows: check.rows, ...counts, ignored: check.ignored },
    };
  },
};
