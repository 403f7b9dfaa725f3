import { blockId } from './model.ts';
import type { Block, Element, ElementState, StateValues } from './model.ts';

const initial: Record<string, (element: Element) => Omit<ElementState, 'type'>> = {
  plain_text_input: (e) => ({ value: e.initial_value ?? null }),
  email_text_input: (e) => ({ value: e.initial_value ?? null }),
  url_text_input: (e) => ({ value: e.initial_value ?? null }),
  number_input: (e) => ({ value: e.initial_value ?? null }),
  static_select: (e) => ({ selected_option: e.initial_option ?? null }),
  external_select: (e) => ({ selected_option: e.initial_option ?? null }),
  radio_buttons: (e) => ({ selected_option: e.initial_option ?? null }),
  multi_static_select: (e) => ({ selected_options: e.initial_options ?? [] }),
  multi_external_select: (e) => ({ selected_options: e.initial_options ?? [] }),
  checkboxes: (e) => ({ selected_options: e.initial_options ?? [] }),
  users_select: (e) => ({ selected_user: e.initial_user ?? null }),
  multi_users_select: (e) => ({ selected_users: e.initial_users ?? [] }),
  channels_select: (e) => ({ selected_channel: e.initial_channel ?? null }),
  multi_channels_select: (e) => ({ selected_channels: e.initial_channels ?? [] }),
  conversations_select: (e) => ({ selected_conversation: e.initial_conversation ?? null }),
  multi_conversations_select: (e) => ({ selected_conversations: e.initial_conversations ?? [] }),
  datepicker: (e) => ({ selected_date: e.initial_date ?? null }),
  timepicker: (e) => ({ selected_time: e.initial_time ?? null }),
  file_input: () => ({ files: [] }),
  datetimepicker: (e) => ({ selected_date_time: e.initial_date_time ?? null }),
};

const elementsOf = (block: Block): Element[] =>
  [block.element, block.accessory, ...(block.type === 'actions' ? (block.elements ?? []) : [])].filter(
    (element) => element !== undefined,
  );

/**
 * The values of a surface: what was typed where block_id and action_id still stand for the same kind of
 * element, else what the app set. This is how Slack keeps input through `views.update`.
 */
export const stateValues = (blocks: readonly Block[], typed: StateValues): StateValues => {
  const values: StateValues = {};
  blocks.forEach((block, index) => {
    const id = blockId(block, index);
    for (const element of elementsOf(block)) {
      const start = initial[element.type];
      if (!start || element.action_id === undefined) continue;
      const kept = typed[id]?.[element.action_id];
      (values[id] ??= {})[element.action_id] =
        kept?.type === element.type ? kept : { type: element.type, ...start(element) };
    }
  });
  return values;
};
