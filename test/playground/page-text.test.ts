import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../playground/protocol.ts';
import { formatSlackDate } from '../../playground/page/src/slack/text/date-format.ts';
import { parseInline, parseMrkdwn } from '../../playground/page/src/slack/text/mrkdwn.ts';
import { stateValues } from '../../playground/page/src/slack/state-values.ts';
import { formatFaults } from '../../playground/page/src/slack/validate.ts';
import { readRoute, writeRoute } from '../../playground/page/src/state/route.ts';
import { applyEvent } from '../../playground/page/src/state/world.ts';
import { addMonths, instantOf } from '../../playground/page/src/ui/calendar-days.ts';
import { pageWorld } from './page-world.ts';

describe('mrkdwn', () => {
  test.each([
    ['snake_case_name', [{ kind: 'text', text: 'snake_case_name' }]],
    ['2*3*4', [{ kind: 'text', text: '2*3*4' }]],
    [
      '*bold _both_*',
      [
        {
          kind: 'bold',
          children: [
            { kind: 'text', text: 'bold ' },
            { kind: 'italic', children: [{ kind: 'text', text: 'both' }] },
          ],
        },
      ],
    ],
    ['`*not bold*`', [{ kind: 'code', text: '*not bold*' }]],
    ['&lt;b&gt; &amp;amp;', [{ kind: 'text', text: '<b> &amp;' }]],
    ['<https://a.b/?x=1&amp;y=2|A &amp; B>', [{ kind: 'link', url: 'https://a.b/?x=1&y=2', label: 'A & B' }]],
    [
      '<@U1> <#C1|one> <!here>',
      [
        { kind: 'user', id: 'U1' },
        { kind: 'text', text: ' ' },
        { kind: 'channel', id: 'C1', label: 'one' },
        { kind: 'text', text: ' ' },
        { kind: 'broadcast', name: 'here' },
      ],
    ],
    ['&lt;!channel&gt;', [{ kind: 'text', text: '<!channel>' }]],
  ])('%s', (text, nodes) => {
    expect(parseInline(text)).toEqual(nodes);
  });

  test('quotes, fences, and a fence that is never closed', () => {
    expect(parseMrkdwn('a\n&gt; b\n&gt; c\n```\nx  y\n```\nd').map(({ kind }) => kind)).toEqual([
      'lines',
      'quote',
      'pre',
      'lines',
    ]);
    expect(parseMrkdwn('a ```b')).toEqual([{ kind: 'lines', lines: [[{ kind: 'text', text: 'a ```b' }]] }]);
  });

  test('dates are told in the zone of the reader, near days by name', () => {
    const now = new Date('2026-03-05T09:00:00Z');
    const late = new Date('2026-03-05T20:00:00Z');
    expect(formatSlackDate(late, '{date_short_pretty} at {time}', 'Asia/Tokyo', now)).toBe('Tomorrow at 5:00 AM');
    expect(formatSlackDate(late, '{date_num} {unknown}', 'Europe/Berlin', now)).toBe('2026-03-05 {unknown}');
  });
});

test('typed values stay only where block, action and kind of element stay', () => {
  const block = (id: string, type: string) => ({
    type: 'input',
    block_id: id,
    element: { type, action_id: 'v', initial_value: 'start' },
  });
  const typed = { a: { v: { type: 'plain_text_input', value: 'typed' } } };
  expect(stateValues([block('a', 'plain_text_input')], typed)['a']?.['v']?.value).toBe('typed');
  expect(stateValues([block('b', 'plain_text_input')], typed)['b']?.['v']?.value).toBe('start');
  expect(stateValues([block('a', 'email_text_input')], typed)['a']?.['v']?.value).toBe('start');
});

test.each([
  ['number_input', '1.5', 'Must be a whole number.'],
  ['number_input', 'ten', 'Must be a whole number.'],
  ['number_input', '12', undefined],
  ['email_text_input', 'mia@', 'Must be a valid email address.'],
  ['email_text_input', 'mia@northwind.example', undefined],
])('%s with "%s" says %s', (type, value, fault) => {
  const blocks = [{ type: 'input', block_id: 'a', element: { type, action_id: 'v' } }];
  expect(formatFaults(blocks, { a: { v: { type, value } } })['a']).toBe(fault);
});

test('months are clamped, and a wall time that a clock change skips moves on', () => {
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(instantOf('2026-03-09', '09:00', 'Europe/Berlin').toISOString()).toBe('2026-03-09T08:00:00.000Z');
  expect(instantOf('2026-07-01', '09:00', 'Asia/Tokyo').toISOString()).toBe('2026-07-01T00:00:00.000Z');
});

describe('the address', () => {
  const { personas } = pageWorld({});
  test.each([
    ['#/slack/U0MIA/D0MIA', { pane: 'slack', persona: 'mia', place: 'D0MIA' }],
    ['#/teams/29:jonas/bot', { pane: 'teams', persona: 'jonas', place: 'bot' }],
    [
      '#/teams/29:jonas/19:licences@thread.tacv2',
      { pane: 'teams', persona: 'jonas', place: '19:licences@thread.tacv2' },
    ],
    ['#/slack/jonas', { pane: 'teams', persona: 'jonas', place: 'bot' }],
    ['#/nonsense', { pane: 'slack', persona: 'mia', place: 'bot' }],
    ['#/slack/%zz', { pane: 'slack', persona: 'mia', place: 'bot' }],
  ] as const)('%s', (hash, route) => {
    expect(readRoute(hash, personas)).toEqual(route);
    expect(readRoute(writeRoute({ ...route }, personas), personas)).toEqual(route);
  });
});

test('an event replaces what has its key, and applying it twice changes nothing', () => {
  const snapshot: Snapshot = pageWorld({});
  const first = applyEvent(null, 'snapshot', snapshot);
  const changed = { ...snapshot.slack.messages[0]!, text: 'edited', edited: true };
  const once = applyEvent(first, 'slack.message', changed);
  expect(once?.slack.messages).toEqual([changed]);
  expect(applyEvent(once, 'slack.message', changed)?.slack.messages).toEqual([changed]);
  expect(applyEvent(once, 'unread', { persona: 'mia', place: 'D0MIA', count: 0 })?.unread).toEqual({ mia: {} });
  expect(applyEvent(null, 'slack.message', changed)).toBeNull();
});
