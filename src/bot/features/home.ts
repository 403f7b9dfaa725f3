import { may } from '../../core/permissions.ts';
import { buttonRows } from '../button-rows.ts';
import type { Feature, Home } from '../feature.ts';
import type { Registry } from '../registry.ts';
import { speak } from '../speak.ts';
import { bold, type Block } from '../view.ts';

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
        ...buttonRows([...shortcuts, speak('Help', 'help')]),
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
