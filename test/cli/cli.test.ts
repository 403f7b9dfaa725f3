import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deskOver } from '../../src/cli/open.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { passOn, serveCli, socketPath } from '../../src/cli/socket.ts';
import type { Ground, Terminal } from '../../src/cli/word.ts';
import { words } from '../../src/cli/words/index.ts';
import { Customer } from '../../src/core/customers/customer.ts';
import { Partner } from '../../src/core/people/partner.ts';
import { Person } from '../../src/core/people/person.ts';
import { Product } from '../../src/core/catalog/product.ts';
import { operatorJobs, useCases } from '../../src/core/use-cases.ts';
import { emptied } from '../support/suites.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let folder: string;
const defects: unknown[] = [];

beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), 'seatwise-cli-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  defects.length = 0;
  await world.database.setSetting('for_play', 'yes');
  await emptied(world);
});

interface Said {
  readonly code: number;
  readonly out: string[];
  readonly err: string[];
}

const terminalOf = (said: { out: string[]; err: string[] }, stdin: string): Terminal => ({
  cwd: folder,
  stdin: (async function* () {
    yield stdin;
  })(),
  out: (line) => void said.out.push(line),
  err: (line) => void said.err.push(line),
});

const groundOf = (terminal: Terminal): Ground => ({
  terminal,
  open: async () => deskOver(world.database, world.clock, async () => {}),
  startOver: null,
  defect: (error) => void defects.push(error),
});

const cli = async (argv: readonly string[], stdin = ''): Promise<Said> => {
  const said = { out: [] as string[], err: [] as string[] };
  const code = await runCli(argv, groundOf(terminalOf(said, stdin)));
  return { code, ...said };
};

const json = async (...argv: string[]): Promise<{ code: number; answer: unknown }> => {
  const { code, out } = await cli([...argv, '--json']);
  expect(out).toHaveLength(1);
  return { code, answer: JSON.parse(out[0]!) };
};

describe('words', () => {
  test('every word has help, in text and in JSON', async () => {
    for (const { name, does } of words) {
      const said = await cli([...name.split(' '), '--help']);
      expect(said).toMatchObject({ code: 0, err: [] });
      expect(said.out.join('\n')).toContain(does);
      expect(await json(...name.split(' '), '--help')).toMatchObject({ code: 0, answer: { name, does } });
    }
    expect((await cli([])).out[0]).toContain('doctor');
  });

  test.for([
    ['an unknown word', ['improt'], 'Did you mean "import"?'],
    ['half a word', ['partner'], 'partner add'],
    ['an unknown option', ['doctor', '--loud'], '--loud'],
    ['an unknown kind of file', ['import', 'people', 'x.csv'], 'catalog, prices, customers'],
    ['no file', ['import', 'catalog'], 'Name one file.'],
    ['prices without their Tier 1', ['import', 'prices', 'x.csv'], '--partner'],
  ] as const)('%s is explained, with exit code 2', async ([, argv, words]) => {
    const { code, out, err } = await cli(argv);
    expect(code).toBe(2);
    expect(out).toEqual([]);
    expect(err.join('\n')).toContain(words);
    expect(defects).toEqual([]);
  });

  test('a file that is not there is told in one sentence', async () => {
    expect(await cli(['import', 'catalog', 'none.json'])).toMatchObject({
      code: 1,
      err: [`There is no file ${join(folder, 'none.json')}.`],
    });
  });

  test('reset is refused while a service stands on the data', async () => {
    expect(await json('reset')).toMatchObject({ code: 1, answer: { ok: false, code: 'data.served' } });
  });

  test('seed is refused on a database that is not empty', async () => {
    expect(await json('seed')).toMatchObject({ code: 1, answer: { ok: false, code: 'data.not_empty' } });
  });

  test('doctor finds nothing wrong with a fresh database', async () => {
    expect(await json('doctor')).toMatchObject({ code: 0, answer: { ok: true } });
    expect(await json('migrate')).toMatchObject({ code: 0, answer: { ok: true } });
  });
});

describe('import', () => {
  test('a catalogue, once to look at and once for real', async () => {
    const path = join(process.cwd(), 'catalog/demo.json');
    expect(await json('import', 'catalog', path, '--dry-run')).toMatchObject({ answer: { dryRun: true, rows: 20 } });
    expect(await world.all(Product)).toEqual([]);
    expect(await json('import', 'catalog', path)).toMatchObject({ code: 0, answer: { ok: true, added: 20 } });
  });

  test('faults are told as line, column, what was found and what is allowed', async () => {
    await writeFile(
      join(folder, 'customers.csv'),
      'Account;Company;City;State;First name;Last name;Email;Shoe size\r\na b;Acme;Berlin;Berlin;Anna;Vogel;;42\r\n',
    );
    const said = await cli(['import', 'customers', 'customers.csv', '--partner', 'brightside']);
    expect(said).toEqual({
      code: 1,
      err: [],
      out: [
        [
          'customers.csv was not taken: 2 faults.',
          'line 2, account: found "a b". An account name is made of letters, digits and . _ - only.',
          'line 2, email: found nothing. This is needed.',
        ].join('\n'),
      ],
    });
    expect(await world.all(Customer)).toEqual([]);
    const { answer } = await json('import', 'customers', 'customers.csv', '--partner', 'brightside');
    expect(answer).toMatchObject({ ok: false, faultCount: 2, ignored: ['Shoe size'], faults: [{ line: 2 }, {}] });
  });

  test('JSON that is none, and a fault in JSON on its own line', async () => {
    await writeFile(join(folder, 'broken.json'), '{');
    expect(await json('import', 'catalog', 'broken.json')).toMatchObject({
      code: 1,
      answer: { code: 'file.not_json' },
    });
    await writeFile(
      join(folder, 'faulty.json'),
      '{ "vendors": [\n { "name": "V", "products": [\n  { "sku": "A",\n    "name": "A",\n    "kind": "thing",\n    "unitTypes": ["seat"] } ] } ] }',
    );
    expect(await json('import', 'catalog', 'faulty.json')).toMatchObject({
      answer: { faults: [{ line: 5, column: 'vendors.0.products.0.kind', found: 'thing', code: 'input.not_one_of' }] },
    });
  });
});

describe('people before anyone is linked', () => {
  const optionsOf = (given: Record<string, string>): string[] =>
    Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);

  test('a partner, a person and an account, each once', async () => {
    const given = {
      slug: 'nova',
      company: 'Nova',
      parent: 'northwind',
      city: 'Oslo',
      state: 'Oslo',
      country: 'Norway',
      'contact-first-name': 'N',
      'contact-last-name': 'O',
      email: 'desk@nova.example',
      'time-zone': 'Europe/Oslo',
      currency: 'nok',
    };
    const partner = ['partner', 'add', ...optionsOf(given)];
    expect(await json(...partner)).toMatchObject({ code: 0, answer: { ok: true, slug: 'nova' } });
    expect(await json(...partner)).toMatchObject({ code: 1, answer: { code: 'partner.slug_taken', field: 'slug' } });
    expect(await world.stored(Partner, { slug: 'nova' })).toMatchObject({
      tier: 'tier_2',
      kind: 'msp',
      country: 'NO',
      currency: 'NOK',
    });

    const nils = {
      partner: 'nova',
      email: 'Nils@Nova.example',
      'first-name': 'Nils',
      'last-name': 'Dahl',
      roles: 'admin, billing',
    };
    const person = ['person', 'add', ...optionsOf(nils)];
    expect(await json(...person)).toMatchObject({ answer: { ok: true, email: 'nils@nova.example' } });
    expect(await json(...person)).toMatchObject({ answer: { code: 'person.email_taken', field: 'email' } });
    expect(await world.stored(Person, { email: 'nils@nova.example' })).toMatchObject({ roles: ['admin', 'billing'] });

    const link = ['link', '--platform', 'slack', '--workspace', 'T1', '--user-id', 'U1', '--email'];
    expect(await json(...link, 'NILS@nova.example')).toMatchObject({ answer: { linked: true } });
    expect(await json(...link, 'nils@nova.example')).toMatchObject({ answer: { linked: false } });
    expect(await json(...link, 'leo@brightside.example')).toMatchObject({
      code: 1,
      answer: { code: 'identity.taken' },
    });
    expect(await json(...link, 'nobody@x.example')).toMatchObject({ code: 1, answer: { code: 'not_found' } });
  });

  test.for([
    ['--slug', 'No Va', 'partner.slug_form'],
    ['--time-zone', 'Mars/Olympus', 'partner.time_zone_unknown'],
    ['--time-zone', '+02:00', 'partner.time_zone_unknown'],
    ['--currency', 'XXQ', 'price.currency_unknown'],
    ['--country', 'Atlantis', 'customer.country_unknown'],
    ['--parent', 'brightside', 'partner.parent_not_tier_1'],
    ['--parent', 'nobody', 'not_found'],
    ['--kind', 'msp', 'partner.kind_of_tier_2'],
  ] as const)('a partner with %s %s is refused', async ([option, value, code]) => {
    const given = new Map([
      ...([
        ['--slug', 'fresh'],
        ['--company', 'Fresh'],
        ['--city', 'Oslo'],
        ['--state', 'Oslo'],
        ['--country', 'NO'],
        ['--contact-first-name', 'N'],
        ['--contact-last-name', 'O'],
        ['--email', 'desk@fresh.example'],
        ['--time-zone', 'Europe/Oslo'],
        ['--currency', 'NOK'],
      ] as const),
      [option, value] as const,
    ]);
    expect(await json('partner', 'add', ...[...given].flatMap(([name, text]) => [`${name}=${text}`]))).toMatchObject({
      code: 1,
      answer: { ok: false, code },
    });
  });
});

describe('exec', () => {
  const customer = (account: string) => ({
    account,
    company: 'Acme',
    city: 'Berlin',
    state: 'Berlin',
    firstName: 'Anna',
    lastName: 'Vogel',
    email: 'anna@acme.example',
  });
  const exec = async (lines: readonly unknown[], ...options: string[]) => {
    const stdin = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const { code, out } = await cli(['exec', ...options], stdin);
    return { code, answers: out.map((line) => JSON.parse(line) as Record<string, unknown>) };
  };
  const leo = { as: 'leo@brightside.example' };
  // Request ids are remembered for good; each test has its own.
  let n = 0;
  const fresh = (): string => `exec-test-${++n}`;

  test('answers each line in order, done once by its id', async () => {
    const id = fresh();
    const add = { ...leo, id, do: 'customer add', input: customer('acme') };
    const { code, answers } = await exec([
      add,
      add,
      { ...add, input: customer('other') },
      { ...leo, id: 7, do: 'customer list', input: { search: 'acme' } },
      { ...leo, do: 'customer list' },
    ]);
    expect(code).toBe(0);
    expect(answers).toMatchObject([
      { id, ok: true, result: { account: 'acme' } },
      { id, ok: true, result: { account: 'acme' } },
      { id, ok: false, code: 'request.mismatch' },
      { id: 7, ok: true, result: { total: 1 } },
      { id: null, ok: true },
    ]);
    expect(answers[1]).toEqual(answers[0]);
    expect(await world.all(Customer)).toHaveLength(1);
  });

  test('a refusal is not remembered: the same id may try again', async () => {
    const id = fresh();
    const { answers } = await exec([
      { ...leo, id, do: 'customer add', input: customer('a') },
      { ...leo, id, do: 'customer add', input: customer('acme') },
    ]);
    expect(answers).toMatchObject([
      { ok: false, code: 'input.too_short', field: 'account', message: 'At least 3 characters are needed.' },
      { ok: true },
    ]);
  });

  test.for([
    ['no JSON', 'what', { id: null, code: 'request.not_json' }],
    ['an empty line', '', { id: null, code: 'request.not_json' }],
    ['a list', '[]', { id: null, code: 'request.not_json' }],
    ['null', 'null', { id: null, code: 'request.not_json' }],
    ['nobody', { id: 1, do: 'customer list' }, { id: 1, code: 'input.required', field: 'as' }],
    ['nothing to do', { ...leo, id: 1 }, { id: 1, code: 'input.required', field: 'do' }],
    ['a member too many', { ...leo, id: 1, do: 'customer list', to: 'x' }, { id: 1, code: 'input.unknown_field' }],
    ['an unknown deed', { ...leo, id: 1, do: 'customer lst' }, { code: 'request.unknown', field: 'do' }],
    ["a deed of the system's own", { ...leo, id: 1, do: 'import customers' }, { code: 'request.unknown' }],
    ['an unknown person', { as: 'nobody@x.example', do: 'customer list' }, { code: 'not_allowed' }],
    ['a NUL as a person', { as: '\u0000', do: 'customer list' }, { code: 'input.unprintable', field: 'as' }],
    ['a NUL in a search', { ...leo, do: 'customer list', input: { search: '\u0000' } }, { code: 'input.unprintable' }],
    ['half a character', { ...leo, do: 'customer list', input: { search: '\ud800' } }, { code: 'input.unprintable' }],
    ['an input that is a list', { ...leo, do: 'customer list', input: [] }, { code: 'input.wrong_type' }],
    ['a lacked right', { as: 'vera@brightside.example', do: 'customer add', input: {} }, { code: 'not_allowed' }],
    [
      'a moment before the calendar',
      { ...leo, do: 'dashboard', at: '0001-01-01T00:00:00Z' },
      { code: 'request.at_form', field: 'at' },
    ],
    [
      'a day before the calendar',
      { ...leo, do: 'transactions', input: { from: '0000-01-01' } },
      { code: 'input.not_date', field: 'from' },
    ],
    ['a moment that is none', { ...leo, do: 'customer list', at: 'soon' }, { code: 'request.at_form', field: 'at' }],
  ] as const)('%s gets an answer', async ([, line, expected]) => {
    const { code, answers } = await exec([line, { ...leo, do: 'customer list' }]);
    expect(code).toBe(0);
    expect(answers).toMatchObject([{ ok: false, ...expected }, { ok: true }]);
    expect(defects).toEqual([]);
  });

  test("the system's own work runs when it is asked for, in nobody's name", async () => {
    const { answers } = await exec([
      { id: 1, do: 'cycle close' },
      { ...leo, id: 2, do: 'report auto-submit', input: {} },
      { id: 3, do: 'digests run' },
    ]);
    expect(answers).toMatchObject([
      { id: 1, ok: true, result: { created: expect.any(Array) } },
      { id: 2, ok: true, result: { submitted: expect.any(Array) } },
      { id: 3, ok: true, result: { posts: [] } },
    ]);
  });

  test('an unknown person and a lacked right read alike', async () => {
    const { answers } = await exec([
      { as: 'nobody@x.example', id: 1, do: 'customer add', input: {} },
      { as: 'vera@brightside.example', id: 1, do: 'customer add', input: {} },
    ]);
    expect(answers[0]).toEqual(answers[1]);
  });

  test('did you mean', async () => {
    const { answers } = await exec([
      { ...leo, do: 'customer lst' },
      { ...leo, do: 'make me rich' },
    ]);
    expect(answers[0]!.message).toContain('Did you mean "customer list"?');
    expect(answers[1]!.message).not.toContain('Did you mean');
  });

  test('stops at the first refusal when asked, with exit code 1', async () => {
    const list = { ...leo, do: 'customer list' };
    const { code, answers } = await exec([list, { ...list, do: 'nothing' }, list], '--stop-on-error');
    expect(code).toBe(1);
    expect(answers).toHaveLength(2);
  });

  test('a moment holds for its line alone, may lie in the past, and is refused where nobody plays', async () => {
    const add = (account: string, over: object) => ({
      ...leo,
      id: fresh(),
      do: 'customer add',
      input: { ...customer(account), accountMail: '2026-03-01' },
      ...over,
    });
    const { answers } = await exec([
      add('one', { at: '2026-03-01T10:00:00Z' }),
      add('two', {}),
      add('three', { at: '2026-03-01T12:00:00+02:00' }),
    ]);
    expect(answers).toMatchObject([{ ok: true }, { ok: false, code: 'customer.account_mail_past' }, { ok: true }]);
    expect((await world.stored(Customer, { account: 'one' })).createdAt.toString()).toBe('2026-03-01T10:00:00Z');

    await world.database.setSetting('for_play', 'no');
    expect((await exec([add('four', { at: '2026-03-01T10:00:00Z' })])).answers).toMatchObject([
      { ok: false, code: 'request.not_for_play', field: 'at' },
    ]);
  });

  test('a defect gives a reference, never a stack', async () => {
    // As the owner: the roles that the desk runs as may not.
    const owner = world.database.orm.em.fork();
    await owner.execute('alter table customer rename to customer_gone');
    try {
      const { answers } = await exec([{ ...leo, id: 1, do: 'customer list' }]);
      expect(answers[0]).toMatchObject({ id: 1, ok: false, code: 'internal' });
      expect(answers[0]!.message).toMatch(/^Something broke on our side\. Quote [A-Z2-9]{6} if you ask for help\.$/);
      expect(defects).toHaveLength(1);
    } finally {
      await owner.execute('alter table customer_gone rename to customer');
    }
  });

  test('reads a file as well', async () => {
    await writeFile(join(folder, 'lines.jsonl'), `${JSON.stringify({ ...leo, do: 'customer list' })}\n`);
    const { code, out } = await cli(['exec', 'lines.jsonl']);
    expect(code).toBe(0);
    expect(out.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ ok: true }]);
  });

  test('the schema tells the input and the result of everything a script may ask for', async () => {
    const { code, out } = await cli(['exec', '--schema']);
    expect(code).toBe(0);
    const { operations } = JSON.parse(out.join('\n')) as {
      operations: Record<string, { input: { type: string; required?: string[] }; result: unknown }>;
    };
    const people = useCases.filter(({ needs }) => needs !== 'system').map(({ name }) => name);
    const names = [...people, ...operatorJobs.keys()];
    expect(Object.keys(operations).toSorted()).toEqual(names.toSorted());
    expect(operations['customer add']!.input.required).toEqual(
      expect.arrayContaining(['account', 'company', 'city', 'state', 'firstName', 'lastName', 'email']),
    );
    for (const { input, result } of Object.values(operations)) {
      expect(input).toMatchObject({ type: 'object' });
      expect(result).toBeTypeOf('object');
    }
  });
});

describe('check', () => {
  test('says how many invariants were checked, and names the first bad row', async () => {
    expect(await cli(['check'])).toMatchObject({ code: 0, out: ['invariants: 14 checked, 0 broken'] });
    expect(await json('check')).toEqual({ code: 0, answer: { ok: true, checked: 14, broken: [] } });
    const em = world.database.orm.em.fork();
    await em.execute(`update person set partner_id = (select id from partner where slug = 'fjord')
                       where email = 'leo@brightside.example'`);
    const { code, out } = await cli(['check']);
    expect(code).toBe(1);
    expect(out.join('\n')).toMatch(
      /I12 is broken: .*\n {2}\w+ [0-9a-f-]{36} \(\w+\): its person belongs to another partner\./,
    );
    expect(out.join('\n')).toMatch(/invariants: 14 checked, 1 broken$/);
    expect(await json('check')).toMatchObject({
      code: 1,
      answer: {
        ok: false,
        code: 'invariant.broken',
        checked: 14,
        broken: [{ invariant: 'I12', partner: 'brightside' }],
      },
    });
    await em.execute(`update person set partner_id = (select id from partner where slug = 'brightside')
                       where email = 'leo@brightside.example'`);
  });
});

describe('audit verify', () => {
  test('is whole, until somebody changes a row', async () => {
    await cli(['exec'], JSON.stringify({ do: 'renewals run' }));
    expect(await json('audit', 'verify')).toMatchObject({ code: 0, answer: { ok: true } });
    // Past the grants, as whoever owns the server could.
    const em = world.database.orm.em.fork();
    await em.execute(`update audit_entry set answer = '{"forged":true}' where sequence = 1 and partner_id is null`);
    expect(await json('audit', 'verify')).toMatchObject({
      code: 1,
      answer: {
        ok: false,
        code: 'audit.broken',
        broken: { partner: null, sequence: '1', reason: 'content was changed' },
      },
    });
  });
});

describe('the socket', () => {
  const serve = (path: string) => serveCli({ path, run: (argv, terminal) => runCli(argv, groundOf(terminal)) });
  const through = async (path: string, argv: readonly string[], stdin = '') => {
    const said = { out: [] as string[], err: [] as string[] };
    const code = await passOn(path, argv, terminalOf(said, stdin));
    return { code, ...said };
  };

  test('passes words, files, input and exit codes through; only this user can open it', async () => {
    const path = socketPath(folder);
    expect((await through(path, ['doctor'])).code).toBeNull();
    const server = await serve(path);
    try {
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect((await through(path, ['doctor', '--json'])).out).toHaveLength(1);
      expect(await through(path, ['import', 'catalog', 'none.json'])).toMatchObject({
        code: 1,
        err: [`There is no file ${join(folder, 'none.json')}.`],
      });
      const line = JSON.stringify({ as: 'leo@brightside.example', do: 'customer list' });
      const said = await through(path, ['exec'], `${line}\n${line}`);
      expect(said).toMatchObject({ code: 0, err: [] });
      expect(said.out.map((text) => JSON.parse(text) as unknown)).toMatchObject([{ ok: true }, { ok: true }]);
      expect(await through(path, ['reset'])).toMatchObject({ code: 1, out: [] });
    } finally {
      await server.close();
    }
    expect((await through(path, ['doctor'])).code).toBeNull();
  });

  test('a caller who talks nonsense or leaves takes nothing down', async () => {
    const path = join(folder, 'odd.sock');
    const server = await serve(path);
    try {
      for (const nonsense of ['what\n', '{}\n', '{"argv":["exec"],"cwd":"/"}\n', '']) {
        await new Promise<void>((done) => {
          const socket = createConnection(path, () => socket.end(nonsense));
          socket.resume().on('close', () => done());
          socket.on('error', () => done());
        });
      }
      expect((await through(path, ['doctor'])).code).toBe(0);
    } finally {
      await server.close();
    }
  });

  test('what a killed process left behind is no obstacle', async () => {
    const path = join(folder, 'left.sock');
    await writeFile(path, '');
    await chmod(path, 0o400);
    const server = await serve(path);
    expect((await through(path, ['doctor'])).code).toBe(0);
    await server.close();
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a folder with a long name has an address that fits', () => {
    expect(Buffer.byteLength(socketPath(`/${'long/'.repeat(60)}`))).toBeLessThan(104);
    expect(socketPath('/data')).toBe('/data/cli.sock');
  });
});
