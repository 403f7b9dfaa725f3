import type { EventName, Events, Snapshot } from '../../../protocol.ts';

export interface Notice {
  id: number;
  persona: string;
  platform: 'slack' | 'teams';
  tone: 'info' | 'error';
  text: string;
}

/** Everything the page knows: the server's world, and what only this tab keeps. */
export interface World extends Snapshot {
  notices: readonly Notice[];
}

const replaceBy = <T>(list: readonly T[], item: T, same: (other: T) => boolean): readonly T[] => {
  const at = list.findLastIndex(same);
  return at < 0 ? [...list, item] : list.with(at, item);
};

const without = <T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));

const put = <T>(record: Readonly<Record<string, T>>, key: string, value: T | null): Readonly<Record<string, T>> =>
  value === null ? without(record, key) : { ...record, [key]: value };

const trafficKept = 500;
let noticeId = 0;

type Reducers = { [N in Exclude<EventName, 'snapshot'>]: (world: World, data: Events[N]) => World };

const slack = (world: World, part: Partial<World['slack']>): World => ({
  ...world,
  slack: { ...world.slack, ...part },
});
const teams = (world: World, part: Partial<World['teams']>): World => ({
  ...world,
  teams: { ...world.teams, ...part },
});

const reducers: Reducers = {
  product: (world, product) => ({ ...world, product }),
  'slack.message': (world, message) =>
    slack(world, {
      messages: replaceBy(
        world.slack.messages,
        message,
        (other) => other.channel === message.channel && other.ts === message.ts,
      ),
    }),
  'slack.message_deleted': (world, gone) =>
    slack(world, {
      messages: world.slack.messages.filter((one) => one.channel !== gone.channel || one.ts !== gone.ts),
    }),
  'slack.channel': (world, channel) =>
    slack(world, { channels: replaceBy(world.slack.channels, channel, (other) => other.id === channel.id) }),
  'slack.home': (world, { persona, view }) => slack(world, { homes: put(world.slack.homes, persona, view) }),
  'slack.modals': (world, { persona, modals }) => slack(world, { modals: put(world.slack.modals, persona, modals) }),
  'teams.activity': (world, activity) =>
    teams(world, {
      activities: replaceBy(
        world.teams.activities,
        activity,
        (other) => other.chat === activity.chat && other.id === activity.id,
      ),
    }),
  'teams.chat': (world, chat) =>
    teams(world, { chats: replaceBy(world.teams.chats, chat, (other) => other.id === chat.id) }),
  'teams.dialog': (world, { persona, dialog }) => teams(world, { dialogs: put(world.teams.dialogs, persona, dialog) }),
  notice: (world, notice) => ({ ...world, notices: [...world.notices, { ...notice, id: ++noticeId }] }),
  mail: (world, mail) => ({ ...world, mails: replaceBy(world.mails, mail, (other) => other.id === mail.id) }),
  clock: (world, clock) => ({ ...world, clock }),
  faults: (world, faults) => ({ ...world, faults }),
  traffic: (world, entry) => ({
    ...world,
    traffic: replaceBy(world.traffic, entry, (other) => other.id === entry.id).slice(-trafficKept),
  }),
  traffic_cleared: (world) => ({ ...world, traffic: [] }),
  unread: (world, { persona, place, count }) => ({
    ...world,
    unread: { ...world.unread, [persona]: put(world.unread[persona] ?? {}, place, count === 0 ? null : count) },
  }),
  tour: (world, tour) => ({ ...world, tour }),
};

/** The world after an event; null until the first snapshot came. */
export const applyEvent = <N extends EventName>(world: World | null, name: N, data: Events[N]): World | null => {
  if (name === 'snapshot') return { ...(data as Snapshot), notices: world?.notices ?? [] };
  if (!world) return null;
  const reduce = reducers[name as Exclude<N, 'snapshot'>] as (world: World, data: Events[N]) => World;
  return reduce(world, data);
};
