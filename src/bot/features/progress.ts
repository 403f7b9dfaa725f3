import { bold, type Block, type Message, type Text } from '../view.ts';

/** What takes a while, as its card shows it. */
export interface Progress {
  /** The thing it is about; it stays the same from the first card to the last. */
  readonly title: string;
  /** All stages in order, and which one it is in: the others are shown beside it. */
  readonly stages: readonly string[];
  readonly stage: number;
  /** How far the stage is; null: nothing to count yet. */
  readonly counted: { readonly done: number; readonly total: number } | null;
  /** What else is known already, such as failures so far. */
  readonly blocks?: readonly Block[];
  /** Small print: whether one may go away, and what a restart does. */
  readonly note?: string;
}

const trail = (stages: readonly string[], stage: number): Text =>
  stages.flatMap((name, index) => [...(index > 0 ? [' → '] : []), index === stage ? bold(name) : name]);

/**
 * A card with a bar. Jobs post it once and replace it as they go on (`createProgressCard` in
 * `src/jobs/progress-card.ts`); a feature gives them the function that draws it.
 */
export const progressMessage = ({ title, stages, stage, counted, blocks = [], note }: Progress): Message => ({
  title,
  blocks: [
    { kind: 'text', text: trail(stages, stage) },
    ...(counted ? [{ kind: 'progress', ...counted } as const] : []),
    ...blocks,
    ...(note === undefined ? [] : [{ kind: 'context', text: note } as const]),
  ],
});
