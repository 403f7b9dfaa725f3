import { IntlMessageFormat } from 'intl-messageformat';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Refusal } from '../../src/core/errors.ts';
import { english } from '../../src/texts/en/index.ts';
import { refusalText } from '../../src/texts/refusal-text.ts';

/** Every source that may refuse, and none that only says what a refusal reads like. */
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('texts'))
  .map((path) => ({ path, text: readFileSync(`src/${path}`, 'utf8') }));

const refusing = [
  // invalid('…'), rule('…'), conflict('…'), new Refusal('kind', '…')
  /\b(?:invalid|rule|conflict|Refusal)\(\s*(?:'[a-z_]+',\s*)?'([a-z_.]+)'/g,
  // The same with a part that is filled in: rule(`plan.${status}`).
  /\b(?:invalid|rule|conflict|Refusal)\(\s*(?:'[a-z_]+',\s*)?`([^`]+)`/g,
  // A schema's own code: .refine(check, '…') or { error: '…' }.
  /(?:,|error:)\s*'([a-z_]+\.[a-z_]+)',?\s*[)}]/g,
];

/** Codes as they stand in the sources; a part in braces may be any word. */
const thrown = new Map(
  sources.flatMap(({ path, text }) =>
    refusing.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => [match[1]!, path] as const)),
  ),
);
const codes = Object.keys(english);
const areas = new Set(codes.map((code) => code.split('.')[0]));
const formOf = (code: string): RegExp => new RegExp(`^${code.replace('.', '\\.').replace(/\$\{[^}]*\}/, '[a-z_]+')}$`);

test('every refusal that the sources throw has an English text', () => {
  expect(thrown.size).toBeGreaterThan(90);
  const silent = [...thrown].filter(
    ([code]) => areas.has(code.split('.')[0]!) && !codes.some((known) => formOf(code).test(known)),
  );
  expect(silent).toEqual([]);
});

test('no text is left over from a refusal that nobody throws any more', () => {
  const all = sources.map(({ text }) => text).join('\n');
  const filledIn = [...thrown.keys()].filter((code) => code.includes('${')).map(formOf);
  const dead = codes.filter((code) => !all.includes(`'${code}'`) && !filledIn.some((form) => form.test(code)));
  expect(dead).toEqual([]);
});

test('every text is one sentence or more, and well formed', () => {
  for (const [code, text] of Object.entries(english)) {
    expect(() => new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }), code).not.toThrow();
    expect(text, code).toMatch(/[.}]$/);
  }
});

test('what people typed is put into a text as it is, whatever it holds', () => {
  const name = `<b>{x}</b> '{y}' #`;
  expect(refusalText(new Refusal('rule', 'plan.disabled', { params: { plan: name } }))).toBe(
    `${name} is disabled and cannot be assigned.`,
  );
});
