import { may } from '../../core/permissions.ts';
import type { Feature, Home } from '../feature.ts';
import type { Registry } from '../registry.ts';
import { bold, limits, type Block, type Button } from '../view.ts';

/** The action by which a button stands for typed words. */
const speak = (label: string, text: string, style?: 'primary'): Button => ({
  kind: 'run',
  label,
  action: 'command',
  args: { text },
  ...(style && { style }),
});

const inFives = (buttons: readonly Button[]): Block[] =>
  Array.from({ length: Math.ceil(buttons.length / limits.buttons) }, (_, row) => ({
    kind: 'buttons',
    buttons: buttons.slice(row * limits.buttons, (row + 1) * limits.buttons),
  }));

/** The work list: what waits for this person in each area he has a right to, then what he can begin. */
export const composeHome =
  ({ homeParts, commands }: Pick<Registry, 'homeParts' | 'commands'>): Home =>
  async (ask) => {
    const waiting: Block[] = [];
    for (const part of homeParts) if (may(ask.actor, part.needs)) waiting.push(...(await part.draw(ask)));
    const shortcuts = commands.flatMap(({ shortcut, words, needs }) =>
      shortcut && may(ask.actor, needs) ? [speak(shortcut, words)] : [],
    );
    return {
      title: 'Your work list',
      blocks: [
        { kind: 'context', text: ['Signed in as ', bold(ask.actor.name), ` · days are days in ${ask.actor.timeZone}`] },
        ...(waiting.length > 0 ? waiting : [{ kind: 'text', text: 'Nothing waits for you.' } as const]),
        { kind: 'divider' },
        ...inFives([...shortcuts, speak('Help', 'help')]),
      ],
    };
  };

/** `home`, for those who would rather type it. */
export const homeFeature = (registry: () => Pick<Registry, 'homeParts' | 'commands'>): Feature => ({
  commands: [
    {
      words: 'home',
      usage: 'home',
      does: 'shows what waits for you, with the buttons that do it',
      needs: 'see',
      run: async (ask) => ({ kind: 'message', message: await composeHome(registry())(ask) }),
    },
  ],
});
