/** `view.state.values` as Slack collects them, and what Slack's own client refuses before it asks the app. */
import type { JsonObject, SlackStateValues } from '../protocol.ts';
import { elementsOf, isObject } from './block-kit.ts';

/** Element type → the field that holds its value, and its value at first. */
const holders: Readonly<Record<string, { field: string; initial: (element: Record<string, unknown>) => unknown }>> = {
  plain_text_input: { field: 'value', initial: (e) => e.initial_value ?? null },
  email_text_input: { field: 'value', initial: (e) => e.initial_value ?? null },
  url_text_input: { field: 'value', initial: (e) => e.initial_value ?? null },
  number_input: { field: 'value', initial: (e) => e.initial_value ?? null },
  static_select: { field: 'selected_option', initial: (e) => e.initial_option ?? null },
  external_select: { field: 'selected_option', initial: (e) => e.initial_option ?? null },
  radio_buttons: { field: 'selected_option', initial: (e) => e.initial_option ?? null },
  users_select: { field: 'selected_user', initial: (e) => e.initial_user ?? null },
  channels_select: { field: 'selected_channel', initial: (e) => e.initial_channel ?? null },
  conversations_select: { field: 'selected_conversation', initial: (e) => e.initial_conversation ?? null },
  multi_static_select: { field: 'selected_options', initial: (e) => e.initial_options ?? [] },
  multi_external_select: { field: 'selected_options', initial: (e) => e.initial_options ?? [] },
  multi_users_select: { field: 'selected_users', initial: (e) => e.initial_users ?? [] },
  checkboxes: { field: 'selected_options', initial: (e) => e.initial_options ?? [] },
  datepicker: { field: 'selected_date', initial: (e) => e.initial_date ?? null },
  timepicker: { field: 'selected_time', initial: (e) => e.initial_time ?? null },
  file_input: { field: 'files', initial: () => [] },
  datetimepicker: { field: 'selected_date_time', initial: (e) => e.initial_date_time ?? null },
};

/** The name of the field in which an element of this type carries its value; undefined for buttons and menus. */
export const valueField = (type: string): string | undefined => holders[type]?.field;

/** What an element holds when nobody touched it, in Slack's shape. */
export const untouched = (element: Record<string, unknown>): JsonObject | undefined => {
  const holder = holders[String(element.type)];
  return holder && ({ type: element.type, [holder.field]: holder.initial(element) } as JsonObject);
};

/**
 * The state of all elements that hold a value: as given by the page where it names them, else as first drawn.
 * What the page names but the blocks do not have is left out.
 */
export const collectState = (
  blocks: readonly JsonObject[],
  given: SlackStateValues,
): Record<string, Record<string, JsonObject>> => {
  const state: Record<string, Record<string, JsonObject>> = {};
  for (const block of blocks) {
    const blockId = String(block.block_id);
    for (const element of elementsOf(block)) {
      const start = untouched(element);
      if (!start) continue;
      const actionId = String(element.action_id);
      const held = given[blockId]?.[actionId];
      const field = valueField(String(element.type))!;
      const value = held && field in held ? held[field] : start[field];
      (state[blockId] ??= {})[actionId] = {
        type: String(element.type),
        // Slack sends null, never an empty text.
        [field]: value === '' || value === undefined ? null : value,
      } as JsonObject;
    }
  }
  return state;
};

const fieldFault = (element: Record<string, unknown>, value: unknown): string | undefined => {
  const words = typeof value === 'string' ? value : '';
  switch (element.type) {
    case 'plain_text_input': {
      const min = Number(element.min_length ?? 0);
      const max = Number(element.max_length ?? 3000);
      if (words.length < min) return `Must be at least ${min} characters.`;
      return words.length > max ? `Must be at most ${max} characters.` : undefined;
    }
    case 'number_input': {
      const wanted = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
      if (!wanted.test(words)) return element.is_decimal_allowed ? 'Enter a valid number.' : 'Enter a whole number.';
      if (element.min_value !== undefined && Number(words) < Number(element.min_value)) {
        return `Enter a number of at least ${String(element.min_value)}.`;
      }
      return element.max_value !== undefined && Number(words) > Number(element.max_value)
        ? `Enter a number of at most ${String(element.max_value)}.`
        : undefined;
    }
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(words) ? undefined : 'Enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(words) ? undefined : 'Enter a valid URL.';
    default:
      return undefined;
  }
};

/** block_id → what Slack's client says about an input before anything is sent. */
export const clientErrors = (
  blocks: readonly JsonObject[],
  state: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>,
): Record<string, string> => {
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== 'input' || !isObject(block.element)) continue;
    const blockId = String(block.block_id);
    const field = valueField(String(block.element.type))!;
    const value = state[blockId]?.[String(block.element.action_id)]?.[field];
    const empty = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
    if (empty && block.optional !== true) errors[blockId] = 'Please complete this required field.';
    const fault = empty ? undefined : fieldFault(block.element, value);
    if (fault) errors[blockId] = fault;
  }
  return errors;
};
