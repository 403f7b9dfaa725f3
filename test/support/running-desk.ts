/** The whole product with the demo world, and the playground's platforms around it, in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyDemo } from './demo-folder.ts';
import { openDesk, type OpenDesk } from './open-desk.ts';

export type RunningDesk = OpenDesk;

export const startRunningDesk = async (env: Readonly<Record<string, string>> = {}): Promise<RunningDesk> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'seatwise-desk-'));
  await copyDemo(dataDir);
  const desk = await openDesk(dataDir, env);
  return {
    ...desk,
    async stop() {
      await desk.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

/** Looks until it is so: what the desk does after its answer has no moment that a test could wait for. */
export const within = async <T>(look: () => T | Promise<T>, ms = 20_000): Promise<T> => {
  const until = performance.now() + ms;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
};
