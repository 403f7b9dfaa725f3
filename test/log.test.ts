import { expect, test } from 'vitest';
import { createLog } from '../src/log.ts';
import { createWorld } from './support/world.ts';

const lines: string[] = [];
const log = createLog('info', { write: (line: string) => void lines.push(line) });

test('what the database refused is logged without the values that were to be stored', async () => {
  const world = await createWorld();
  const failure = await world
    .sql(`insert into mail (id, "to") values (gen_random_uuid(), ?)`, ['nora@customer.example'])
    .catch((error: unknown) => error);
  const twice = await world
    .sql(`insert into installation (key, value) values ('k', 'v'), (?, 'secret letter')`, ['k'])
    .catch((error: unknown) => error);
  await world.close();
  log.error({ err: failure, ref: 'R1' }, 'request failed');
  log.error({ err: twice, ref: 'R2' }, 'request failed');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { ref: 'R1', err: { code: '23502', stack: expect.stringContaining('at ') as unknown } },
    { ref: 'R2', err: { code: '23505', constraint: 'installation_pkey' } },
  ]);
  expect(lines.join()).not.toMatch(/nora@|secret letter|insert into/);
});

test('secrets are cut, and an error keeps its cause', () => {
  lines.length = 0;
  const error = new Error('outer', { cause: new Error('inner') });
  log.warn({ err: error, install: { token: 'xoxb-1' } }, 'warned');
  expect(JSON.parse(lines[0]!)).toMatchObject({ err: { message: 'outer', cause: { message: 'inner' } } });
  expect(lines[0]).not.toContain('xoxb-1');
});
