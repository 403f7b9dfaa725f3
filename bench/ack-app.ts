/** The whole app for the `ack` bench, with the demo world on PostgreSQL. Run as a child process; tells its port. */
import { readConfig } from '../src/config.ts';
import { startService } from '../src/main.ts';

const service = await startService(
  readConfig({ ...process.env, PORT: '0', DEVELOPMENT_IDENTITY: '1', LOG_LEVEL: 'info' }),
  {
    demo: true,
  },
);
process.send?.(Number(new URL(service.url).port));
