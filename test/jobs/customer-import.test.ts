import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { faultsOnCard, importMessage } from '../../src/bot/features/customer-import.ts';
import type { Block, Message } from '../../src/bot/view.ts';
import { beginImport } from '../../src/core/customers/begin-import.ts';
import { addCustomer } from '../../src/core/customers/add-customer.ts';
import { Customer } from '../../src/core/customers/customer.ts';
import { CustomerImport } from '../../src/core/customers/customer-import.ts';
import { confirmImport, discardImport } from '../../src/core/customers/decide-import.ts';
import { wakeImports } from '../../src/core/customers/work-import.ts';
import { Content } from '../../src/core/messages/content.ts';
import { StoredFile } from '../../src/core/messages/stored-file.ts';
import type { Execute } from '../../src/core/use-case.ts';
import { createCustomerImportJob, giveUpImport } from '../../src/jobs/customer-import.ts';
import { readTableBytes } from '../../src/files-in/read-table.ts';
import { customerColumns, customerCsv, customerXlsx } from '../support/customer-files.ts';
import { drawnMessage } from '../support/drawn.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../support/world.ts';

let world: World;
let realTime: Temporal.Instant;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  for (const table of ['outgoing', 'customer_import_part', 'customer_import', 'customer'])
    await world.sql(`delete from ${table}`);
  world.jobs.length = 0;
  realTime = Temporal.Instant.from('2026-11-24T12:00:00Z');
});

const importCard = { draw: importMessage, faults: faultsOnCard };
const worker = (execute: Execute = world.execute) =>
  createCustomerImportJob({ execute, importCard, realTime: () => realTime });

const lise = 'lise@brightside.example';
const begin = async (bytes: Uint8Array, by = lise, fileName = 'customers.csv'): Promise<string> =>
  (await world.execute(beginImport, await world.as(by), { fileName, content: new Content(bytes) })).importId;
const look = async (bytes: Uint8Array): Promise<CustomerImport> => {
  const importId = await begin(bytes);
  await worker()('job', { importId });
  return world.stored(CustomerImport, importId);
};
const confirm = async (importId: string, by = lise): Promise<void> => {
  await world.execute(confirmImport, await world.as(by), { importId });
};
const accounts = async (): Promise<string[]> => (await world.all(Customer)).map(({ account }) => account).toSorted();
/** The cards that waited to leave for Slack, in order. */
const cards = async (): Promise<Message[]> =>
  (
    await world.sql<{ message: Message }>(
      `select message from outgoing where lane = 'slack:T0TEST:U0LISE' order by position`,
    )
  ).map(({ message }) => message);
const words = (message: Message | undefined): string => JSON.stringify(message?.blocks ?? []);
const block = <K extends Block['kind']>(message: Message | undefined, kind: K) =>
  message?.blocks.find((each) => each.kind === kind) as Extract<Block, { kind: K }> | undefined;

describe('a file of customers', () => {
  test.for(['CSV', 'XLSX'] as const)('%s: looked through, decided on, added', async (kind) => {
    const bytes = kind === 'CSV' ? customerCsv(3) : await customerXlsx(3);
    const ready = await look(bytes);
    expect(ready).toMatchObject({ state: 'ready', rows: 3, faultCount: 0 });
    expect(await accounts()).toEqual([]);
    const before = (await cards()).at(-1)!;
    drawnMessage(before);
    expect(words(before)).toContain('3 new customers');
    expect(block(before, 'buttons')?.buttons.map(({ label }) => label)).toEqual(['Import 3 customers', 'Discard']);

    await confirm(ready.id);
    await worker()('job', { importId: ready.id });
    expect(await accounts()).toEqual(['acct-00001', 'acct-00002', 'acct-00003']);
    expect(await world.stored(Customer, { account: 'acct-00002' })).toMatchObject({
      partnerId: partnerIds.brightside,
      tierOneId: partnerIds.northwind,
      company: 'Company 2 GmbH',
      country: 'DE',
      language: null,
      accountMailOn: null,
      status: 'enabled',
    });
    expect(words((await cards()).at(-1))).toContain('3 customers were added');
    // The address book that came in does not outlive its import.
    expect((await world.stored(StoredFile, ready.fileId)).bytes).toHaveLength(0);
    expect(await world.sql('select from customer_import_part where rows <> $$[]$$::jsonb')).toEqual([]);
    const [audited] = await world.sql<{ partner_id: string; actor_name: string }>(
      `select partner_id, actor_name from audit_entry where use_case = 'customer import commit'`,
    );
    expect(audited).toEqual({ partner_id: partnerIds.brightside, actor_name: lise });
  });

  test('faults are all told, and nothing is taken', async () => {
    await world.execute(addCustomer, await world.as('yuki@sakura.example'), {
      account: 'ACCT-00007',
      company: 'Elsewhere',
      city: 'Tokyo',
      state: 'T',
      firstName: 'A',
      lastName: 'B',
      email: 'a@b.example',
    });
    const faulty = await look(
      customerCsv(20, (cells, index) =>
        index === 3
          ? cells.with(6, 'no address')
          : index === 5
            ? cells.with(0, 'ACCT-00004')
            : index === 9
              ? cells.with(1, '')
              : cells,
      ),
    );
    expect(faulty).toMatchObject({ state: 'faulty', rows: 20, faultCount: 4 });
    expect(faulty.faults.map(({ line, column, code }) => [line, column, code])).toEqual([
      [4, 'email', 'input.not_email'],
      [6, 'account', 'import.twice'],
      [8, 'account', 'customer.account_taken'],
      [10, 'company', 'input.required'],
    ]);
    const card = (await cards()).at(-1)!;
    drawnMessage(card);
    expect(words(card)).toContain('This account name is not available.');
    expect(words(card)).not.toContain('Elsewhere');
    await expect(confirm(faulty.id)).rejects.toMatchObject({ code: 'import.decided' });
    expect(await accounts()).toEqual(['ACCT-00007']);
  });

  test('more faults than fit are offered as a workbook: the first hundred and their number', async () => {
    const faulty = await look(customerCsv(300, (cells) => cells.with(6, '=HYPERLINK("http://evil.example")')));
    expect(faulty).toMatchObject({ faultCount: 300 });
    expect(faulty.faults).toHaveLength(100);
    const card = (await cards()).at(-1)!;
    drawnMessage(card);
    expect(block(card, 'rows')?.rows).toHaveLength(10);
    expect(block(card, 'file')?.fileId).toBe(faulty.faultFileId);
    const file = await world.stored(StoredFile, faulty.faultFileId!);
    const table = await readTableBytes(file.bytes);
    expect(table.header).toEqual(['Line', 'Column', 'Found', 'Allowed']);
    expect(table.rows).toHaveLength(101);
    expect(table.rows[0]!.cells).toEqual([
      '2',
      'email',
      '=HYPERLINK("http://evil.example")',
      'This is not an e-mail address.',
    ]);
    expect(table.rows.at(-1)!.cells).toContain('… and 200 more');
  });

  test.for([
    ['a row too many', customerCsv(10_001), 'file.too_many_rows'],
    ['a header and nothing else', customerCsv(0), 'file.no_rows'],
    ['Latin-1', Buffer.from('account,company\nmüller,Müller', 'latin1'), 'file.not_utf8'],
    ['no workbook', Buffer.from('PK\u0003\u0004 is what it says'), 'file.not_xlsx'],
  ] as const)('%s is refused in one sentence', async ([, bytes, code]) => {
    const refused = await look(bytes);
    expect(refused).toMatchObject({ state: 'faulty', reason: { code } });
    const card = (await cards()).at(-1)!;
    drawnMessage(card);
    expect(words(card)).toContain('Nothing was added.');
  });

  test('wrong headers', async () => {
    const faulty = await look(customerCsv(2, (cells) => cells, ['konto', ...customerColumns.slice(1)]));
    expect(faulty.ignored).toEqual(['konto']);
    expect(faulty.faults.map(({ line, code, params }) => [line, code, params.column])).toEqual([
      [1, 'import.column_missing', 'account'],
    ]);
  });

  test('too large is said at once', async () => {
    await expect(begin(Buffer.alloc(10 * 1024 * 1024 + 1, 0x61))).rejects.toMatchObject({ code: 'file.too_large' });
    await expect(begin(Buffer.alloc(0))).rejects.toMatchObject({ code: 'file.empty' });
    expect(await world.all(CustomerImport)).toEqual([]);
  });

  test('is not for everybody, and never for another partner', async () => {
    await expect(begin(customerCsv(1), 'vera@brightside.example')).rejects.toMatchObject({ code: 'not_allowed' });
    const { id } = await look(customerCsv(1));
    await expect(confirm(id, 'yuki@sakura.example')).rejects.toMatchObject({ code: 'not_found' });
    await expect(confirm(id, 'vera@brightside.example')).rejects.toMatchObject({ code: 'not_allowed' });
    await confirm(id, 'leo@brightside.example');
  });

  test('is discarded once, and not added after that', async () => {
    const { id, fileId } = await look(customerCsv(1));
    await world.execute(discardImport, await world.as(lise), { importId: id });
    expect((await world.stored(StoredFile, fileId)).bytes).toHaveLength(0);
    await expect(confirm(id)).rejects.toMatchObject({ code: 'import.decided' });
  });

  test('waits seven days for a decision', async () => {
    const { id } = await look(customerCsv(1));
    world.setNow('2026-03-12T09:00:00Z');
    await expect(confirm(id)).rejects.toMatchObject({ code: 'import.expired' });
    world.setNow('2026-03-05T09:00:00Z');
  });
});

describe('what happens in between', () => {
  test('an account taken before the decision: looked through anew, and nothing is added', async () => {
    const { id } = await look(customerCsv(600));
    await world.execute(addCustomer, await world.as('leo@brightside.example'), {
      account: 'Acct-00555',
      company: 'Quick',
      city: 'Kiel',
      state: 'SH',
      firstName: 'A',
      lastName: 'B',
      email: 'a@b.example',
    });
    await confirm(id);
    await worker()('job', { importId: id });
    expect(await world.stored(CustomerImport, id)).toMatchObject({
      state: 'faulty',
      faults: [{ line: 556, column: 'account', code: 'customer.account_taken' }],
    });
    expect(await accounts()).toEqual(['Acct-00555']);
  });

  test('rights that were taken away meanwhile', async () => {
    const { id } = await look(customerCsv(2));
    await confirm(id);
    await world.sql(`update person set roles = '{viewer}' where email = '${lise}'`);
    try {
      await worker()('job', { importId: id });
    } finally {
      await world.sql(`update person set roles = '{licensing}' where email = '${lise}'`);
    }
    expect(await world.stored(CustomerImport, id)).toMatchObject({
      state: 'faulty',
      reason: { code: 'import.owner_gone' },
    });
    expect(await accounts()).toEqual([]);
  });

  /** A process that dies at the n-th call of the one door. */
  const dyingAt = (name: string, times: number): Execute => {
    let left = times;
    return (async (useCase: never, caller: never, input: never) => {
      const { name: called } = useCase as { name: string };
      if (called === name && --left === 0) throw new Error('killed');
      return world.execute(useCase, caller, input);
    }) as Execute;
  };

  test.for([
    ['customer import check', 2],
    ['customer import lay down', 1],
    ['customer import lay down', 2],
    ['customer import commit', 1],
  ] as const)('a kill at %s (%i) loses nothing and adds nothing twice', { timeout: 60_000 }, async ([name, times]) => {
    const importId = await begin(customerCsv(600));
    const isLooking = name === 'customer import check';
    if (!isLooking) {
      await worker()('job', { importId });
      await confirm(importId);
    }
    const killed = dyingAt(name, times);
    // What is killed lets nothing go: its lease has to run out.
    const silent: Execute = ((useCase: never, caller: never, input: never) =>
      (useCase as { name: string }).name === 'customer import let go'
        ? Promise.reject(new Error('killed'))
        : killed(useCase, caller, input)) as Execute;
    await expect(worker(silent)('job', { importId })).rejects.toThrow('killed');
    expect(await accounts()).toEqual([]);

    await worker()('job', { importId });
    expect(await accounts()).toEqual([]);
    const wake = async () => (await world.execute(wakeImports, world.system, { realTime: realTime.toString() })).woken;
    expect(await wake()).toBe(0);
    realTime = realTime.add({ seconds: 121 });
    expect(await wake()).toBe(1);
    await worker()('job', { importId });
    if (isLooking) {
      await confirm(importId);
      await worker()('job', { importId });
    }
    expect(await accounts()).toHaveLength(600);
    await worker()('job', { importId });
    expect(await accounts()).toHaveLength(600);
  });

  test('what fails for good says so, and that nothing was added', async () => {
    const importId = await begin(customerCsv(1));
    await giveUpImport({ execute: world.execute, importCard }, 'job', { importId });
    const card = (await cards()).at(-1)!;
    expect(words(card)).toContain('Nothing was added');
    expect(await world.stored(CustomerImport, importId)).toMatchObject({ state: 'faulty' });
  });
});

/** Milliseconds of work this thread has done: unlike the time on the wall, others' work is not in it. */
const worked = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** The longest stretch of work during which nothing else got a turn. */
const watchTurns = () => {
  let last = worked();
  let longest = 0;
  const look = () => {
    const now = worked();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return longest;
    },
  };
};

describe('ten thousand', () => {
  test.for(['CSV', 'XLSX'] as const)('%s: the desk keeps answering meanwhile', { timeout: 120_000 }, async (kind) => {
    const bytes = kind === 'CSV' ? customerCsv(10_000) : await customerXlsx(10_000);
    const spent = new Map<string, number>();
    const timed: Execute = (async (useCase: never, caller: never, input: never) => {
      const { name } = useCase as { name: string };
      const before = worked();
      try {
        return await world.execute(useCase, caller, input);
      } finally {
        spent.set(name, Math.max(spent.get(name) ?? 0, worked() - before));
      }
    }) as Execute;
    const importId = await begin(bytes);
    const looking = watchTurns();
    await worker(timed)('job', { importId });
    const longestLooking = looking.stop();
    await confirm(importId);
    const saving = watchTurns();
    await worker(timed)('job', { importId });
    const longestSaving = saving.stop();
    if (process.env.IMPORT_FIGURES)
      console.log({
        kind,
        longestLooking,
        longestSaving,
        spent: [...spent].toSorted((a, b) => b[1] - a[1]).slice(0, 5),
      });
    expect(await world.sql('select count(*)::int as n from customer')).toEqual([{ n: 10_000 }]);
    for (const [name, ms] of spent) expect(ms, name).toBeLessThan(5000);
    // Work without a turn for others would take all of it at once: seconds, on any machine.
    expect(longestLooking).toBeLessThan(600);
    expect(longestSaving).toBeLessThan(600);
    const pictures = await cards();
    expect(pictures.length).toBeGreaterThan(1);
    expect(words(pictures.at(-1))).toContain('10,000 customers were added');
  });
});

test.runIf(isPostgres)(
  'two files that share an account, added at once: one of them, whole',
  { timeout: 60_000 },
  async () => {
    const [first, second] = [await look(customerCsv(300)), await look(customerCsv(300))];
    await confirm(first.id);
    await confirm(second.id);
    await Promise.all([first, second].map(({ id }) => worker()(randomUUID(), { importId: id })));
    const states = [
      (await world.stored(CustomerImport, first.id)).state,
      (await world.stored(CustomerImport, second.id)).state,
    ];
    expect(states.toSorted()).toEqual(['done', 'faulty']);
    expect(await accounts()).toHaveLength(300);
  },
);
