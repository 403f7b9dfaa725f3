import { none } from './format.ts';
import { bold, type Block, type Compared, type Fact } from './view.ts';

/** The facts whose value differs, by their labels; one that only one side tells stands against a dash. */
export const changedFacts = (before: readonly Fact[], after: readonly Fact[]): readonly Compared[] => {
  const [was, is] = [before, after].map((facts) => new Map(facts.map(({ label, value }) => [label, value])));
  return [...new Set([...before, ...after].map(({ label }) => label))].flatMap((label) => {
    const [old, now] = [was!.get(label) ?? none, is!.get(label) ?? none];
    return JSON.stringify(old) === JSON.stringify(now) ? [] : [{ name: [bold(label)], before: old, after: now }];
  });
};

/** What an edit changes or changed, side by side; or that it is nothing. */
export const changeBlocks = (changed: readonly Compared[], nothing: string): readonly Block[] =>
  changed.length > 0
    ? [{ kind: 'compare', labels: ['Before', 'After'], rows: changed }]
    : [{ kind: 'text', text: nothing }];
