/** The whole desk over the demo world: whatever is said or asked, both platforms can draw it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDesk } from '../../src/bot/create-desk.ts';
import type { Delivery, Desk, Outcome } from '../../src/bot/desk.ts';
import { features } from '../../src/bot/features/index.ts';
import { createRegistry } from '../../src/bot/registry.ts';
import { renderOptions } from '../../src/bot/slack/render.ts';
import { limits, type Button, type Message } from '../../src/bot/view.ts';
import { actorByAccount } from '../../src/core/people/resolve-actor.ts';
import { createExecute } from '../../src/core/use-case.ts';
import { demoPeople, demoSlack, demoStart } from '../../src/demo/people.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { copyDemo } from '../support/demo-folder.ts';
import { drawn, drawnMessage } from '../support/drawn.ts';

const folder = mkdtempSync(join(tmpdir(), 'seatwise-drawn-'));
const registry = createRegistry(features);
let database: Database;
let desk: Desk;
const broken: string[] = [];
let deliveries = 0;

beforeAll(async () => {
  await copyDemo(folder);
  database = await openDatabase({ folder: join(folder, 'database') });
  const clock = { now: () => Temporal.Instant.from(demoStart) };
  const execute = createExecute(database.host(clock, async () => {}));
  const system = { actor: { type: 'system', name: 'test' } as const, requestId: 'test' };
  desk = createDesk({
    features,
    execute,
    now: clock.now,
    log: pino({ level: 'error' }, { write: (line: string) => void broken.push(line) }),
    people: {
      find: async (platform, workspace, userId) =>
        (await execute(actorByAccount, system, { platform, workspace, userId })).actor,
      met: async () => {},
    },
  });
}, 300_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const from = (userId: string): Delivery => {
  const channel = {
    platform: 'slack' as const,
    workspace: demoSlack.teamId,
    id: 'C0LICENCES',
    name: 'licences',
    address: { workspace: demoSlack.teamId, channel: 'C0LICENCES' },
    botIsMember: true,
  };
  return {
    platform: 'slack',
    workspace: demoSlack.teamId,
    userId,
    deliveryId: `d${++deliveries}`,
    channel,
    address: null,
    channelOf: async () => channel,
  };
};

const buttonsOf = ({ blocks }: Message): Button[] =>
  blocks.flatMap((block): Button[] => {
    switch (block.kind) {
      case 'buttons':
        return [...block.buttons];
      case 'rows':
        return block.rows.flatMap(({ button }) => button ?? []);
      case 'pager':
        return block.page < block.pages
          ? [{ kind: 'run', label: 'Next', action: block.action, args: { ...block.args, page: `${block.page + 1}` } }]
          : [];
      default:
        return [];
    }
  });

/** Draws an answer on both platforms, and gives the buttons by which one goes on. */
const draw = (outcome: Outcome): Button[] => {
  drawn(outcome);
  switch (outcome.kind) {
    case 'open':
      return [];
    case 'refused':
      expect(outcome.text).not.toMatch(/^[a-z_.]+$/);
      return [];
    case 'message':
    case 'replace':
      return buttonsOf(outcome.message);
  }
};

/** Follows every button that decides nothing, each kind a few times, and draws what comes. */
const explore = async (userId: string): Promise<{ opened: Set<string>; answered: number }> => {
  let answered = 0;
  const times = new Map<string, number>();
  const opened = new Set<string>();
  const open: Button[] = registry.commands.map(({ words }) => ({
    kind: 'run',
    label: words,
    action: 'command',
    args: { text: words },
  }));
  for (let button = open.shift(); button; button = open.shift()) {
    if (button.kind === 'link' || (button.kind === 'run' && button.decides)) continue;
    const name = button.kind === 'run' ? `${button.action} ${button.args.text ?? ''}` : `form ${button.form}`;
    times.set(name, (times.get(name) ?? 0) + 1);
    if (times.get(name)! > 3) continue;
    const outcome =
      button.kind === 'run'
        ? await desk.action(from(userId), button.action, button.args)
        : await desk.openForm(from(userId), button.form, button.context);
    if (outcome.kind === 'open') opened.add(outcome.form.view.title);
    open.push(...draw(outcome));
    answered += 1;
  }
  return { opened, answered };
};

describe.each(demoPeople.filter(({ slackUserId }) => slackUserId))('$email', ({ slackUserId = '', roles }) => {
  test('reads nothing that a platform could not draw, and breaks nothing', { timeout: 60_000 }, async () => {
    const { opened, answered } = await explore(slackUserId);
    drawnMessage(await desk.home(from(slackUserId)));
    expect(broken).toEqual([]);
    expect(answered).toBeGreaterThan(registry.commands.length + 10);
    if (roles.includes('admin')) expect(opened.size).toBeGreaterThan(2);
  });

  test('finds options that fit, each of them again by its own value', async () => {
    for (const source of registry.lookups.keys()) {
      const found = await desk.lookup(from(slackUserId), source, '');
      expect(found.length).toBeLessThanOrEqual(limits.lookupOptions);
      renderOptions(found);
      for (const { value } of found.slice(0, 3)) {
        expect(value).not.toContain(',');
        const again = await desk.lookup(from(slackUserId), source, value);
        expect(again.map((option) => option.value)).toContain(value);
      }
    }
    expect(broken).toEqual([]);
  });
});

describe('the table', () => {
  test('every form and lookup that the forms speak of is there, and words are told in usage and help', () => {
    for (const { words, usage, does } of registry.commands) {
      expect(usage.startsWith(words)).toBe(true);
      expect(does.length).toBeGreaterThan(0);
    }
  });
});
