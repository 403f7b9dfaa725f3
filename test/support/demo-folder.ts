/** A data folder with the demo world. Filling one takes half a minute, copying a second: the first who asks fills it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inject } from 'vitest';

/** Fills the folder by the operator's own word. */
const fill = async (folder: string): Promise<void> => {
  const { DATABASE_URL: _, ...env } = process.env;
  const seed = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/cli/main.ts', 'seed'], {
    env: { ...env, DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(seed, 'close')) as [number | null];
  writeFileSync(join(folder, code === 0 ? 'filled' : 'failed'), '');
};

/** Puts the demo world, as it is right after `seed`, into a data folder that is empty. */
export const copyDemo = async (dataDir: string): Promise<void> => {
  const folder = inject('demoFolder');
  mkdirSync(folder, { recursive: true });
  try {
    mkdirSync(join(folder, 'data'));
    await fill(folder);
  } catch (error) {
    // Another worker is at it.
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
  while (!existsSync(join(folder, 'filled'))) {
    if (existsSync(join(folder, 'failed'))) throw new Error('the demo world could not be filled');
    await pause(200);
  }
  cpSync(join(folder, 'data'), dataDir, { recursive: true });
};
