/**
 * Block Kit as Slack accepts it. Each fault is told the way Slack tells it in `response_metadata.messages`:
 * `must be less than 3001 characters [json-pointer:/blocks/0/text/text]`.
 */
import type { JsonObject } from '../protocol.ts';

export type Surface = 'message' | 'modal' | 'home';

type Rule = (value: unknown, at: string, faults: Faults) => void;
type Shape = { readonly required: Readonly<Record<string, Rule>>; readonly optional: Readonly<Record<string, Rule>> };

class Faults {
  readonly list: string[] = [];
  readonly surface: Surface;
  readonly blockIds = new Set<string>();
  focused = false;
  tables = 0;
  inputs = 0;

  constructor(surface: Surface) {
    this.surface = surface;
  }

  add(what: string, at: string): void {
    this.list.push(`${what} [json-pointer:${at}]`);
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text =
  (max: number, min = 0): Rule =>
  (value, at, faults) => {
    if (typeof value !== 'string') faults.add('must be a string', at);
    else if (value.length > max) faults.add(`must be less than ${max + 1} characters`, at);
    else if (value.length < min) faults.add(`must be more than ${min - 1} characters`, at);
  };
const flag: Rule = (value, at, faults) => {
  if (typeof value !== 'boolean') faults.add('must be a boolean', at);
};
const whole =
  (min: number, max: number): Rule =>
  (value, at, faults) => {
    if (!Number.isInteger(value)) faults.add('must be an integer', at);
    else if (Number(value) < min || Number(value) > max) faults.add(`must be between ${min} and ${max}`, at);
  };
const oneOf =
  (...allowed: readonly string[]): Rule =>
  (value, at, faults) => {
    if (!allowed.includes(value as string)) faults.add(`must be a valid enum value: ${allowed.join(', ')}`, at);
  };
const matching =
  (pattern: RegExp, what: string): Rule =>
  (value, at, faults) => {
    if (typeof value !== 'string' || !pattern.test(value)) faults.add(`must be a valid ${what}`, at);
  };
const list =
  (item: Rule, min: number, max: number): Rule =>
  (value, at, faults) => {
    if (!Array.isArray(value)) return faults.add('must be an array', at);
    if (value.length > max) faults.add(`no more than ${max} items allowed`, at);
    if (value.length < min) faults.add(`no fewer than ${min} items allowed`, at);
    for (const [index, part] of value.entries()) item(part, `${at}/${index}`, faults);
  };
const object =
  (required: Shape['required'], optional: Shape['optional'] = {}): Rule =>
  (value, at, faults) => {
    if (!isObject(value)) return faults.add('must be an object', at);
    for (const [name, rule] of Object.entries(required)) {
      if (value[name] === undefined || value[name] === null) faults.add(`missing required field: ${name}`, at);
      else rule(value[name], `${at}/${name}`, faults);
    }
    for (const [name, part] of Object.entries(value)) {
      if (name in required) continue;
      const rule = optional[name];
      if (!rule) faults.add(`invalid additional property: ${name}`, at);
      else if (part !== undefined && part !== null) rule(part, `${at}/${name}`, faults);
    }
  };
const anything: Rule = () => {};

// ------------------------------------------------------------------------------------- composition objects

const plain = (max: number, min = 1): Rule =>
  object({ type: oneOf('plain_text'), text: text(max, min) }, { emoji: flag });
const anyText =
  (max: number): Rule =>
  (value, at, faults) => {
    const mrkdwn = isObject(value) && value.type === 'mrkdwn';
    const rule = mrkdwn
      ? object({ type: oneOf('mrkdwn'), text: text(max, 1) }, { verbatim: flag })
      : object({ type: oneOf('plain_text', 'mrkdwn'), text: text(max, 1) }, { emoji: flag });
    rule(value, at, faults);
  };

const option = (label: Rule): Rule =>
  object({ text: label, value: text(150, 1) }, { description: plain(75), url: text(3000, 1) });
const selectOption = option(plain(75));
const boxOption = object({ text: anyText(75), value: text(150, 1) }, { description: anyText(75) });
const options = list(selectOption, 1, 100);
const optionGroups = list(object({ label: plain(75), options }), 1, 100);
const confirm = object(
  { title: plain(100), text: anyText(300), confirm: plain(30), deny: plain(30) },
  { style: oneOf('primary', 'danger') },
);

const focus: Rule = (value, at, faults) => {
  flag(value, at, faults);
  if (value !== true) return;
  if (faults.focused) faults.add('only one element can have focus_on_load', at);
  faults.focused = true;
};

const valuesOf = (from: Record<string, unknown>): unknown[] => {
  const direct = Array.isArray(from.options) ? from.options : [];
  const grouped = Array.isArray(from.option_groups)
    ? from.option_groups.flatMap((group: unknown) =>
        isObject(group) && Array.isArray(group.options) ? group.options : [],
      )
    : [];
  return [...direct, ...grouped].map((each: unknown) => (isObject(each) ? each.value : undefined));
};
/** What is chosen at first must be one of the choices. */
const initialIsOffered = (value: unknown, at: string, faults: Faults): void => {
  if (!isObject(value)) return;
  const offered = valuesOf(value);
  const initial = [value.initial_option, ...(Array.isArray(value.initial_options) ? value.initial_options : [])];
  for (const chosen of initial) {
    if (isObject(chosen) && !offered.includes(chosen.value)) {
      faults.add('initial_option must exactly match one of the provided options', at);
    }
  }
};
const both =
  (...rules: readonly Rule[]): Rule =>
  (value, at, faults) => {
    for (const rule of rules) rule(value, at, faults);
  };
const optionsOrGroups = (value: unknown, at: string, faults: Faults): void => {
  if (!isObject(value)) return;
  if ((value.options === undefined) === (value.option_groups === undefined)) {
    faults.add('must provide either options or option_groups', at);
  }
};

// ------------------------------------------------------------------------------------- elements

const elementType: Rule = anything;
const interactive = { action_id: text(255, 1) };
const picker = { ...interactive, confirm, focus_on_load: focus, placeholder: plain(150) };
const day = matching(/^\d{4}-\d{2}-\d{2}$/, 'date');
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'time');
const menu = (optional: Shape['optional'] = {}): Rule => object({ type: elementType }, { ...picker, ...optional });
const dispatch = object({}, { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 1, 2) });
const typed = (optional: Shape['optional'] = {}): Rule =>
  object(
    { type: elementType },
    { ...interactive, placeholder: plain(150), focus_on_load: focus, dispatch_action_config: dispatch, ...optional },
  );
const image = object(
  { type: elementType, alt_text: text(2000, 1) },
  {
    image_url: text(3000, 1),
    slack_file: object({}, { id: text(255, 1), url: text(3000, 1) }),
    image_width: anything,
    image_height: anything,
  },
);
const boxes = object(
  { type: elementType, options: list(boxOption, 1, 10) },
  { ...interactive, confirm, focus_on_load: focus, initial_option: boxOption, initial_options: list(boxOption, 1, 10) },
);
const number = matching(/^-?\d+(\.\d+)?$/, 'number');

const elements: Readonly<Record<string, Rule>> = {
  button: object(
    { type: elementType, text: plain(75) },
    {
      ...interactive,
      url: text(3000),
      value: text(2000),
      style: oneOf('primary', 'danger'),
      confirm,
      accessibility_label: text(75),
    },
  ),
  overflow: object({ type: elementType, options: list(selectOption, 1, 5) }, { ...interactive, confirm }),
  static_select: both(
    menu({ options, option_groups: optionGroups, initial_option: selectOption }),
    optionsOrGroups,
    initialIsOffered,
  ),
  multi_static_select: both(
    menu({
      options,
      option_groups: optionGroups,
      initial_options: list(selectOption, 1, 100),
      max_selected_items: whole(1, 100),
    }),
    optionsOrGroups,
    initialIsOffered,
  ),
  external_select: menu({ initial_option: selectOption, min_query_length: whole(0, 75) }),
  multi_external_select: menu({
    initial_options: list(selectOption, 1, 100),
    min_query_length: whole(0, 75),
    max_selected_items: whole(1, 100),
  }),
  users_select: menu({ initial_user: text(255) }),
  multi_users_select: menu({ initial_users: list(text(255), 1, 100), max_selected_items: whole(1, 100) }),
  channels_select: menu({ initial_channel: text(255), response_url_enabled: flag }),
  conversations_select: menu({
    initial_conversation: text(255),
    default_to_current_conversation: flag,
    response_url_enabled: flag,
    filter: anything,
  }),
  datepicker: menu({ initial_date: day }),
  timepicker: menu({ initial_time: time, timezone: text(100) }),
  datetimepicker: menu({ initial_date_time: whole(0, 9_999_999_999) }),
  radio_buttons: both(boxes, initialIsOffered),
  checkboxes: both(boxes, initialIsOffered),
  plain_text_input: typed({
    initial_value: text(3000),
    multiline: flag,
    min_length: whole(0, 3000),
    max_length: whole(1, 3000),
  }),
  email_text_input: typed({ initial_value: text(3000) }),
  url_text_input: typed({ initial_value: text(3000) }),
  file_input: object(
    { type: elementType },
    { ...interactive, filetypes: list(text(20, 1), 1, 50), max_files: whole(1, 10) },
  ),
  number_input: both(
    typed({ is_decimal_allowed: flag, initial_value: number, min_value: number, max_value: number }),
    (value, at, faults) => {
      if (isObject(value) && value.is_decimal_allowed === undefined) {
        faults.add('missing required field: is_decimal_allowed', at);
      }
    },
  ),
  image: both(image, (value, at, faults) => {
    if (isObject(value) && (value.image_url === undefined) === (value.slack_file === undefined)) {
      faults.add('must provide either image_url or slack_file', at);
    }
  }),
};

const singles = ['static_select', 'external_select', 'users_select', 'channels_select', 'conversations_select'];
const multis = ['multi_static_select', 'multi_external_select', 'multi_users_select'];
const pickers = ['datepicker', 'timepicker', 'datetimepicker', 'radio_buttons', 'checkboxes'];
const inAccessory = ['button', 'overflow', 'image', ...singles, ...multis, ...pickers];
const inActions = ['button', 'overflow', ...singles, ...multis, ...pickers];
const inInput = [
  'plain_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
  'file_input',
  ...singles,
  ...multis,
  ...pickers,
];

const element =
  (allowed: readonly string[]): Rule =>
  (value, at, faults) => {
    if (!isObject(value)) return faults.add('must be an object', at);
    const type = String(value.type);
    const rule = allowed.includes(type) ? elements[type] : undefined;
    if (rule) rule(value, at, faults);
    else faults.add(`unsupported type: ${type}`, `${at}/type`);
  };
const contextElement: Rule = (value, at, faults) => {
  const isImage = isObject(value) && value.type === 'image';
  (isImage ? element(['image']) : anyText(3000))(value, at, faults);
};

// ------------------------------------------------------------------------------------- rich text

const style = object({}, { bold: flag, italic: flag, strike: flag, code: flag, underline: flag });
const inline: Readonly<Record<string, Rule>> = {
  text: object({ type: anything, text: text(3000, 1) }, { style }),
  link: object({ type: anything, url: text(3000, 1) }, { text: text(3000, 1), style, unsafe: flag }),
  emoji: object({ type: anything, name: text(100, 1) }, { unicode: anything, skin_tone: anything, style }),
  user: object({ type: anything, user_id: text(255, 1) }, { style }),
  channel: object({ type: anything, channel_id: text(255, 1) }, { style }),
  usergroup: object({ type: anything, usergroup_id: text(255, 1) }, { style }),
  broadcast: object({ type: anything, range: oneOf('here', 'channel', 'everyone') }, { style }),
  date: object(
    { type: anything, timestamp: whole(0, 9_999_999_999), format: text(255, 1) },
    { fallback: text(255), url: text(3000), style },
  ),
  color: object({ type: anything, value: text(20, 1) }, { style }),
};
const byType =
  (rules: Readonly<Record<string, Rule>>): Rule =>
  (value, at, faults) => {
    const type = isObject(value) ? String(value.type) : '';
    const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
    if (rule) rule(value, at, faults);
    else faults.add(`unsupported type: ${type}`, `${at}/type`);
  };
const inlines = list(byType(inline), 0, 1000);
const section = object({ type: anything, elements: inlines }, {});
const richElement = byType({
  rich_text_section: section,
  rich_text_list: object(
    {
      type: anything,
      style: oneOf('bullet', 'ordered'),
      elements: list(byType({ rich_text_section: section }), 1, 300),
    },
    { indent: whole(0, 8), offset: whole(0, 9999), border: whole(0, 1) },
  ),
  rich_text_preformatted: object({ type: anything, elements: inlines }, { border: whole(0, 1), language: text(50) }),
  rich_text_quote: object({ type: anything, elements: inlines }, { border: whole(0, 1) }),
});

// ------------------------------------------------------------------------------------- blocks

const block = (required: Shape['required'], optional: Shape['optional'] = {}): Rule =>
  object({ type: anything, ...required }, { block_id: text(255), ...optional });

const blocks: Readonly<Record<string, Rule>> = {
  section: both(
    block(
      {},
      { text: anyText(3000), fields: list(anyText(2000), 1, 10), accessory: element(inAccessory), expand: flag },
    ),
    (value, at, faults) => {
      if (isObject(value) && value.text === undefined && value.fields === undefined) {
        faults.add('must provide either text or fields', at);
      }
    },
  ),
  header: block({ text: plain(150) }),
  divider: block({}),
  context: block({ elements: list(contextElement, 1, 10) }),
  actions: block({ elements: list(element(inActions), 1, 25) }),
  image: both(
    block(
      { alt_text: text(2000, 1) },
      {
        image_url: text(3000, 1),
        slack_file: object({}, { id: text(255, 1), url: text(3000, 1) }),
        title: plain(2000),
      },
    ),
    (value, at, faults) => {
      if (isObject(value) && (value.image_url === undefined) === (value.slack_file === undefined)) {
        faults.add('must provide either image_url or slack_file', at);
      }
    },
  ),
  input: both(
    block(
      { label: plain(2000), element: element(inInput) },
      { hint: plain(2000), optional: flag, dispatch_action: flag },
    ),
    (_value, at, faults) => {
      faults.inputs += 1;
      if (faults.surface === 'message') faults.add('unsupported type: input', `${at}/type`);
    },
  ),
  markdown: block({ text: text(12_000, 1) }),
  alert: block({ text: anyText(3000) }, { level: oneOf('default', 'info', 'warning', 'error', 'success') }),
  rich_text: block({ elements: list(richElement, 1, 300) }),
  table: both(
    block(
      {
        rows: list(
          list(object({ type: oneOf('raw_text', 'rich_text') }, { text: text(3000), elements: anything }), 1, 20),
          1,
          100,
        ),
      },
      { column_settings: list(anything, 0, 20) },
    ),
    (_value, at, faults) => {
      faults.tables += 1;
      if (faults.tables > 1) faults.add('only_one_table_allowed', at);
      if (faults.surface !== 'message') faults.add('unsupported type: table', `${at}/type`);
    },
  ),
};

/** The interactive parts of a block, in order. */
export const elementsOf = (block: Record<string, unknown>): Record<string, unknown>[] => {
  const parts = [
    block.accessory,
    block.element,
    ...(block.type === 'actions' && Array.isArray(block.elements) ? block.elements : []),
  ];
  return parts.filter((part) => isObject(part) && part.type !== 'image') as Record<string, unknown>[];
};

const checkBlocks = (value: unknown, at: string, faults: Faults): void => {
  if (!Array.isArray(value)) return faults.add('must be an array', at);
  const max = faults.surface === 'message' ? 50 : 100;
  if (value.length > max) faults.add(`no more than ${max} items allowed`, at);
  for (const [index, each] of value.entries()) {
    const here = `${at}/${index}`;
    if (!isObject(each)) {
      faults.add('must be an object', here);
      continue;
    }
    const rule = blocks[String(each.type)];
    if (!rule) {
      faults.add(`unsupported type: ${String(each.type)}`, `${here}/type`);
      continue;
    }
    rule(each, here, faults);
    if (typeof each.block_id === 'string' && each.block_id !== '') {
      if (faults.blockIds.has(each.block_id))
        faults.add(`block_id already exists: ${each.block_id}`, `${here}/block_id`);
      faults.blockIds.add(each.block_id);
    }
    const actionIds = new Set<unknown>();
    for (const part of elementsOf(each)) {
      if (part.action_id === undefined) continue;
      if (actionIds.has(part.action_id)) {
        faults.add(`\`action_id\` "${String(part.action_id)}" already exists for another element`, here);
      }
      actionIds.add(part.action_id);
    }
  }
};

/** The faults of a message's blocks; empty when Slack takes them. */
export const faultsOfBlocks = (value: unknown): string[] => {
  const faults = new Faults('message');
  checkBlocks(value, '/blocks', faults);
  return faults.list;
};

const viewFields = {
  type: anything,
  callback_id: text(255),
  private_metadata: text(3000),
  external_id: text(255),
  clear_on_close: flag,
  notify_on_close: flag,
  submit_disabled: flag,
  blocks: anything,
};
const modal = object({ title: plain(24) }, { ...viewFields, submit: plain(24), close: plain(24) });
const home = object({}, viewFields);

/** The faults of a modal or home view. */
export const faultsOfView = (value: unknown, type: 'modal' | 'home'): string[] => {
  const faults = new Faults(type);
  if (!isObject(value)) return ['must be an object [json-pointer:/view]'];
  if (value.type !== type) faults.add(`must be a valid enum value: ${type}`, '/view/type');
  (type === 'modal' ? modal : home)(value, '/view', faults);
  checkBlocks(value.blocks ?? [], '/view/blocks', faults);
  if (value.blocks === undefined) faults.add('missing required field: blocks', '/view');
  if (type === 'modal' && faults.inputs > 0 && !isObject(value.submit)) {
    faults.add('`submit` is required when there is an input block', '/view');
  }
  return faults.list;
};

/** The faults of the answer to a `block_suggestion`. */
export const faultsOfSuggestions = (value: unknown): string[] => {
  const faults = new Faults('modal');
  if (!isObject(value)) return ['must be an object [json-pointer:/]'];
  if (value.option_groups !== undefined)
    list(object({ label: plain(75), options: list(selectOption, 0, 100) }), 0, 100)(
      value.option_groups,
      '/option_groups',
      faults,
    );
  else list(selectOption, 0, 100)(value.options, '/options', faults);
  return faults.list;
};

const randomId = (): string => Math.random().toString(36).slice(2, 7);

/** The blocks as Slack stores them: with a block_id on each and an action_id on each interactive element. */
export const withIds = (given: readonly JsonObject[]): JsonObject[] => {
  const part = (value: unknown): unknown =>
    isObject(value) && value.type !== 'image' ? { ...value, action_id: value.action_id ?? randomId() } : value;
  return given.map((each) => {
    const block: Record<string, unknown> = { ...each, block_id: each.block_id || randomId() };
    if (block.accessory) block.accessory = part(block.accessory);
    if (block.element) block.element = part(block.element);
    if (block.type === 'actions') block.elements = (block.elements as unknown[]).map(part);
    return block as JsonObject;
  });
};
