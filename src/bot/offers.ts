import type { PersonActor } from '../core/caller.ts';
import { may, type Permission } from '../core/permissions.ts';
import type { Outcome } from './desk.ts';
import type { Feature } from './feature.ts';
import type { Notice } from './notice.ts';
import { createRegistry, type Registry } from './registry.ts';
import { commandAction } from './speak.ts';
import type { Block, Button, Message } from './view.ts';

type Table = Pick<Registry, 'actions' | 'forms' | 'parse'>;

/**
 * What one may not do is not offered. The one place that says so: features draw the buttons that a thing has, and here
 * those go that this person could only press in vain. Lists turn no pages for who may not read them.
 */
export interface Offers {
  message(person: PersonActor, message: Message): Message;
  outcome(person: PersonActor, outcome: Outcome): Outcome;
}

export const createOffers = ({ actions, forms, parse }: Table): Offers => {
  const neededForAction = (action: string, text: string | undefined): Permission | undefined => {
    if (action !== commandAction) return actions.get(action)?.needs;
    const spoken = parse(text ?? '');
    return spoken.kind === 'command' ? spoken.command.needs : undefined;
  };
  const neededFor = (button: Button): Permission | undefined => {
    switch (button.kind) {
      case 'run':
        return neededForAction(button.action, button.args.text);
      case 'form':
        return forms.get(button.form)?.needs;
      case 'link':
        return undefined;
    }
  };
  // A button of an older version leads nowhere, and says so when it is pressed: nothing is known that it needs.
  const isOpenTo = (person: PersonActor, needs: Permission | undefined): boolean =>
    needs === undefined || may(person, needs);

  const blocksFor = (person: PersonActor, blocks: readonly Block[]): Block[] =>
    blocks.flatMap((block): Block[] => {
      switch (block.kind) {
        case 'buttons': {
          const buttons = block.buttons.filter((button) => isOpenTo(person, neededFor(button)));
          return buttons.length === 0 ? [] : [{ ...block, buttons }];
        }
        case 'rows':
          return [
            {
              ...block,
              rows: block.rows.map(({ button, ...row }) =>
                button && isOpenTo(person, neededFor(button)) ? { ...row, button } : row,
              ),
            },
          ];
        case 'pager':
          return isOpenTo(person, neededForAction(block.action, block.args.text)) ? [block] : [];
        case 'text':
        case 'heading':
        case 'notice':
        case 'facts':
        case 'table':
        case 'compare':
        case 'progress':
        case 'image':
        case 'file':
        case 'context':
        case 'divider':
          return [block];
      }
    });

  const offers: Offers = {
    message: (person, message) => ({ ...message, blocks: blocksFor(person, message.blocks) }),
    outcome(person, outcome) {
      switch (outcome.kind) {
        case 'message':
        case 'replace':
          return { ...outcome, message: offers.message(person, outcome.message) };
        case 'open': {
          const { wayOn, ...form } = outcome.form;
          const { intro, ...view } = form.view;
          return {
            ...outcome,
            form: {
              ...form,
              view: { ...view, ...(intro && { intro: blocksFor(person, intro) }) },
              ...(wayOn && isOpenTo(person, forms.get(wayOn.form)?.needs) && { wayOn }),
            },
          };
        }
        case 'refused':
          return outcome;
      }
    },
  };
  return offers;
};

/** The notices of all features; what they address to a person offers him what he may do. */
export const noticesOf = (features: readonly Feature[]): readonly Notice[] => {
  const registry = createRegistry(features);
  const offers = createOffers(registry);
  return [...registry.notices.values()].map(({ topic, compose }) => ({
    topic,
    compose: async (ask, data) =>
      (await compose(ask, data)).map((told) =>
        told.to === 'person' ? { ...told, message: offers.message(told.person, told.message) } : told,
      ),
  }));
};
