import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { progressMessage } from '../../src/bot/features/progress.ts';
import { showProgress } from '../../src/bot/format.ts';
import type { Message } from '../../src/bot/view.ts';
import { takeMessage } from '../../src/core/messages/take-message.ts';
import { settleMessage } from '../../src/core/messages/settle-message.ts';
import { systemDoor } from '../../src/jobs/door.ts';
import { createProgressCard } from '../../src/jobs/progress-card.ts';
import { drawnMessage } from '../support/drawn.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let personId: string;
beforeAll(async () => {
  world = await createWorld();
  const { actor } = await world.as('lise@brightside.example');
  personId = actor.type === 'person' ? actor.personId : '';
});
afterAll(() => world.close());
beforeEach(() => world.sql('delete from outgoing'));

const picture = (done: number, total = 10): Message =>
  progressMessage({ title: 'Import', stages: ['Reading', 'Saving'], stage: 1, counted: { done, total } });
const card = (tag: string, everyMs = 0) =>
  createProgressCard({ door: systemDoor(world.execute, 'test', randomUUID()), personId, tag, everyMs });

const slackLane = 'slack:T0TEST:U0LISE';
const waitingInSlack = async () =>
  (
    await world.sql<{ kind: string; message: Message }>(
      `select kind, message from outgoing where lane = '${slackLane}' and state = 'waiting' order by position`,
    )
  ).map(({ kind, message }) => [kind, message.blocks.find((block) => block.kind === 'progress')?.done]);
const deliverOne = async (): Promise<void> => {
  const taken = await world.execute(takeMessage, world.system, { lane: slackLane, realTime: '2026-11-24T12:00:00Z' });
  if (taken.kind !== 'taken') throw new Error('nothing to deliver');
  await world.execute(settleMessage, world.system, {
    id: taken.id,
    attempt: taken.attempt,
    outcome: { kind: 'sent', messageId: 'm-1', address: { channel: 'D1' } },
  });
};

describe('the bar', () => {
  test.each([
    [0, 0, '░░░░░░░░░░░░░░░░░░░░ 0 % · 0 of 0'],
    [0, 10_000, '░░░░░░░░░░░░░░░░░░░░ 0 % · 0 of 10,000'],
    [4999, 10_000, '█████████░░░░░░░░░░░ 49 % · 4,999 of 10,000'],
    [9999, 10_000, '███████████████████░ 99 % · 9,999 of 10,000'],
    [10_000, 10_000, '████████████████████ 100 % · 10,000 of 10,000'],
    [12, 10, '████████████████████ 100 % · 10 of 10'],
  ])('%i of %i', (done, total, drawn) => expect(showProgress(done, total)).toBe(drawn));

  test('stands in both platforms', () => drawnMessage(picture(3)));
});

describe('a card that a job keeps true', () => {
  test('is posted once, and replaced by what comes later', async () => {
    const shown = card('import:1');
    await shown.show(picture(0));
    await shown.show(picture(2));
    expect(await waitingInSlack()).toEqual([
      ['post', 0],
      ['update', 2],
    ]);
  });

  test('overtakes a picture that has not left yet', async () => {
    const shown = card('import:1');
    for (const done of [0, 2, 4, 6]) await shown.show(picture(done));
    expect(await waitingInSlack()).toEqual([
      ['post', 0],
      ['update', 6],
    ]);
    await deliverOne();
    await deliverOne();
    await shown.end(picture(10));
    expect(await waitingInSlack()).toEqual([['update', 10]]);
  });

  test('leaves out what comes too soon, but never the end', async () => {
    const shown = card('import:1', 60_000);
    await shown.show(picture(0));
    await deliverOne();
    await shown.show(picture(5));
    expect(await waitingInSlack()).toEqual([]);
    await shown.end(picture(10));
    expect(await waitingInSlack()).toEqual([['update', 10]]);
  });

  test('is found again by a job that goes on after a kill', async () => {
    await card('import:1').show(picture(3));
    await deliverOne();
    await card('import:1').show(picture(4));
    expect(await waitingInSlack()).toEqual([['update', 4]]);
  });
});
