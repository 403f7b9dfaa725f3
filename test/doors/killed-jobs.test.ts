/** Long work in a process of its own, which is killed in the middle of it: the next one goes on where it was. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyDemo } from '../support/demo-folder.ts';
import type { Scene } from '../support/desk-process.ts';
import { execLines, operator } from '../support/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'seatwise-killed-'));
const env = { DATA_DIR: folder };
let child: ChildProcess;

const answer = async (): Promise<string> => {
  const [{ read, failed }] = (await once(child, 'message')) as [{ read?: string; failed?: string }];
  if (failed !== undefined) throw new Error(failed);
  return read!;
};

const start = async (): Promise<void> => {
  child = fork('test/support/desk-process.ts', [folder], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  await answer();
};

const play = (scene: Scene, about: string): Promise<string> => {
  child.send({ scene, about });
  return answer();
};

const killAndStart = async (): Promise<void> => {
  child.kill('SIGKILL');
  await once(child, 'exit');
  await start();
};

const exec = async (lines: readonly { readonly do: string; readonly input: object }[]): Promise<unknown[]> => {
  const answers = await execLines(
    lines.map((line) => ({ as: leo, ...line })),
    env,
  );
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  return answers.map(({ result }) => result);
};
const leo = 'leo@brightside.example';

beforeAll(async () => {
  await copyDemo(folder);
  await start();
}, 300_000);
afterAll(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface CatalogFile {
  readonly vendors: readonly {
    readonly name: string;
    readonly products: readonly { readonly sku: string; readonly name: string; readonly components?: string[] }[];
  }[];
}

test(
  'a suite change that is accepted in bulk: everybody gets the new product, and gets it once',
  { timeout: 300_000 },
  async () => {
    const [suite, plan, added] = ['Worry-Free Services Advanced', 'Advanced Monthly', 'EE'] as const;
    const many = Array.from({ length: 150 }, (_, index) => `many-${index}`);
    await exec(
      many.flatMap((account) => [
        {
          do: 'customer add',
          input: {
            account,
            company: account,
            city: 'Berlin',
            state: 'Berlin',
            firstName: 'A',
            lastName: 'B',
            email: 'a@many.example',
          },
        },
        { do: 'assign', input: { customer: account, plan } },
      ]),
    );
    const { vendors } = JSON.parse(readFileSync('catalog/demo.json', 'utf8')) as CatalogFile;
    const recomposed = vendors.flatMap(({ name, products }) =>
      products
        .filter((product) => product.name === suite)
        .map((product) => ({ name, products: [{ ...product, components: [...product.components!, added] }] })),
    );
    const file = join(folder, 'recomposed.json');
    writeFileSync(file, JSON.stringify({ vendors: recomposed }));
    expect(await operator(['import', 'catalog', file], env)).toMatchObject({ code: 0 });
    await exec([{ do: 'suite approve', input: { change: suite } }]);

    const progress = await play('accept', suite);
    await killAndStart();
    expect(Number(/(\d+) %/.exec(progress)![1])).toBeLessThan(50);
    expect(await play('accepted', suite)).toContain('100 %');

    const [after] = (await exec([{ do: 'suite show', input: { change: suite } }])) as [object];
    expect(after).toMatchObject({ left: 0, failed: 0 });
    const ledgers = await exec(
      many.map((account) => ({ do: 'transactions', input: { customer: account, product: added } })),
    );
    for (const ledger of ledgers) expect(ledger).toMatchObject({ total: 1, items: [{ reason: 'suite_added' }] });
    expect((await operator(['check'], env)).out).toMatch(/invariants: \d+ checked, 0 broken/);
  },
);

test('a file of customers: looked through to its end, and added whole and once', { timeout: 300_000 }, async () => {
  const rows = 10_000;
  await play('upload', String(rows));
  await killAndStart();
  expect(await play('looked', '')).toContain('10,000 new customers, no fault.');
  await play('decide', '10,000');
  await killAndStart();
  expect(await play('added', '')).toContain('10,000 customers were added.');
  const [found] = (await exec([{ do: 'customer list', input: { search: 'killed-' } }])) as [{ total: number }];
  expect(found.total).toBe(rows);
  expect((await operator(['check'], env)).out).toMatch(/invariants: \d+ checked, 0 broken/);
});
