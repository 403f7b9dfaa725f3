import { limits, type Block, type Button } from './view.ts';

/** Buttons in as many blocks as they need. */
export const buttonRows = (buttons: readonly Button[]): Block[] =>
  Array.from({ length: Math.ceil(buttons.length / limits.buttons) }, (_, row) => ({
    kind: 'buttons',
    buttons: buttons.slice(row * limits.buttons, (row + 1) * limits.buttons),
  }));
