/** A small world for the page's tests: one person per platform, and every kind of block and card once. */
import type { JsonObject, SlackMessage, SlackView, Snapshot, TeamsActivity } from '../../playground/protocol.ts';

export const hostile = `<img src=x onerror="window.harmed=1"><script>window.harmed=1</script> *A&B* <!channel> "'`;
const escaped = hostile.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const plain = (text: string): JsonObject => ({ type: 'plain_text', text, emoji: false });
const mrkdwn = (text: string): JsonObject => ({ type: 'mrkdwn', text });
const option = (text: string, value: string): JsonObject => ({ text: plain(text), value });

/** Each kind of block, with a hostile name wherever text can stand. */
export const gallery: readonly JsonObject[] = [
  { type: 'header', text: plain(hostile) },
  {
    type: 'section',
    text: mrkdwn(
      `*bold* _slanted_ ~struck~ \`code\` ${escaped}\n&gt; quoted <@U0MIA> <#C0ONE> :warning: :unknown_one:`,
    ),
    fields: [mrkdwn('*Due*\n<!date^1772701200^{date_short_pretty} at {time}|later>'), mrkdwn('snake_case_name 2*3*4')],
    accessory: {
      type: 'button',
      action_id: 'open',
      text: plain('Open'),
      value: '1',
      confirm: { title: plain('Sure?'), text: plain(hostile), confirm: plain('Yes'), deny: plain('No') },
    },
  },
  { type: 'section', text: mrkdwn('<javascript:alert(1)|not a link> <https://example.com|a link>') },
  { type: 'divider' },
  { type: 'context', elements: [mrkdwn(escaped), plain('plain')] },
  {
    type: 'actions',
    block_id: 'tools',
    elements: [
      { type: 'button', action_id: 'approve', text: plain('Approve'), style: 'primary', value: 'r1' },
      { type: 'button', action_id: 'reject', text: plain('Reject'), style: 'danger' },
      { type: 'overflow', action_id: 'more', options: [option('Archive', 'archive'), option(hostile, 'h')] },
      {
        type: 'static_select',
        action_id: 'pick',
        placeholder: plain('Remind me'),
        option_groups: [{ label: plain('Soon'), options: [option('In an hour', '1h')] }],
      },
    ],
  },
  {
    type: 'table',
    rows: [
      ['Product', 'Provisioned', 'Used', 'Over (%)', 'Chargeable', 'Amount'].map((text) => ({
        type: 'raw_text',
        text,
      })),
      [hostile, '100', '90', '10.00', '90', '180.00 EUR'].map((text) => ({ type: 'raw_text', text })),
    ],
    column_settings: [{}, { align: 'right' }],
  },
  {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_section', elements: [{ type: 'text', text: hostile, style: { bold: true } }] },
      {
        type: 'rich_text_list',
        style: 'ordered',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: 'U0MIA' }] }],
      },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'a    b\nc    d' }] },
    ],
  },
  { type: 'markdown', text: `## Heading\n- **one**\n- ${hostile}\n\n[bad](javascript:alert(1))` },
  { type: 'alert', level: 'warning', text: plain('A price is missing') },
  { type: 'hologram', text: plain('from the future') },
];

const message = (part: Partial<SlackMessage>): SlackMessage => ({
  channel: 'D0MIA',
  ts: '1.0001',
  user: 'U0SEATWISE',
  text: 'fallback',
  blocks: [],
  files: [],
  at: '2026-03-05T09:00:00Z',
  edited: false,
  ...part,
});

export const view = (part: Partial<SlackView>): SlackView => ({
  id: 'V1',
  hash: 'h1',
  type: 'modal',
  callback_id: 'form',
  title: { text: 'Add a customer' },
  submit: { text: 'Save' },
  close: { text: 'Cancel' },
  blocks: [],
  private_metadata: '',
  notify_on_close: false,
  clear_on_close: false,
  root_view_id: 'V1',
  previous_view_id: null,
  ...part,
});

const input = (blockId: string, label: string, element: JsonObject, part: JsonObject = {}): JsonObject => ({
  type: 'input',
  block_id: blockId,
  label: plain(label),
  element: { action_id: 'value', ...element },
  ...part,
});

export const formBlocks: readonly JsonObject[] = [
  input('company', 'Company', { type: 'plain_text_input', max_length: 120 }),
  input('product', 'Product', { type: 'external_select', min_query_length: 2, placeholder: plain('Search') }),
  input('units', 'Units', { type: 'number_input', is_decimal_allowed: false, min_value: '1' }),
  input('start', 'Start date', { type: 'datepicker', initial_date: '2026-03-09' }),
  input('at', 'Time', { type: 'timepicker' }, { optional: true }),
  input('kind', 'Kind', { type: 'radio_buttons', options: [option('Trial', 't'), option('Full', 'f')] }),
  input('people', 'People', { type: 'multi_users_select' }, { optional: true }),
];

export const card = (body: readonly JsonObject[], actions: readonly JsonObject[] = []): JsonObject => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body,
  actions,
});

export const activity = (part: Partial<TeamsActivity>): TeamsActivity => ({
  chat: 'a:jonas',
  id: '1',
  from: '28:bot',
  text: '',
  textFormat: 'markdown',
  attachments: [],
  at: '2026-03-05T09:00:00Z',
  edited: false,
  deleted: false,
  answers: {},
  ...part,
});

export const cardActivity = (content: JsonObject, part: Partial<TeamsActivity> = {}): TeamsActivity =>
  activity({ attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }], ...part });

/** The whole world; parts of Slack and Teams are replaced as told. */
export const pageWorld = (part: {
  slack?: Partial<Snapshot['slack']>;
  teams?: Partial<Snapshot['teams']>;
  mails?: Snapshot['mails'];
}): Snapshot => ({
  personas: [
    {
      id: 'mia',
      email: 'mia@northwind.example',
      name: 'Mia Torres',
      title: 'Approver in Slack',
      partner: 'northwind',
      roles: ['billing'],
      slackUserId: 'U0MIA',
      timeZone: 'Europe/Berlin',
    },
    {
      id: 'jonas',
      email: 'jonas@northwind.example',
      name: 'Jonas Weber',
      title: 'Approver in Teams',
      partner: 'northwind',
      roles: ['billing'],
      teamsUserId: '29:jonas',
    },
  ],
  product: { state: 'up', url: 'http://127.0.0.1:1' },
  slack: {
    teamId: 'T1',
    teamName: 'Licensing Guild',
    bot: { userId: 'U0SEATWISE', botId: 'B1', appId: 'A1', name: 'Seatwise' },
    users: [
      { id: 'U0MIA', name: 'Mia Torres', persona: 'mia' },
      { id: 'U0SEATWISE', name: 'Seatwise' },
    ],
    channels: [
      { id: 'C0ONE', kind: 'channel', name: 'licences', members: ['U0MIA'], botIsMember: true },
      { id: 'D0MIA', kind: 'im', name: 'Seatwise', members: ['U0MIA'], botIsMember: true },
    ],
    messages: [message({ blocks: gallery })],
    homes: {},
    modals: {},
    ...part.slack,
  },
  teams: {
    tenantId: 'tenant',
    tenantName: 'Licensing Guild',
    bot: { id: '28:bot', name: 'Seatwise' },
    users: [{ id: '29:jonas', name: 'Jonas Weber', persona: 'jonas' }],
    chats: [{ id: 'a:jonas', kind: 'personal', name: 'Seatwise', members: ['29:jonas'], botIsMember: true }],
    activities: [],
    dialogs: {},
    ...part.teams,
  },
  mails: part.mails ?? [],
  clock: {
    now: '2026-03-05T09:00:00Z',
    readAt: new Date().toISOString(),
    nextDue: '2026-03-09T08:00:00Z',
    turning: false,
  },
  faults: { slack: 'ok', teams: 'ok', retryAfterSeconds: 3, duplicateDeliveries: false, slowNetwork: false },
  traffic: [
    {
      id: 1,
      at: '2026-03-05T09:00:00Z',
      platform: 'slack',
      direction: 'from_app',
      name: 'chat.postMessage',
      method: 'POST',
      path: '/api/chat.postMessage',
      request: { channel: 'D0MIA' },
      response: { ok: true },
      status: 200,
      ms: 4,
    },
  ],
  unread: {},
  tour: { done: [], dismissed: false },
});
