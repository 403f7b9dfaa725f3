/**
 * Installs what is missing before `npm start`, `npm test` and the like, so that a fresh clone needs one command. Runs
 * on the machine's own Node, which may be older than ours.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const installed = `${root}node_modules/.package-lock.json`;
const node = `${root}node_modules/.bin/node`;

const isCurrent = () =>
  existsSync(installed) &&
  existsSync(node) &&
  statSync(installed).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs;

if (!isCurrent()) {
  console.error('Installing what Seatwise needs (once, about a minute) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('The installation failed; the lines above say why.');
    process.exit(1);
  }
  // A checkout may be younger than what was just installed for it.
  const now = new Date();
  utimesSync(installed, now, now);
}
