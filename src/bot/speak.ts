import type { Button } from './view.ts';

/** A button that stands for typed words: a click says them. */
export const speak = (label: string, text: string, style?: 'primary'): Button => ({
  kind: 'run',
  label,
  action: 'command',
  args: { text },
  ...(style && { style }),
});
