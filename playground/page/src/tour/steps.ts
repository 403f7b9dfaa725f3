import type { World } from '../state/world.ts';
import { nextMonday } from '../shell/clock.tsx';

export type Platform = 'slack' | 'teams';

/** Where "Show me" goes, and what it puts into the composer there. */
export interface Place {
  persona: string;
  place: string;
  draft?: string;
}

export interface Step {
  id: string;
  title: string;
  /** What to do, per platform. */
  text: Record<Platform, string>;
  show: Record<Platform, Place>;
  /** Whether its effect is among what changed between two states of the world. */
  done: (now: World, before: World) => boolean;
}

export interface Job {
  id: string;
  title: string;
  who: Record<Platform, string>;
  steps: readonly Step[];
}

/** What the app said between two states: new and rewritten messages, cards answered to one person, notices. */
const said = (now: World, before: World): string[] => {
  const bot = now.slack.bot.userId;
  const known = new Set<unknown>([...before.slack.messages, ...before.teams.activities, ...before.notices]);
  return [
    ...now.slack.messages.filter((one) => one.user === bot && !known.has(one)),
    ...now.teams.activities.filter((one) => one.from === now.teams.bot.id && !known.has(one)),
    ...now.notices.filter((one) => !known.has(one)),
  ].map((one) => JSON.stringify(one));
};

const says =
  (...patterns: RegExp[]) =>
  (now: World, before: World): boolean =>
    said(now, before).some((text) => patterns.every((pattern) => pattern.test(text)));

/** A card that stood there before and now tells an outcome. */
const rewritten =
  (pattern: RegExp) =>
  (now: World, before: World): boolean => {
    const known = new Set<unknown>([...before.slack.messages, ...before.teams.activities]);
    const keys = new Set([
      ...before.slack.messages.map((one) => `${one.channel} ${one.ts}`),
      ...before.teams.activities.map((one) => `${one.chat} ${one.id}`),
    ]);
    return [
      ...now.slack.messages.filter((one) => !known.has(one) && keys.has(`${one.channel} ${one.ts}`)),
      ...now.teams.activities.filter((one) => !known.has(one) && keys.has(`${one.chat} ${one.id}`)),
    ].some((one) => pattern.test(JSON.stringify(one)));
  };

const passedMonday = (now: World, before: World): boolean =>
  Date.parse(now.clock.now) >= nextMonday(new Date(before.clock.now), 'UTC').getTime() - 14 * 3_600_000 &&
  Date.parse(now.clock.now) - Date.parse(before.clock.now) > 3_600_000;

const digestPosted = (now: World, before: World): boolean => {
  const known = new Set<unknown>([...before.slack.messages, ...before.teams.activities]);
  const inChannel = (id: string): boolean =>
    now.slack.channels.some((one) => one.id === id && one.kind === 'channel') ||
    now.teams.chats.some((one) => one.id === id && one.kind === 'channel');
  return (
    now.slack.messages.some(
      (one) =>
        !known.has(one) && one.user === now.slack.bot.userId && one.visibleTo === undefined && inChannel(one.channel),
    ) ||
    now.teams.activities.some(
      (one) =>
        !known.has(one) &&
        inChannel(one.chat) &&
        one.from === now.teams.bot.id &&
        /license summary/i.test(JSON.stringify(one)),
    )
  );
};

const partner = (draft: string): Record<Platform, Place> => ({
  slack: { persona: 'leo', place: 'bot', draft: `/lmp ${draft}` },
  teams: { persona: 'yuki', place: 'bot', draft },
});

const approver: Record<Platform, Place> = {
  slack: { persona: 'mia', place: 'bot' },
  teams: { persona: 'jonas', place: 'bot' },
};

const channel = (draft?: string): Record<Platform, Place> => ({
  slack: { persona: 'leo', place: 'C0LICENCES', ...(draft && { draft: `/lmp ${draft}` }) },
  teams: { persona: 'yuki', place: '19:licences@thread.tacv2', ...(draft && { draft }) },
});

/** The three jobs of the desk, each in a few minutes. */
export const jobs: readonly Job[] = [
  {
    id: 'partner',
    title: 'A partner sells',
    who: { slack: 'Leo, Brightside IT', teams: 'Yuki, Sakura' },
    steps: [
      {
        id: 'customer',
        title: 'Add a customer',
        text: {
          slack: 'Send /lmp customer add and fill in the form. Leave a field empty once to see how it is refused.',
          teams: 'Send customer add and fill in the form. Leave a field empty once to see how it is refused.',
        },
        show: partner('customer add'),
        done: says(/customer added/i),
      },
      {
        id: 'plan',
        title: 'Create a service plan',
        text: {
          slack: 'Send /lmp plan create. The product is looked up as you type, and a preview shows the credits.',
          teams: 'Send plan create. The product is looked up as you type, and a preview shows the credits.',
        },
        show: partner('plan create'),
        done: says(/plan (created|added|saved)/i),
      },
      {
        id: 'assign',
        title: 'Assign it',
        text: {
          slack: 'Send /lmp assign, choose your customer and your plan: the licenses are issued at once.',
          teams: 'Send assign, choose your customer and your plan: the licenses are issued at once.',
        },
        show: partner('assign'),
        done: says(/has \d+ new license/i),
      },
    ],
  },
  {
    id: 'approver',
    title: 'A distributor decides',
    who: { slack: 'Mia, Northwind', teams: 'Jonas, Northwind' },
    steps: [
      {
        id: 'approve',
        title: 'Approve a usage report',
        text: {
          slack: 'The submitted reports are in the DM with Seatwise. Press Approve on one.',
          teams: 'The submitted reports are in the chat with Seatwise. Press Approve on one.',
        },
        show: approver,
        done: rewritten(/: approved/i),
      },
      {
        id: 'reject',
        title: 'Reject another, with a reason',
        text: {
          slack: 'Press Reject… and say why. The partner gets your reason as a message and by mail.',
          teams: 'Press Reject… and say why. The partner gets your reason as a message and by mail.',
        },
        show: approver,
        done: rewritten(/: rejected/i),
      },
    ],
  },
  {
    id: 'channel',
    title: 'A channel stays informed',
    who: { slack: 'Leo in #licences', teams: 'Yuki in Licences' },
    steps: [
      {
        id: 'digest',
        title: 'Add a weekly digest',
        text: {
          slack: 'In #licences send /lmp digest add, for Mondays at 09:00.',
          teams: 'In Licences send @Seatwise digest add, for Mondays at 09:00.',
        },
        show: channel('digest add'),
        done: says(/digest added/i),
      },
      {
        id: 'monday',
        title: 'Turn the clock to Monday 09:00',
        text: {
          slack: 'Use the clock above. Business time runs forward only.',
          teams: 'Use the clock above. Business time runs forward only.',
        },
        show: channel(),
        done: passedMonday,
      },
      {
        id: 'posted',
        title: 'See the digest appear',
        text: {
          slack: 'The summary is in the channel, with a chart and the customers as an Excel file.',
          teams: 'The summary is in the channel, with a chart and a link to the customers as an Excel file.',
        },
        show: channel(),
        done: digestPosted,
      },
    ],
  },
];
