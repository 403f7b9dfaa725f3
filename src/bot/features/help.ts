import type { PersonActor } from '../../core/caller.ts';
import { may } from '../../core/permissions.ts';
import type { Command, Feature } from '../feature.ts';
import { groupOf } from '../registry.ts';
import { bold, type Block, type Message, type Span } from '../view.ts';

/** Headings of the groups; a group without one stands under its own word. */
const headings: Readonly<Record<string, string>> = {
  customer: 'Customers',
  product: 'Products',
  plan: 'Service plans',
  license: 'Licenses',
  report: 'Usage reports',
  digest: 'Digests',
  usage: 'Usage',
  template: 'Mail templates',
  export: 'Exports',
};

const headingOf = (group: string): string => headings[group] ?? `${group[0]!.toUpperCase()}${group.slice(1)}`;

const linesOf = (commands: readonly Command[]): (string | Span)[] =>
  commands.flatMap(({ usage, does }, index) => [...(index > 0 ? ['\n'] : []), bold(usage), ` – ${does}`]);

/**
 * What this person may do, grouped by the first word; `topic` narrows it to the words it begins. Commands that stand
 * alone come first, under one heading.
 */
export const helpMessage = (commands: readonly Command[], person: PersonActor, topic: string): Message => {
  const wanted = topic.trim().toLowerCase();
  const allowed = commands.filter(({ needs }) => may(person, needs));
  const shown = allowed.filter(({ words }) => wanted === '' || `${words} `.startsWith(`${wanted} `));
  if (shown.length === 0) {
    return {
      title: 'Help',
      blocks: [
        { kind: 'text', text: ['There is nothing of that name for you here. ', bold('help'), ' lists everything.'] },
      ],
    };
  }
  const groups = Map.groupBy(shown, (command) => {
    const group = groupOf(command);
    return command.words === group && allowed.filter((each) => groupOf(each) === group).length === 1 ? '' : group;
  });
  const alone = groups.get('') ?? [];
  groups.delete('');
  const blocks: Block[] = [...(alone.length > 0 ? [['General', alone] as const] : []), ...groups].flatMap(
    ([group, members]): Block[] => [
      { kind: 'heading', text: group === 'General' ? group : headingOf(group) },
      { kind: 'text', text: linesOf(members) },
    ],
  );
  return {
    title:
      wanted === ''
        ? 'What you can do here'
        : `Help: ${shown.length === 1 ? shown[0]!.words : headingOf(groupOf(shown[0]!))}`,
    blocks: [
      ...blocks,
      {
        kind: 'context',
        text: 'Words in capitals stand for a name: a customer by account, a plan by name, a product by SKU. Without them, a form asks.',
      },
    ],
  };
};

/** `help` and `help plan`. It lists the table that it is part of, so it asks for the table late. */
export const helpFeature = (commands: () => readonly Command[]): Feature => ({
  commands: [
    {
      words: 'help',
      usage: 'help [WORD]',
      does: 'lists what you can do here',
      needs: 'see',
      run: async ({ actor }, rest) => ({ kind: 'message', message: helpMessage(commands(), actor, rest) }),
    },
  ],
});
