import { distance } from 'fastest-levenshtein';
import type { Action, Command, Feature, Form, HomePart, Lookup } from './feature.ts';
import type { Notice } from './notice.ts';

/** What a line of words asks for. */
export type Spoken =
  | { readonly kind: 'command'; readonly command: Command; readonly rest: string }
  /** `plan` alone: a word that begins commands but is none. */
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown'; readonly typed: string };

/** The one table of what the desk can do, looked up by name. */
export interface Registry {
  readonly commands: readonly Command[];
  readonly forms: ReadonlyMap<string, Form>;
  readonly actions: ReadonlyMap<string, Action>;
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly notices: ReadonlyMap<string, Notice>;
  readonly homeParts: readonly HomePart[];
  /** With or without a leading `lmp`, in any case; what stands behind the words is left as it was typed. */
  parse(text: string): Spoken;
}

const byName = <T>(kind: string, things: readonly T[], nameOf: (thing: T) => string): ReadonlyMap<string, T> => {
  const map = new Map<string, T>();
  for (const thing of things) {
    const name = nameOf(thing);
    if (map.has(name)) throw new Error(`two ${kind}s are called "${name}"`);
    map.set(name, thing);
  }
  return map;
};

export const createRegistry = (features: readonly Feature[]): Registry => {
  const commands = features.flatMap((feature) => feature.commands ?? []);
  const byWords = byName('command', commands, ({ words }) => words);
  const longest = Math.max(1, ...commands.map(({ words }) => words.split(' ').length));
  const groups = new Set(commands.map(groupOf));

  return {
    commands,
    forms: byName(
      'form',
      features.flatMap((feature) => feature.forms ?? []),
      ({ name }) => name,
    ),
    actions: byName(
      'action',
      features.flatMap((feature) => feature.actions ?? []),
      ({ name }) => name,
    ),
    lookups: byName(
      'lookup',
      features.flatMap((feature) => feature.lookups ?? []),
      ({ source }) => source,
    ),
    notices: byName(
      'notice',
      features.flatMap((feature) => feature.notices ?? []),
      ({ topic }) => topic,
    ),
    homeParts: features.flatMap((feature) => feature.home ?? []),

    parse(text) {
      const line = text
        .trim()
        .replace(/^\/?lmp(?=\s|$)/i, '')
        .trim();
      if (line === '') return { kind: 'nothing' };
      const words = line.split(/\s+/, longest).map((word) => word.toLowerCase());
      for (let count = words.length; count > 0; count--) {
        const command = byWords.get(words.slice(0, count).join(' '));
        if (command) return { kind: 'command', command, rest: line.replace(new RegExp(`^(?:\\S+\\s*){${count}}`), '') };
      }
      if (words.length === 1 && groups.has(words[0]!)) return { kind: 'group', group: words[0]! };
      return { kind: 'unknown', typed: line };
    },
  };
};

/** `plan` of `plan create`. */
export const groupOf = ({ words }: Pick<Command, 'words'>): string => words.split(' ')[0]!;

export interface Suggestion {
  readonly command: Command;
  /** What stood behind the words that were meant. */
  readonly rest: string;
}

/** Two letters may be wrong (one pair turned round counts as two), in a short word one, in a long one a third. */
const isNear = (typed: string, meant: string): boolean =>
  distance(typed, meant) <= (meant.length < 4 ? 1 : Math.max(2, Math.floor(meant.length / 3)));

/** How far the words typed are from those meant; null: some word is not near. */
const farness = (typed: readonly string[], meant: readonly string[]): number | null =>
  meant.every((word, index) => isNear(typed[index] ?? '', word))
    ? meant.reduce((total, word, index) => total + distance(typed[index] ?? '', word), 0)
    : null;

/** What somebody may have meant by words that are no command: the nearest three at most, the nearest first. */
export const suggest = (typed: string, commands: readonly Command[]): readonly Suggestion[] => {
  const tokens = typed.split(/\s+/);
  const lower = tokens.map((token) => token.toLowerCase());

  const whole = commands
    .flatMap((command) => {
      const words = command.words.split(' ');
      const said = lower.slice(0, words.length);
      // `list customers` means `customer list`.
      const away = farness(said, words) ?? farness(said.toReversed(), words);
      return away === null ? [] : [{ command, away, rest: tokens.slice(words.length).join(' ') }];
    })
    .toSorted((a, b) => a.away - b.away);
  if (whole.length > 0) return whole.slice(0, 3).map(({ command, rest }) => ({ command, rest }));

  // `customers` is near no whole command but near a word that begins some.
  const [first = ''] = lower;
  return commands
    .filter((command) => command.words.includes(' ') && isNear(first, groupOf(command)))
    .slice(0, 3)
    .map((command) => ({ command, rest: '' }));
};
