import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NotVisible, slackPerson, teamsPerson, textsOfBlocks } from '../../playground/driver.ts';
import { startPlayground, type Playground } from '../../playground/server.ts';
import { callSlack } from './stand-in.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const row = (name: string) => ({
  type: 'section',
  text: mrkdwn(`*${name}*\nten seats`),
  accessory: { type: 'button', text: plain('Open'), action_id: 'run:open', value: name },
});

let playground: Playground;
beforeEach(async () => {
  playground = await startPlayground({ port: 0, dataDir: ':memory:' });
});
afterEach(() => playground.stop());

/** What the app would have been sent. */
const sent = (): unknown[] =>
  playground.traffic.entries.filter((entry) => entry.direction === 'to_app').map((entry) => entry.request);

describe('a person in Slack', () => {
  const post = (blocks: object[], channel = 'C0LICENCES') =>
    callSlack(playground, 'chat.postMessage', { channel, text: 'x', blocks });

  test('reads what is drawn, not how it is written', () => {
    const rich = {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'Acme', style: { bold: true } },
            { type: 'text', text: ' has 10' },
          ],
        },
      ],
    };
    const blocks = [
      row('A&amp;B &lt;Ltd&gt;'),
      rich,
      { type: 'section', text: mrkdwn('see <https://x.example|the file>, 2*3*4') },
    ];
    expect(textsOfBlocks(blocks as never)).toEqual([
      'A&B <Ltd>\nten seats',
      'Open',
      'Acme has 10',
      'see the file, 2*3*4',
    ]);
  });

  test('clicks the button beside a text', async () => {
    await post([row('Acme'), row('Zeta')]);
    const leo = slackPerson(playground, 'leo');
    await leo.click('Open', { beside: 'Zeta' });
    expect(sent()).toMatchObject([{ actions: [{ value: 'Zeta' }] }]);
    await expect(leo.click('Open', { beside: 'Beta' })).rejects.toThrow(NotVisible);
    await expect(leo.click('Close')).rejects.toThrow(/sees no button "Close".*\n.*Acme/);
  });

  test('sees a click only where he is a member', async () => {
    await post([row('Acme')], 'C0APPROVALS');
    await expect(slackPerson(playground, 'leo').click('Open')).rejects.toThrow(NotVisible);
    expect(slackPerson(playground, 'mia').canClick('Open')).toBe(true);
  });

  test('waits, and tells what was on the screen when it did not come', async () => {
    const leo = slackPerson(playground, 'leo');
    const waiting = leo.sees('Acme');
    await post([row('Acme')]);
    expect((await waiting).channel).toBe('C0LICENCES');
    await expect(leo.until(() => undefined, 'a miracle', 20)).rejects.toThrow(
      /a miracle did not appear within 20 ms[^]*Acme/,
    );
  });
});

describe('a person in Teams', () => {
  const post = async (card: object): Promise<void> => {
    const { tenant } = playground.teams;
    const chat = tenant.personalChat('29:jonas');
    const attachments = [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }];
    tenant.post(
      chat,
      `28:${playground.environment().CLIENT_ID}`,
      tenant.acceptContent({ type: 'message', attachments }, chat),
    );
  };
  const card = (body: object[]) => ({ type: 'AdaptiveCard', version: '1.5', body });
  const execute = (title: string, verb: string, more: object = {}) => ({
    type: 'Action.Execute',
    title,
    verb,
    data: {},
    ...more,
  });

  test('uncovers a question before it can be answered', async () => {
    await post(
      card([
        {
          type: 'ActionSet',
          actions: [{ type: 'Action.ToggleVisibility', title: 'Approve', targetElements: ['ask'] }],
        },
        {
          type: 'Container',
          id: 'ask',
          isVisible: false,
          items: [
            { type: 'TextBlock', text: 'Sure?' },
            { type: 'ActionSet', actions: [execute('Yes', 'approve')] },
          ],
        },
      ]),
    );
    const jonas = teamsPerson(playground, 'jonas');
    expect(jonas.text(jonas.messages().at(-1)!)).toBe('Approve');
    await expect(jonas.click('Yes')).rejects.toThrow(NotVisible);
    await jonas.click('Approve');
    await jonas.click('Yes');
    expect(sent()).toMatchObject([{ name: 'adaptiveCard/action', value: { action: { verb: 'approve' } } }]);
  });

  test('clicks beside a text, by row or by tooltip, and never what is switched off', async () => {
    const line = (name: string, more: object = {}) => ({
      type: 'ColumnSet',
      columns: [
        { type: 'Column', items: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: name }] }] },
        {
          type: 'Column',
          items: [{ type: 'ActionSet', actions: [execute('Open', 'open', { data: { name }, ...more })] }],
        },
      ],
    });
    await post(card([line('Acme'), line('Zeta'), line('Off', { isEnabled: false })]));
    const jonas = teamsPerson(playground, 'jonas');
    await jonas.click('Open', { beside: 'Zeta' });
    expect(sent()).toMatchObject([{ value: { action: { data: { name: 'Zeta' } } } }]);
    await expect(jonas.click('Open', { beside: 'Off' })).rejects.toThrow(NotVisible);
  });

  test('sends what was typed as Teams does: texts, and nothing for what is empty', async () => {
    await post(
      card([
        { type: 'Input.Text', id: 'name', label: 'Name (optional)' },
        { type: 'Input.Number', id: 'units', label: 'Units', value: 5 },
        { type: 'Input.Toggle', id: 'auto', title: 'Renew' },
        {
          type: 'Input.ChoiceSet',
          id: 'days',
          label: 'Days',
          isMultiSelect: true,
          choices: [
            { title: '7 days', value: '7' },
            { title: '30 days', value: '30' },
          ],
        },
        {
          type: 'ActionSet',
          actions: [
            execute('Save', 'save', { data: { id: '7' } }),
            execute('Cancel', 'cancel', { associatedInputs: 'none' }),
          ],
        },
      ]),
    );
    const jonas = teamsPerson(playground, 'jonas');
    await jonas.choose('Days', ['7 days', '30 days']);
    await jonas.toggle('Renew', true);
    await jonas.click('Save');
    await jonas.fill('Name', 'x');
    await jonas.fill('Units', '');
    await jonas.click('Save');
    await jonas.click('Cancel');
    const data = sent().map((activity) => (activity as { value: { action: { data: unknown } } }).value.action.data);
    expect(data).toEqual([
      { id: '7', units: '5', auto: 'true', days: '7,30' },
      { id: '7', name: 'x', auto: 'true', days: '7,30' },
      {},
    ]);
  });
});
