/** Our scripts as processes of their own: to be killed, and to be asked from outside what is true. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';

/** Started as a person would at a terminal. The database is the one of `DATA_DIR`, whatever the tests run on. */
export const startScript = (
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams => {
  const { DATABASE_URL: _, ...own } = process.env;
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    env: { ...own, ...env },
    stdio: 'pipe',
  });
};

/** All that it says until it ends. */
export const outputOf = async (
  running: ChildProcessWithoutNullStreams,
): Promise<{ code: number | null; out: string; err: string }> => {
  let [out, err] = ['', ''];
  running.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece));
  running.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
  const [code] = (await once(running, 'close')) as [number | null];
  return { code, out, err };
};

/** The operator's words, passed to whoever owns the data. */
export const operator = (words: readonly string[], env: Readonly<Record<string, string>>, input = '') => {
  const running = startScript('src/cli/main.ts', words, env);
  running.stdin.end(input);
  return outputOf(running);
};

/** Lines through `cli exec`, answered in their order. */
export const execLines = async (
  lines: readonly object[],
  env: Readonly<Record<string, string>>,
): Promise<readonly { readonly ok: boolean; readonly result: unknown }[]> => {
  const { out } = await operator(['exec', '-'], env, lines.map((line) => JSON.stringify(line)).join('\n'));
  return out
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { ok: boolean; result: unknown });
};
