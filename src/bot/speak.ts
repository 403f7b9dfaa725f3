import type { Button } from './view.ts';

/** The action of buttons that stand for typed words: `args.text` is the line. Known to the desk itself. */
export const commandAction = 'command';

/** A button that stands for typed words: a click says them. */
export const speak = (label: string, text: string, style?: 'primary'): Button => ({
  kind: 'run',
  label,
  action: commandAction,
  args: { text },
  ...(style && { style }),
});
