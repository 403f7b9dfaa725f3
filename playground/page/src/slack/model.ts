/**
 * What the page reads of Slack's JSON. Everything that may be missing is optional: the page draws what an app
 * sends, it does not judge it (the local Slack server does).
 */

export interface TextObject {
  type: 'plain_text' | 'mrkdwn';
  text: string;
  emoji?: boolean;
}

export interface Option {
  text: TextObject;
  value: string;
  description?: TextObject;
  url?: string;
}

export interface OptionGroup {
  label: TextObject;
  options: Option[];
}

export interface ConfirmObject {
  title: TextObject;
  text: TextObject;
  confirm: TextObject;
  deny: TextObject;
  style?: 'primary' | 'danger';
}

export interface Element {
  type: string;
  action_id?: string;
  text?: TextObject | string;
  value?: string;
  url?: string;
  style?: 'primary' | 'danger';
  accessibility_label?: string;
  confirm?: ConfirmObject;
  placeholder?: TextObject;
  options?: Option[];
  option_groups?: OptionGroup[];
  min_query_length?: number;
  max_selected_items?: number;
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  focus_on_load?: boolean;
  initial_value?: string;
  initial_option?: Option;
  initial_options?: Option[];
  initial_user?: string;
  initial_users?: string[];
  initial_channel?: string;
  initial_channels?: string[];
  initial_conversation?: string;
  initial_conversations?: string[];
  initial_date?: string;
  initial_time?: string;
  initial_date_time?: number;
  filetypes?: string[];
  max_files?: number;
  image_url?: string;
  slack_file?: { url?: string };
  alt_text?: string;
}

export interface RichStyle {
  bold?: boolean;
  italic?: boolean;
  strike?: boolean;
  code?: boolean;
}

export interface RichNode {
  type: string;
  text?: string;
  url?: string;
  name?: string;
  unicode?: string;
  user_id?: string;
  channel_id?: string;
  range?: string;
  timestamp?: number;
  format?: string;
  fallback?: string;
  border?: number;
  indent?: number;
  offset?: number;
  style?: RichStyle | 'ordered' | 'bullet';
  elements?: RichNode[];
}

export interface TableCell {
  type: string;
  text?: string;
  elements?: RichNode[];
}

export interface Block {
  type: string;
  block_id?: string;
  text?: TextObject | string;
  fields?: TextObject[];
  accessory?: Element;
  elements?: (Element & RichNode)[];
  element?: Element;
  label?: TextObject;
  hint?: TextObject;
  title?: TextObject;
  optional?: boolean;
  dispatch_action?: boolean;
  level?: string;
  rows?: TableCell[][];
  column_settings?: ({ align?: 'left' | 'center' | 'right'; is_wrapped?: boolean } | null)[];
  image_url?: string;
  slack_file?: { url?: string };
  alt_text?: string;
}

/** The chosen value of one element, in the shape of Slack's `state.values[block_id][action_id]`. */
export interface ElementState {
  type: string;
  value?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  selected_user?: string | null;
  selected_users?: string[];
  selected_channel?: string | null;
  selected_channels?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
  files?: { id: string; name: string }[];
}

export type StateValues = Record<string, Record<string, ElementState>>;

/** The text of a text object, or of a block that carries a bare string (markdown, alert). */
export const textOf = (text: TextObject | string | undefined): string =>
  typeof text === 'string' ? text : (text?.text ?? '');

/** Blocks may come without an id; Slack then gives them one, and within one surface the position serves as well. */
export const blockId = (block: Block, index: number): string => block.block_id ?? `block-${index}`;
