import { distance } from 'fastest-levenshtein';
import { parseArgs } from 'node:util';
import { ConfigError } from '../config.ts';
import { Refusal } from '../core/errors.ts';
import { FolderInUse } from '../storage/folder-lock.ts';
import { refusalText } from '../texts/refusal-text.ts';
import { newReference } from '../reference.ts';
import { jsonValue } from './output.ts';
import { WrongUse, type Ground, type Word } from './word.ts';
import { words } from './words/index.ts';

const everywhere = { help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } } as const;

const overview = (): string => {
  const width = Math.max(...words.map(({ name }) => name.length));
  return [
    'npm run cli -- WORD …',
    '',
    ...words.map(({ name, does }) => `  ${name.padEnd(width)}  ${does}`),
    '',
    '  --help after a word tells more, --json answers in JSON.',
  ].join('\n');
};

const helpOf = ({ name, usage, does, notes = [] }: Word): string =>
  [`${name} ${usage}`.trim(), '', `  ${does}`, ...notes.map((note) => `  ${note}`), '  --json answers in JSON.'].join(
    '\n',
  );

const wordOf = (argv: readonly string[]): { word: Word; rest: readonly string[] } | null => {
  for (const count of [2, 1]) {
    const word = words.find(({ name }) => name === argv.slice(0, count).join(' '));
    if (word) return { word, rest: argv.slice(count) };
  }
  return null;
};

const unknownWord = (argv: readonly string[]): string => {
  const typed = argv.slice(0, 2).join(' ');
  const nearest = words
    .flatMap(({ name }) => [
      { name, away: distance(typed, name) },
      { name, away: distance(argv[0] ?? '', name) },
    ])
    .toSorted((one, other) => one.away - other.away)[0];
  const group = words.filter(({ name }) => name.startsWith(`${argv[0]} `));
  if (group.length > 0) return `Say one of: ${group.map(({ name }) => name).join(', ')}.`;
  const guess = nearest && nearest.away <= 3 ? ` Did you mean "${nearest.name}"?` : '';
  return `There is no word "${argv[0]}".${guess}`;
};

/** The sentence for something that went wrong in a way we know; null: a defect. */
const sentenceOf = (
  error: unknown,
): { readonly code: string; readonly message: string; readonly field?: string } | null => {
  if (error instanceof Refusal) {
    return { code: error.code, message: refusalText(error), ...(error.field && { field: error.field }) };
  }
  if (error instanceof FolderInUse) return { code: 'data.in_use', message: error.message };
  if (error instanceof ConfigError) return { code: 'environment', message: error.message };
  const { code, path } = error as { code?: string; path?: string };
  if (code === 'ENOENT' && path) return { code: 'file.missing', message: `There is no file ${path}.` };
  if (code === 'EISDIR') return { code: 'file.unreadable', message: 'That is a folder, not a file.' };
  if (code === 'ECONNREFUSED') return { code: 'database.away', message: 'The database does not answer.' };
  return null;
};

/** Runs one line of the command line. The result is the exit code: 0 done, 1 refused or broken, 2 wrongly used. */
export const runCli = async (argv: readonly string[], ground: Ground): Promise<number> => {
  const { terminal } = ground;
  const wantsJson = argv.includes('--json');
  const fail = (code: string, message: string, field?: string): void => {
    if (wantsJson) terminal.out(JSON.stringify({ ok: false, code, ...(field && { field }), message }));
    else terminal.err(field ? `${field}: ${message}` : message);
  };
  if (argv.length === 0 || argv[0] === '--help' || argv[0] === '-h' || argv[0] === 'help') {
    if (wantsJson) terminal.out(JSON.stringify(words.map(({ name, usage, does }) => ({ name, usage, does }))));
    else terminal.out(overview());
    return 0;
  }
  const found = wordOf(argv);
  if (!found) {
    fail('word.unknown', unknownWord(argv));
    return 2;
  }
  const { word, rest } = found;
  try {
    const { values, positionals } = parseArgs({
      args: [...rest],
      options: { ...word.options, ...everywhere },
      allowPositionals: true,
      strict: true,
    });
    if (values.help === true) {
      if (wantsJson) terminal.out(JSON.stringify({ name: word.name, usage: word.usage, does: word.does }));
      else terminal.out(helpOf(word));
      return 0;
    }
    const answer = await word.run(ground, { values: values as never, positionals });
    if (typeof answer === 'number') return answer;
    terminal.out(wantsJson ? JSON.stringify(answer.data, jsonValue) : answer.text);
    return answer.ok === false ? 1 : 0;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (error instanceof WrongUse || (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'))) {
      // parseArgs explains how to escape a dash at length; its first sentence says what is wrong.
      fail('word.wrong_use', (error as Error).message.split('. ')[0]!.replace(/\.?$/, '.'));
      if (!wantsJson) terminal.err(`Use it so: ${word.name} ${word.usage}`);
      return 2;
    }
    const known = sentenceOf(error);
    if (known) fail(known.code, known.message, known.field);
    else {
      const reference = newReference();
      ground.defect(error, reference);
      fail('internal', refusalText(new Refusal('rule', 'internal', { params: { reference } })));
    }
    return 1;
  }
};
