/** The POST endpoints of the page: what a body must look like, and what it does. */
import { z } from 'zod';
import { NotPossible } from './parts.ts';
import type { Answer, EndpointPath, Endpoints, Faults, JsonObject, SlackStateValues, TourState } from './protocol.ts';
import type { SlackPeople } from './slack/people.ts';
import type { TeamsPeople } from './teams/people.ts';
import { personaOf } from './world.ts';

export interface Desk {
  readonly slack: SlackPeople;
  readonly teams: TeamsPeople;
  markRead(persona: string, place: string): void;
  turnClock(turn: Endpoints['/api/clock']['body']): Promise<string>;
  setFaults(change: Partial<Faults>): void;
  setTour(tour: TourState): void;
  clearTraffic(): void;
}

const persona = z.string().refine((id) => personaOf(id)?.id === id, 'Nobody has that persona id.');
const short = z.string().max(300);
const long = z.string().max(40_000);
const json = z.record(z.string(), z.json()).transform((value) => value as JsonObject);
const slackSource = z.discriminatedUnion('in', [
  z.object({ in: z.literal('message'), channel: short, ts: short }),
  z.object({ in: z.literal('view'), viewId: short }),
]);
const slackState = z
  .record(z.string(), z.record(z.string(), json))
  .transform((value) => value as unknown as SlackStateValues);
const health = z.enum(['ok', 'rate_limited', 'down']);

const on = <B extends z.ZodType>(body: B, run: (body: z.output<B>) => unknown) => ({
  async handle(given: unknown): Promise<Answer> {
    const parsed = body.safeParse(given);
    if (!parsed.success) return { ok: false, error: z.prettifyError(parsed.error) };
    const result = await run(parsed.data);
    return { ok: true, ...(typeof result === 'object' ? result : {}) };
  },
});

const table = (desk: Desk): Record<EndpointPath, { handle(given: unknown): Promise<Answer> }> => ({
  '/api/slack/command': on(z.object({ persona, channel: short, command: short, text: long }), (body) =>
    desk.slack.command(body),
  ),
  '/api/slack/message': on(z.object({ persona, channel: short, text: long, threadTs: short.optional() }), (body) =>
    desk.slack.message(body),
  ),
  '/api/slack/action': on(
    z.object({ persona, source: slackSource, blockId: short, actionId: short, action: json, state: slackState }),
    (body) => desk.slack.action(body),
  ),
  '/api/slack/options': on(
    z.object({ persona, source: slackSource, blockId: short, actionId: short, value: short }),
    (body) => desk.slack.options(body),
  ),
  '/api/slack/view/submit': on(z.object({ persona, viewId: short, state: slackState }), (body) =>
    desk.slack.submit(body),
  ),
  '/api/slack/view/close': on(z.object({ persona, viewId: short, all: z.boolean() }), (body) => desk.slack.close(body)),
  '/api/slack/home': on(z.object({ persona }), (body) => desk.slack.openHome(body)),
  '/api/slack/read': on(z.object({ persona, channel: short }), (body) => desk.markRead(body.persona, body.channel)),

  '/api/teams/message': on(
    z.object({
      persona,
      chat: short,
      text: long,
      mention: z.boolean().optional(),
      threadId: short.optional(),
      files: z.array(short).max(10).optional(),
    }),
    (body) => desk.teams.message(body),
  ),
  '/api/teams/execute': on(z.object({ persona, chat: short, activityId: short, verb: short, data: json }), (body) =>
    desk.teams.execute(body),
  ),
  '/api/teams/submit': on(z.object({ persona, chat: short, activityId: short, data: json }), (body) =>
    desk.teams.submit(body),
  ),
  '/api/teams/dialog/submit': on(z.object({ persona, data: json }), (body) => desk.teams.submitDialog(body)),
  '/api/teams/dialog/close': on(z.object({ persona }), (body) => desk.teams.closeDialog(body)),
  '/api/teams/search': on(
    z.object({
      persona,
      source: z.discriminatedUnion('in', [
        z.object({ in: z.literal('message'), chat: short, activityId: short }),
        z.object({ in: z.literal('dialog') }),
      ]),
      dataset: short,
      queryText: short,
      skip: z.int().min(0).optional(),
      top: z.int().min(1).max(100).optional(),
    }),
    (body) => desk.teams.search(body),
  ),
  '/api/teams/file': on(
    z.object({ persona, chat: short, activityId: short, decision: z.enum(['accept', 'decline']) }),
    (body) => desk.teams.decideFile(body),
  ),
  '/api/teams/read': on(z.object({ persona, chat: short }), (body) => desk.markRead(body.persona, body.chat)),

  '/api/mail/read': on(z.object({ persona }), (body) => desk.markRead(body.persona, 'mail')),
  '/api/clock': on(
    z.discriminatedUnion('by', [
      z.object({ by: z.literal('minutes'), minutes: z.number().min(0).max(600_000) }),
      z.object({ by: z.literal('instant'), instant: short }),
      z.object({ by: z.literal('next_due') }),
    ]),
    async (body) => ({ now: await desk.turnClock(body) }),
  ),
  '/api/faults': on(
    z.object({
      slack: health.optional(),
      teams: health.optional(),
      retryAfterSeconds: z.int().min(1).max(600).optional(),
      duplicateDeliveries: z.boolean().optional(),
      slowNetwork: z.boolean().optional(),
    }),
    (body) => desk.setFaults(Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))),
  ),
  '/api/tour': on(z.object({ done: z.array(short).max(100), dismissed: z.boolean() }), (body) => desk.setTour(body)),
  '/api/traffic/clear': on(z.object({}), () => desk.clearTraffic()),
});

/** Answers one POST; undefined when there is no such endpoint. */
export const createEndpoints = (desk: Desk): ((path: string, body: unknown) => Promise<Answer> | undefined) => {
  const endpoints = table(desk);
  return (path, body) => {
    const endpoint = Object.hasOwn(endpoints, path) ? endpoints[path as EndpointPath] : undefined;
    return endpoint?.handle(body).catch((error: unknown): Answer => {
      if (error instanceof NotPossible) return { ok: false, error: error.message };
      throw error;
    });
  };
};
