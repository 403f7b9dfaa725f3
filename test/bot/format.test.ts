import { expect, test } from 'vitest';
import {
  showCredits,
  showDay,
  showDelta,
  showInstant,
  showMoney,
  showMonth,
  showNumber,
  showUnits,
} from '../../src/bot/format.ts';

test('days, months and instants are written in the zone they belong to', () => {
  expect(showDay('2026-03-05')).toBe('5 Mar 2026');
  expect(showMonth('2026-02-01')).toBe('Feb 2026');
  expect(showInstant('2026-03-05T15:30:00Z', 'Asia/Tokyo')).toBe('6 Mar 2026, 00:30');
});

test('figures are grouped, also beside decimals and signs', () => {
  expect(showNumber(1_250)).toBe('1,250');
  expect(showNumber('1234567.5')).toBe('1,234,567.5');
  expect(showNumber(999)).toBe('999');
  expect(showUnits(1, 'mailbox')).toBe('1 mailbox');
  expect(showUnits(1_250, 'mailbox')).toBe('1,250 mailboxes');
  expect(showDelta(-5, 'seat')).toBe('−5 seats');
  expect(showDelta(5)).toBe('+5');
  expect(showDelta(0, 'seat')).toBe('0 seats');
});

test('money keeps the digits of its currency', () => {
  expect(showMoney({ amount: '1288.00', currency: 'EUR' })).toBe('1,288.00 EUR');
  expect(showMoney({ amount: '-240.66', currency: 'EUR' })).toBe('−240.66 EUR');
  expect(showMoney({ amount: '-1240', currency: 'JPY' })).toBe('−1,240 JPY');
  expect(showMoney(null)).toBe('—');
  expect(showCredits('40')).toBe('40 credits');
  expect(showCredits(null)).toBe('—');
});
