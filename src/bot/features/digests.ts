import { addDigest } from '../../core/digests/add-digest.ts';
import { ChannelAddress } from '../../core/digests/channel-address.ts';
import { pauseDigest, removeDigest, sendDigest } from '../../core/digests/change-digest.ts';
import type { DigestFigures } from '../../core/digests/compose-digest.ts';
import { postOfTag } from '../../core/digests/digest.ts';
import type { DigestSummary } from '../../core/digests/digest-summary.ts';
import { listDigests, type DigestItem } from '../../core/digests/list-digests.ts';
import { digestOfPost } from '../../core/digests/post-digest.ts';
import { previewDigest } from '../../core/digests/preview-digest.ts';
import { weekdays } from '../../core/digests/slots.ts';
import { rule } from '../../core/errors.ts';
import type { ReportStatus } from '../../core/reports/usage-report.ts';
import { textAnswer } from '../answers.ts';
import type { Action, Ask, Channel, Feature, Form } from '../feature.ts';
import {
  licenseStatusWords,
  reportStatusWords,
  showCount,
  showCredits,
  showDay,
  showInstant,
  showMonth,
  showNumber,
} from '../format.ts';
import type { Notice } from '../notice.ts';
import { bold, type Answers, type Args, type Block, type Fact, type Message } from '../view.ts';
import { showDaysLeft } from './report-card.ts';

const perPage = 5;

/** `Mon 9 Mar 2026, 09:00`. */
const showSlot = (slot: string, timeZone: string): string => {
  const local = Temporal.Instant.from(slot).toZonedDateTimeISO(timeZone);
  return `${weekdays[local.dayOfWeek - 1]!.slice(0, 3)} ${showInstant(slot, timeZone)}`;
};

const nextTimes = (next: readonly string[], timeZone: string): Fact[] =>
  next.map((slot, index) => ({
    label: index === 0 ? 'Next post' : index === 1 ? 'Then' : 'And then',
    value: showSlot(slot, timeZone),
  }));

/** The channel that was typed; the one the command came from needs no second look at its name. */
const typedChannel = async (ask: Ask, context: Args, answers: Answers): Promise<Channel> => {
  const typed = (textAnswer(answers, 'channel') ?? '').trim();
  const isFrom = context.channel !== undefined && typed.replace(/^#/, '') === context.channelName;
  const channel = await ask.channelOf(isFrom ? context.channel! : typed);
  if (!channel) throw rule('digest.no_channel', { field: 'channel' });
  if (!channel.botIsMember) throw rule('digest.not_a_member', { field: 'channel', params: { channel: channel.name } });
  return channel;
};

const schedule = (answers: Answers): { weekday: string; time: string } => ({
  weekday: textAnswer(answers, 'weekday') ?? '',
  time: textAnswer(answers, 'time') ?? '',
});

const addForm: Form = {
  name: 'digest-add',
  needs: 'administer',
  steps: [
    {
      fields: ['channel', 'weekday', 'time'],
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw(ask, context) {
        return {
          title: 'Add a digest',
          submit: 'Next',
          intro: [
            {
              kind: 'text',
              text: 'Once a week the channel gets the dashboard with a chart, and the customer summary as an Excel file.',
            },
          ],
          fields: [
            {
              kind: 'text',
              name: 'channel',
              label: 'Channel',
              hint: 'I must be in it. Everybody in it sees the posts.',
              maxLength: 200,
              ...(context.channelName !== undefined && { value: context.channelName }),
            },
            {
              kind: 'select',
              name: 'weekday',
              label: 'Weekday',
              value: context.weekday ?? 'Monday',
              options: weekdays.map((day) => ({ value: day, label: day })),
            },
            {
              kind: 'text',
              name: 'time',
              label: 'Time',
              value: context.time ?? '09:00',
              placeholder: '09:00',
              hint: `Hours and minutes in ${ask.actor.timeZone}`,
              maxLength: 5,
            },
          ],
        };
      },
      async check(ask, context, answers) {
        await typedChannel(ask, context, answers);
        await ask.execute(previewDigest, schedule(answers));
      },
    },
    {
      fields: [],
      async draw(ask, _context, answers) {
        const { next, timeZone } = await ask.execute(previewDigest, schedule(answers));
        return {
          title: 'Add a digest',
          submit: 'Save',
          intro: [
            {
              kind: 'text',
              text: ['It will be posted in ', bold(textAnswer(answers, 'channel') ?? ''), ' at these times:'],
            },
            { kind: 'facts', facts: nextTimes(next, timeZone) },
            { kind: 'context', text: `Times in ${timeZone}` },
          ],
          fields: [],
        };
      },
    },
  ],

  async submit(ask, answers, context) {
    const { platform, workspace, id, name, address, botIsMember } = await typedChannel(ask, context, answers);
    const { next } = await ask.execute(addDigest, {
      platform,
      workspace,
      channel: id,
      channelName: name,
      address: new ChannelAddress({ ...address }),
      botIsMember,
      ...schedule(answers),
    });
    return {
      kind: 'message',
      message: {
        title: 'Digest added',
        blocks: [
          { kind: 'text', text: [bold(name), ' gets the dashboard and the customer summary every week.'] },
          { kind: 'facts', facts: nextTimes(next, ask.actor.timeZone) },
          { kind: 'context', text: `Times in ${ask.actor.timeZone}. Pause, remove or send it with "digest list".` },
        ],
      },
    };
  },
};

const every = ({ weekday, time, timeZone }: DigestItem): string =>
  `Every ${weekdays[weekday - 1]} at ${time} (${timeZone})`;

const digestBlocks = (digest: DigestItem, page: number): Block[] => {
  const args = { digest: digest.digestId, page: `${page}` };
  return [
    {
      kind: 'text',
      text: [
        bold(digest.channelName),
        ` · ${every(digest)}${digest.paused ? ' · paused' : ''}\n`,
        digest.next[0] === undefined ? 'No post is planned' : `Next: ${showSlot(digest.next[0], digest.timeZone)}`,
        ` · added by ${digest.owner}`,
      ],
    },
    {
      kind: 'buttons',
      buttons: [
        digest.paused
          ? { kind: 'run', label: 'Resume', action: 'digest.resume', args, style: 'primary' }
          : { kind: 'run', label: 'Pause', action: 'digest.pause', args },
        {
          kind: 'run',
          label: 'Send now',
          action: 'digest.send',
          args,
          confirm: {
            title: 'Send it now?',
            text: `Everybody in ${digest.channelName} will see the post.`,
            ok: 'Send now',
          },
        },
        {
          kind: 'run',
          label: 'Remove',
          action: 'digest.remove',
          args,
          style: 'danger',
          confirm: { title: 'Remove this digest?', text: `${digest.channelName} gets no more posts.`, ok: 'Remove' },
        },
      ],
    },
  ];
};

const listMessage = async (ask: Ask, wanted: number, done?: string): Promise<Message> => {
  const { items } = await ask.execute(listDigests, {});
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  const page = Math.min(Math.max(1, Number.isInteger(wanted) ? wanted : 1), pages);
  const shown = items.slice((page - 1) * perPage, page * perPage);
  return {
    title: items.length === 0 ? 'No digests yet' : showCount(items.length, 'digest'),
    blocks: [
      ...(done === undefined ? [] : [{ kind: 'notice', tone: 'success', text: done } as const]),
      ...shown.flatMap((digest, index): Block[] => [
        ...(index > 0 ? [{ kind: 'divider' } as const] : []),
        ...digestBlocks(digest, page),
      ]),
      ...(pages > 1 ? [{ kind: 'pager', action: 'digest.list', args: {}, page, pages } as const] : []),
      ...(items.length === 0
        ? [
            {
              kind: 'text',
              text: 'A digest posts the dashboard and the customer summary in a channel each week.',
            } as const,
          ]
        : []),
      {
        kind: 'buttons',
        buttons: [{ kind: 'form', label: 'Add a digest', form: 'digest-add', context: contextOf(ask) }],
      },
    ],
  };
};

const contextOf = ({ channel }: Ask): Args =>
  channel ? { channel: channel.id, channelName: channel.name.replace(/^#/, '') } : {};

const change = (
  name: string,
  run: (ask: Ask, digest: string) => Promise<{ readonly channelName: string }>,
  done: (channel: string) => string,
): Action => ({
  name,
  needs: 'administer',
  async run(ask, { digest = '', page = '1' }) {
    const { channelName } = await run(ask, digest);
    return { kind: 'replace', message: await listMessage(ask, Number(page), done(channelName)) };
  },
});

const changes = {
  pause: (ask: Ask, digest: string) => ask.execute(pauseDigest, { digest }),
  resume: (ask: Ask, digest: string) => ask.execute(pauseDigest, { digest, paused: false }),
  send: (ask: Ask, digest: string) => ask.execute(sendDigest, { digest }),
  remove: (ask: Ask, digest: string) => ask.execute(removeDigest, { digest }),
};

const done = {
  pause: (channel: string) => `The digest in ${channel} is paused.`,
  resume: (channel: string) => `The digest in ${channel} is posted again.`,
  send: (channel: string) => `The digest for ${channel} is on its way.`,
  remove: (channel: string) => `The digest in ${channel} was removed.`,
};

/** `digest pause #licences`: done at once when the words name one digest; else the list with its buttons. */
const byChannel =
  (verb: keyof typeof changes) =>
  async (ask: Ask, rest: string): Promise<{ kind: 'message'; message: Message }> => {
    const wanted = (rest || ask.channel?.name || '').replace(/^#/, '').toLowerCase();
    const { items } = await ask.execute(listDigests, {});
    const named = items.filter(({ channelName, channel, digestId }) =>
      [channelName.replace(/^#/, '').toLowerCase(), channel.toLowerCase(), digestId].includes(wanted),
    );
    if (rest === '' || named.length !== 1) return { kind: 'message', message: await listMessage(ask, 1) };
    const { channelName } = await changes[verb](ask, named[0]!.digestId);
    return { kind: 'message', message: await listMessage(ask, 1, done[verb](channelName)) };
  };

const failed: Notice = {
  topic: 'message.failed',
  async compose(ask, { tag = '', reason = '' }) {
    const postId = postOfTag(tag);
    const post = postId && (await ask.execute(digestOfPost, { postId }));
    if (!post) return [];
    const { owner, channelName, slot, timeZone } = post;
    return [
      {
        to: 'person',
        person: owner,
        key: `digest.failed:${postId}`,
        message: {
          title: 'A digest could not be posted',
          blocks: [
            {
              kind: 'notice',
              tone: 'warning',
              text: [
                'The digest for ',
                bold(channelName),
                ` of ${showSlot(slot, timeZone)} did not reach its channel.`,
              ],
            },
            {
              kind: 'text',
              text: 'Check that the channel is still there and that I am in it, then send the digest again from "digest list".',
            },
            { kind: 'context', text: `What the platform said: ${reason}` },
          ],
        },
        mail: { subject: 'A digest could not be posted' },
      },
    ];
  },
};

const words = (rest: string): Args => {
  const given: Record<string, string> = {};
  for (const word of rest.split(/\s+/)) {
    const day = word.length > 1 && weekdays.find((name) => name.toLowerCase().startsWith(word.toLowerCase()));
    if (day) given.weekday = day;
    else if (/^\d{1,2}:\d{2}$/.test(word)) given.time = word.padStart(5, '0');
    else if (word !== '') given.channelName = word.replace(/^#/, '');
  }
  return given;
};

/** A channel's job: a weekly post of the dashboard with a chart, and the customer summary as an Excel file. */
export const digestsFeature: Feature = {
  commands: [
    {
      words: 'digest add',
      usage: 'digest add [CHANNEL] [WEEKDAY] [TIME]',
      does: 'posts the dashboard and customer summary in a channel each week',
      needs: 'administer',
      shortcut: 'Add a digest',
      // oxlint-disable-next-line require-await -- the form reads what it needs
      run: async (ask, rest) => {
        const { channelName, ...given } = words(rest);
        return {
          kind: 'form',
          form: 'digest-add',
          context: { ...(channelName === undefined ? contextOf(ask) : { channelName }), ...given },
        };
      },
    },
    {
      words: 'digest list',
      usage: 'digest list',
      does: 'lists the digests of your company, with buttons to pause, send or remove them',
      needs: 'administer',
      run: async (ask) => ({ kind: 'message', message: await listMessage(ask, 1) }),
    },
    {
      words: 'digest pause',
      usage: 'digest pause CHANNEL',
      does: 'stops the posts of a digest for a while',
      needs: 'administer',
      run: byChannel('pause'),
    },
    {
      words: 'digest remove',
      usage: 'digest remove CHANNEL',
      does: 'ends a digest',
      needs: 'administer',
      run: byChannel('remove'),
    },
    {
      words: 'digest send',
      usage: 'digest send CHANNEL',
      does: 'posts a digest now',
      needs: 'administer',
      run: byChannel('send'),
    },
  ],
  forms: [addForm],
  actions: [
    {
      name: 'digest.list',
      needs: 'administer',
      run: async (ask, { page = '1' }) => ({ kind: 'replace', message: await listMessage(ask, Number(page)) }),
    },
    change('digest.pause', changes.pause, done.pause),
    change('digest.resume', changes.resume, done.resume),
    change('digest.send', changes.send, done.send),
    change('digest.remove', changes.remove, done.remove),
  ],
  notices: [failed],
};

/** What is still to be done comes first; what is long done is not told each week. */
const openReports: readonly ReportStatus[] = ['msp_preparing', 'rejected', 'under_review', 'returned_by_vendor'];

const reportsText = ({ reports }: DigestFigures): string =>
  openReports
    .flatMap((status) => {
      const counted = reports.find((entry) => entry.status === status);
      if (!counted) return [];
      const left = counted.daysLeft === null ? '' : ` (${showDaysLeft(counted.daysLeft)})`;
      return [`${showNumber(counted.reports)} ${reportStatusWords[status].toLowerCase()}${left}`];
    })
    .join(', ');

/** The post itself: the finding as a picture, the figures as of the slot, and what the file below holds. */
export const drawDigest = (
  figures: DigestFigures,
  summary: DigestSummary,
  chartFileId: string,
): { message: Message; comment: string } => {
  const { partner, cycle, slot, timeZone, late } = figures;
  const open = summary.licenses.reduce((sum, { licenses }) => sum + licenses, 0);
  const month = showMonth(cycle.from);
  const last = figures.usage.at(-1);
  const reports = reportsText(figures);
  const day = Temporal.Instant.from(slot).toZonedDateTimeISO(timeZone).toPlainDate();
  const facts: Fact[] = [
    { label: 'Enabled customers', value: showNumber(figures.customers) },
    {
      label: 'Service plans',
      value: `${showNumber(figures.plansEnabled)} enabled${figures.plansLocked ? `, ${showNumber(figures.plansLocked)} locked` : ''}`,
    },
    { label: 'Open licenses', value: showNumber(open) },
    {
      label: 'By status',
      value:
        summary.licenses
          .map(({ status, licenses }) => `${licenseStatusWords[status]} ${showNumber(licenses)}`)
          .toReversed()
          .join(' · ') || '—',
    },
    { label: 'Units', value: showNumber(summary.units) },
    { label: 'Credits', value: showCredits(summary.credits) },
    {
      label: `Usage in ${month}`,
      value:
        last === undefined || last.provisioned === null
          ? '—'
          : `${last.used === null ? '—' : showNumber(last.used)} used of ${showNumber(last.provisioned)} provisioned`,
    },
    { label: 'Pending crossgrades', value: showNumber(figures.waitingCrossgrades) },
    ...(reports === '' ? [] : [{ label: 'Usage reports', value: reports }]),
  ];
  return {
    message: {
      title: `License summary, ${showDay(day)}`,
      blocks: [
        ...(late
          ? [
              {
                kind: 'notice',
                tone: 'warning',
                text: `Posted late: the figures are those of ${showSlot(slot, timeZone)}.`,
              } as const,
            ]
          : []),
        { kind: 'text', text: [bold(partner.company), ' at a glance'] },
        { kind: 'image', fileId: chartFileId, alt: `Usage against provisioned units, and open licenses by status` },
        { kind: 'facts', facts },
        {
          kind: 'context',
          text: `As of ${showSlot(slot, timeZone)} (${timeZone}); usage peaks of ${month}. The customer summary follows as an Excel file.`,
        },
      ],
    },
    comment: `Customer summary, ${month}: each license with its units, dates and usage peaks`,
  };
};
