/** The playground as a process of its own: killed in the middle of things, started again, asked what is true. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyDemo } from '../support/demo-folder.ts';
import { execLines, operator, outputOf, startScript } from '../support/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'seatwise-kill-'));
let port = 0;
let child: ChildProcessWithoutNullStreams;

const isFree = async (candidate: number): Promise<boolean> => {
  const server = createServer();
  const listening = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen(candidate);
  if (!(await listening)) return false;
  await new Promise((done) => server.close(done));
  return true;
};

/** A port that is free with the next one; below those that the system hands out to everybody who asks for any. */
const freePair = async (): Promise<number> => {
  for (;;) {
    const candidate = 20_000 + Math.floor(Math.random() * 10_000);
    if ((await isFree(candidate)) && (await isFree(candidate + 1))) return candidate;
  }
};

const env = (): Record<string, string> => ({ PORT: String(port), DATA_DIR: folder });

const start = async (): Promise<void> => {
  child = startScript('playground/main.ts', [], env());
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      said += piece;
      if (said.includes('Seatwise playground:')) resolve();
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (said += piece));
    child.once('exit', () => reject(new Error(`it ended: ${said}`)));
  });
};

const kill = async (signal: NodeJS.Signals): Promise<number> => {
  const began = performance.now();
  child.kill(signal);
  await once(child, 'exit');
  return performance.now() - began;
};

const customer = (n: number): object => ({
  id: `kill-${n}`,
  as: 'leo@brightside.example',
  do: 'customer add',
  input: {
    account: `kill-${n}`,
    company: 'Kill',
    city: 'Berlin',
    state: 'Berlin',
    firstName: 'A',
    lastName: 'B',
    email: 'a@kill.example',
  },
});

beforeAll(async () => {
  port = await freePair();
  await copyDemo(folder);
  await start();
}, 300_000);
afterAll(async () => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test(
  'what was acknowledged before a kill is there once after it, and the audit is whole',
  { timeout: 120_000 },
  async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const cli = startScript('src/cli/main.ts', ['exec', '-'], env());
      const ended = once(cli, 'close');
      for (let n = 0; n < 200; n++) cli.stdin.write(`${JSON.stringify(customer(round * 1000 + n))}\n`);
      // By what was done, not by the clock: on a slow machine, too, it dies with some answered and some under way.
      const enough = acknowledged.size + 5 * (round + 1);
      let killed: Promise<number> | undefined;
      for await (const line of createInterface({ input: cli.stdout })) {
        const answer = JSON.parse(line) as { id: string; ok: boolean };
        if (answer.ok) acknowledged.add(answer.id);
        if (acknowledged.size < enough || killed) continue;
        killed = kill('SIGKILL');
        cli.stdin.end();
      }
      await Promise.all([killed, ended]);
      await start();
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(30);
    expect(acknowledged.size).toBeLessThan(600);
    const again = await execLines(
      [...acknowledged].map((id) => customer(Number(id.replace('kill-', '')))),
      env(),
    );
    // The same line again gets the first answer: done once, and nothing of it was lost.
    expect(again.filter(({ ok }) => !ok)).toEqual([]);
    const [found] = await execLines(
      [{ as: 'leo@brightside.example', do: 'customer list', input: { search: 'kill-' } }],
      env(),
    );
    expect((found!.result as { total: number }).total).toBeGreaterThanOrEqual(acknowledged.size);
    const audit = await operator(['audit', 'verify'], env());
    expect(audit.code).toBe(0);
  },
);

test('a second one on the same data, and on a taken port, says so in one sentence', { timeout: 60_000 }, async () => {
  const taken = await outputOf(startScript('playground/main.ts', [], env()));
  expect(taken.code).toBe(1);
  expect(taken.err.trim().split('\n')).toHaveLength(1);
  expect(taken.err).toContain('is taken');
  const elsewhere = { ...env(), PORT: String(await freePair()) };
  const inUse = await outputOf(startScript('playground/main.ts', [], elsewhere));
  expect(inUse.code).toBe(1);
  expect(inUse.err.trim().split('\n')).toHaveLength(1);
  expect(inUse.err).toContain('in use');
  const reset = await operator(['reset'], env());
  expect(reset.code).not.toBe(0);
});

test('Ctrl-C stops it cleanly within three seconds', { timeout: 30_000 }, async () => {
  expect(await kill('SIGINT')).toBeLessThan(3000);
  expect(child.exitCode).toBe(0);
});
