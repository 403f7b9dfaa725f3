/** The whole product with the demo world, and the playground's platforms around it, in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slackPerson, teamsPerson } from '../../playground/driver.ts';
import { startPlayground, type Playground } from '../../playground/server.ts';
import { readConfig } from '../../src/config.ts';
import { startService, type Service } from '../../src/main.ts';
import { copyDemo } from './demo-folder.ts';

export interface RunningDesk {
  readonly playground: Playground;
  readonly service: Service;
  readonly slack: (who: string) => ReturnType<typeof slackPerson>;
  readonly teams: (who: string) => ReturnType<typeof teamsPerson>;
  stop(): Promise<void>;
}

export const startRunningDesk = async (env: Readonly<Record<string, string>> = {}): Promise<RunningDesk> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'seatwise-desk-'));
  await copyDemo(dataDir);
  const playground = await startPlayground({ port: 0, dataDir });
  const config = readConfig({
    ...playground.environment(),
    PORT: '0',
    DATA_DIR: dataDir,
    DEVELOPMENT_IDENTITY: '1',
    LOG_LEVEL: 'error',
    ...env,
  });
  const service = await startService(config, { clock: playground.clock, demo: true });
  playground.setApp(service.url);
  await playground.connect(service);
  return {
    playground,
    service,
    slack: (who) => slackPerson(playground, who),
    teams: (who) => teamsPerson(playground, who),
    async stop() {
      await service.stop();
      await playground.stop();
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
