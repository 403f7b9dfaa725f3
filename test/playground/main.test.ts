import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const entry = join(import.meta.dirname, '../../playground/main.ts');

/** Runs `npm start`'s program to its end. */
const run = async (env: Record<string, string>): Promise<{ code: number; out: string; err: string }> => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
};

test('a taken port is told in one sentence, and nothing is written', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const dir = mkdtempSync(join(tmpdir(), 'playground-'));
  try {
    const told = await run({ PORT: String(port - 1), DATA_DIR: join(dir, 'data') });
    expect(told).toEqual({
      code: 1,
      out: '',
      err: `Port ${port} is taken: stop what uses it, or start with another one, as in PORT=4000 npm start.\n`,
    });
    expect(await run({ PORT: 'three thousand', DATA_DIR: dir })).toMatchObject({
      code: 1,
      err: 'PORT must be a whole number from 1 to 65534.\n',
    });
  } finally {
    other.close();
    rmSync(dir, { recursive: true });
  }
});
