/** The whole product on a data folder, with the playground's platforms around it, in this process. */
import { slackPerson, teamsPerson } from '../../playground/driver.ts';
import { startPlayground, type Playground } from '../../playground/server.ts';
import { readConfig } from '../../src/config.ts';
import { startService, type Service } from '../../src/main.ts';

export interface OpenDesk {
  readonly playground: Playground;
  readonly service: Service;
  readonly slack: (who: string) => ReturnType<typeof slackPerson>;
  readonly teams: (who: string) => ReturnType<typeof teamsPerson>;
  stop(): Promise<void>;
}

export const openDesk = async (dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<OpenDesk> => {
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
    },
  };
};
