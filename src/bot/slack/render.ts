import type {
  ActionsBlock,
  Button as SlackButton,
  ConfirmationDialog,
  HomeView,
  InputBlock,
  KnownBlock,
  ModalView,
  PlainTextOption,
  SectionBlock,
} from '@slack/types';
import type { OpenForm } from '../desk.ts';
import type { WayOn } from '../feature.ts';
import type { FileLinks } from '../sender.ts';
import {
  bold,
  limits,
  type Args,
  type Block,
  type Button,
  type Column,
  type Compared,
  type Confirm,
  type Field,
  type Message,
  type Option,
  type Row,
  type Text,
  type Tone,
} from '../view.ts';
import { fitted, showProgress } from '../format.ts';
import { escaped, flat, hasStyle, pieces, plain, rich, shown, widthOf } from './text.ts';

/** Slack's own limits that are no limits of the neutral view. */
const slackLimits = {
  optionDescription: 75,
  optionValue: 150,
  placeholder: 150,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  checkboxes: 10,
  typed: 3000,
  altText: 2000,
  label: 2000,
} as const;

/** A view that Slack would refuse. It is a defect of the feature that composed it: nothing is cut silently. */
export class TooBigForSlack extends Error {
  constructor(what: string, size: number, max: number) {
    super(`${what}: ${size} is more than Slack's ${max}`);
    this.name = 'TooBigForSlack';
  }
}

const within = (what: string, size: number, max: number): void => {
  if (size > max) throw new TooBigForSlack(what, size, max);
};

const tones: Readonly<Record<Tone, string>> = { info: 'ℹ️', success: '✅', warning: '⚠️', danger: '⛔' };

/**
 * Draws one message. Ids of buttons are readable (`run:page`), and unique within the message; each button's value is
 * the JSON of its arguments.
 */
class Drawing {
  readonly #links: FileLinks;
  readonly #taken = new Map<string, number>();

  constructor(links: FileLinks) {
    this.#links = links;
  }

  blocks(blocks: readonly Block[]): KnownBlock[] {
    return blocks.flatMap((block) => this.#block(block));
  }

  actionId(name: string): string {
    const times = (this.#taken.get(name) ?? 0) + 1;
    this.#taken.set(name, times);
    return times === 1 ? name : `${name}#${times}`;
  }

  /** A button that puts another form into the place of this one. */
  wayOn({ label, form, context }: WayOn): ActionsBlock {
    return {
      type: 'actions',
      elements: [
        {
          type: 'button',
          text: plain(fitted(label, limits.buttonLabel)),
          style: 'primary',
          action_id: this.actionId(`go:${form}`),
          value: argsJson(context),
        },
      ],
    };
  }

  #block(block: Block): KnownBlock[] {
    switch (block.kind) {
      case 'text':
        return paragraphs(block.text);
      case 'heading':
        return heading(block.text);
      case 'notice':
        return noticeBlocks(block.tone, block.text);
      case 'facts':
        within('facts', block.facts.length, limits.facts);
        return factBlocks(block.facts);
      case 'rows':
        within('rows', block.rows.length, limits.rows);
        return block.rows.flatMap((row) => this.#row(row));
      case 'table':
        return tableBlock(block.columns, block.rows);
      case 'compare':
        within('rows', block.rows.length, limits.rows);
        return compareBlocks(block.labels, block.rows);
      case 'buttons':
        within('buttons', block.buttons.length, limits.buttons);
        return block.buttons.length === 0
          ? []
          : [{ type: 'actions', elements: block.buttons.map((button) => this.#button(button)) }];
      case 'pager':
        return this.#pager(block.action, block.args, block.page, block.pages);
      case 'progress':
        return paragraphs(showProgress(block.done, block.total));
      case 'image':
        within('alt text', block.alt.length, slackLimits.altText);
        return [{ type: 'image', image_url: this.#links.urlOf(block.fileId), alt_text: block.alt || 'Picture' }];
      case 'file':
        return [
          {
            type: 'section',
            text: plain(`📎 ${block.name}`),
            accessory: {
              type: 'button',
              text: plain('Download'),
              url: this.#links.urlOf(block.fileId),
              action_id: this.actionId('link'),
              accessibility_label: fitted(`Download ${block.name}`, limits.buttonLabel),
            },
          },
        ];
      case 'context':
        return pieces(flat(block.text), limits.text).length > 1
          ? pieces(flat(block.text), limits.text).map((piece) => ({ type: 'context', elements: [plain(piece)] }))
          : flat(block.text) === ''
            ? []
            : [{ type: 'context', elements: [shownWithin(block.text, limits.text)] }];
      case 'divider':
        return [{ type: 'divider' }];
    }
  }

  #row({ title, detail, button }: Row): KnownBlock[] {
    const name = typeof title === 'string' ? [bold(title || '—')] : title;
    const text = detail === undefined || flat(detail) === '' ? name : [...name, '\n', ...[detail].flat()];
    const accessory = button && this.#button(button, flat(title));
    const [first = '—', ...rest] = pieces(flat(text), limits.text);
    const section: SectionBlock = {
      type: 'section',
      text: rest.length > 0 ? plain(first) : shownWithin(text, limits.text),
      ...(accessory && { accessory }),
    };
    return [section, ...rest.map((piece): SectionBlock => ({ type: 'section', text: plain(piece) }))];
  }

  #button(button: Button, of = ''): SlackButton {
    const label = fitted(button.label, limits.buttonLabel);
    const base = {
      type: 'button' as const,
      text: plain(label),
      ...(of !== '' && { accessibility_label: fitted(`${button.label} ${of}`, limits.buttonLabel) }),
    };
    if (button.kind === 'link') return { ...base, url: button.url, action_id: this.actionId('link') };
    const style = button.style && { style: button.style };
    if (button.kind === 'form') {
      return { ...base, ...style, action_id: this.actionId(`form:${button.form}`), value: argsJson(button.context) };
    }
    return {
      ...base,
      ...style,
      action_id: this.actionId(`run:${button.action}`),
      value: argsJson(button.args),
      ...(button.confirm && { confirm: confirmDialog(button.confirm, button.style) }),
    };
  }

  #pager(action: string, args: Args, page: number, pages: number): KnownBlock[] {
    if (pages <= 1) return [];
    const turn = (label: string, to: number): SlackButton =>
      this.#button({ kind: 'run', label, action, args: { ...args, page: String(to) } });
    const elements = [
      ...(page > 1 ? [turn('‹ Previous', page - 1)] : []),
      ...(page < pages ? [turn('Next ›', page + 1)] : []),
    ];
    return [
      { type: 'context', elements: [plain(`Page ${page} of ${pages}`)] },
      { type: 'actions', elements } satisfies ActionsBlock,
    ];
  }
}

const argsJson = (args: Args): string => {
  const json = JSON.stringify(args);
  within('arguments of a button', json.length, limits.args);
  return json;
};

const confirmDialog = ({ title, text, ok }: Confirm, style?: 'primary' | 'danger'): ConfirmationDialog => {
  within('title of a confirmation', title.length, slackLimits.confirmTitle);
  return {
    title: plain(title),
    text: plain(fitted(text, slackLimits.confirmText)),
    confirm: plain(fitted(ok, slackLimits.confirmButton)),
    deny: plain('Cancel'),
    ...(style && { style }),
  };
};

/** Bold and links when they fit and are safe, else the plain words. */
const shownWithin = (text: Text, max: number) => {
  const object = shown(text);
  return object.text.length <= max ? object : plain(flat(text));
};

const paragraphs = (text: Text): KnownBlock[] => {
  const words = flat(text);
  if (words.trim() === '') return [];
  if (hasStyle(text)) return [rich(text)];
  return pieces(words, limits.text).map((piece) => ({ type: 'section', text: plain(piece) }));
};

/** What is too long for a header stands below it in bold, whole. */
const heading = (text: string): KnownBlock[] => {
  if (text.trim() === '') return [];
  return text.length <= limits.messageTitle ? [{ type: 'header', text: plain(text) }] : [rich([bold(text)])];
};

const noticeBlocks = (tone: Tone, text: Text): KnownBlock[] => {
  const marked = [`${tones[tone]} `, ...[text].flat()];
  return hasStyle(text) ? [rich(marked)] : paragraphs(flat(marked));
};

const factBlocks = (facts: readonly { readonly label: string; readonly value: Text }[]): KnownBlock[] => {
  const fields: ReturnType<typeof shown>[] = [];
  const long: KnownBlock[] = [];
  for (const { label, value } of facts) {
    const words = flat(value).trim() === '' ? '—' : value;
    const text = [bold(label), '\n', ...[words].flat()];
    if (flat(text).length > limits.factValue) long.push(rich([bold(label)]), ...paragraphs(flat(words)));
    else fields.push(shownWithin(text, limits.factValue));
  }
  return [...(fields.length > 0 ? [{ type: 'section', fields } satisfies SectionBlock] : []), ...long];
};

/** Slack sets the fields of a section in two columns, and below each other where there is no room. */
const compareBlocks = ([before, after]: readonly [string, string], rows: readonly Compared[]): KnownBlock[] => {
  if (rows.length === 0) return [];
  const side = (text: Text): ReturnType<typeof shown> =>
    shownWithin(flat(text).trim() === '' ? '—' : text, limits.factValue);
  return [
    { type: 'section', fields: [side([bold(before)]), side([bold(after)])] },
    ...rows.map((row): SectionBlock => ({
      type: 'section',
      text: shownWithin(row.name, limits.text),
      fields: [side(row.before), side(row.after)],
    })),
  ];
};

/** Figures in a fixed-width font: Slack's own tables stand in messages only, and one in each. */
const tableBlock = (columns: readonly Column[], rows: readonly (readonly string[])[]): KnownBlock[] => {
  within('columns of a table', columns.length, limits.tableColumns);
  within('rows of a table', rows.length, limits.tableRows);
  if (columns.length === 0) return [];
  const oneLine = (cell: string): string => cell.replaceAll(/\s*\n\s*/g, ' ');
  const head = columns.map(({ label }) => label);
  const body = rows.map((row) => columns.map((_, index) => oneLine(row[index] ?? '')));
  const widths = columns.map((_, index) => Math.max(...[head, ...body].map((row) => widthOf(row[index] ?? ''))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const gap = ' '.repeat(widths[index]! - widthOf(cell));
        return columns[index]!.align === 'right' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [
    {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_preformatted',
          elements: pieces([line(head), rule, ...body.map(line)].join('\n'), limits.text).map((text) => ({
            type: 'text',
            text,
          })),
        },
      ],
    },
  ];
};

// ----------------------------------------------------------------------------------------------- messages

export interface SlackMessage {
  /** What a notification shows. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

const messageBlocks = (message: Message, links: FileLinks): KnownBlock[] => [
  ...heading(message.title),
  ...new Drawing(links).blocks(message.blocks),
];

/** @throws TooBigForSlack */
export const renderMessage = (message: Message, links: FileLinks): SlackMessage => {
  const blocks = messageBlocks(message, links);
  within('blocks of a message', blocks.length, limits.messageBlocks);
  return { text: escaped(message.title), blocks };
};

/** A "no", or a line that needs no heading. */
export const renderLine = (text: string, tone: Tone): SlackMessage => ({
  text: escaped(text),
  blocks: noticeBlocks(tone, text),
});

/** @throws TooBigForSlack */
export const renderHome = (message: Message, links: FileLinks): HomeView => {
  const blocks = messageBlocks(message, links);
  within('blocks of a home', blocks.length, limits.viewBlocks);
  return { type: 'home', callback_id: 'home', blocks };
};

// ----------------------------------------------------------------------------------------------- modals

/** A message where there is no channel to say it in. @throws TooBigForSlack */
export const renderMessageView = (message: Message, links: FileLinks): ModalView => {
  const blocks = messageBlocks(message, links);
  within('blocks of a view', blocks.length, limits.viewBlocks);
  return { type: 'modal', callback_id: 'message', title: plain('Seatwise'), close: plain('Close'), blocks };
};

export const renderLineView = (text: string, tone: Tone): ModalView => ({
  type: 'modal',
  callback_id: 'message',
  title: plain('Seatwise'),
  close: plain('Close'),
  blocks: noticeBlocks(tone, text),
});

/** @throws TooBigForSlack */
export const renderForm = (form: OpenForm, links: FileLinks): ModalView => {
  const { draftId, view, step, steps, errors, wayOn } = form;
  within('title of a form', view.title.length, limits.formTitle);
  within('submit label of a form', view.submit.length, limits.submitLabel);
  const drawing = new Drawing(links);
  const complaint = (name: string): KnownBlock[] => {
    if (errors[name] === undefined) return [];
    const isFirst = Object.keys(errors)[0] === name;
    return [...noticeBlocks('danger', errors[name]), ...(wayOn && isFirst ? [drawing.wayOn(wayOn)] : [])];
  };
  const blocks: KnownBlock[] = [
    ...(steps > 1 ? [{ type: 'context' as const, elements: [plain(`Step ${step} of ${steps}`)] }] : []),
    ...complaint(''),
    ...drawing.blocks(view.intro ?? []),
    ...view.fields.flatMap((field) => [...fieldBlocks(field), ...complaint(field.name)]),
    ...(step > 1
      ? [
          {
            type: 'actions' as const,
            elements: [{ type: 'button' as const, text: plain('‹ Back'), action_id: drawing.actionId('back') }],
          },
        ]
      : []),
  ];
  within('blocks of a form', blocks.length, limits.viewBlocks);
  return {
    type: 'modal',
    callback_id: 'form',
    private_metadata: draftId,
    title: plain(view.title),
    submit: plain(view.submit),
    close: plain('Cancel'),
    blocks,
  };
};

const optionObject = ({ value, label, description }: Option): PlainTextOption => {
  within('value of an option', value.length, slackLimits.optionValue);
  return {
    text: plain(fitted(label || value, limits.optionLabel)),
    value,
    ...(description && { description: plain(fitted(description, slackLimits.optionDescription)) }),
  };
};

export const renderOptions = (options: readonly Option[]): PlainTextOption[] =>
  options.slice(0, limits.options).map(optionObject);

/** The element's own id says how to read its answer; the block's id is the field's name. */
const fieldBlocks = (field: Field): KnownBlock[] => {
  within(`label of ${field.name}`, field.label.length, slackLimits.label);
  const element = elementOf(field);
  if (!element) return paragraphs(`${field.label}: there is nothing to choose from.`);
  return [
    {
      type: 'input',
      block_id: field.name,
      label: plain(field.label),
      element,
      ...(field.hint && { hint: plain(field.hint) }),
      // An unticked box is an answer, which Slack would take for a missing one.
      optional: field.kind === 'toggle' ? !field.confirms : (field.optional ?? false),
    },
  ];
};

const elementOf = (field: Field): InputBlock['element'] | null => {
  switch (field.kind) {
    case 'text': {
      const max = Math.min(field.maxLength ?? slackLimits.typed, slackLimits.typed);
      return {
        type: 'plain_text_input',
        action_id: 'text',
        multiline: field.multiline ?? false,
        max_length: max,
        ...(field.value && { initial_value: fitting(field, max) }),
        ...(field.placeholder && { placeholder: plain(fitted(field.placeholder, slackLimits.placeholder)) }),
      };
    }
    case 'email':
      return {
        type: 'email_text_input',
        action_id: 'email',
        ...(field.value && { initial_value: fitting(field, slackLimits.typed) }),
        ...(field.placeholder && { placeholder: plain(fitted(field.placeholder, slackLimits.placeholder)) }),
      };
    case 'number':
      return {
        type: 'number_input',
        action_id: 'number',
        is_decimal_allowed: false,
        ...(field.minimum !== undefined && { min_value: String(field.minimum) }),
        ...(field.maximum !== undefined && { max_value: String(field.maximum) }),
        // Slack refuses a whole view for an initial value that it would not let through.
        ...(field.value && isWithin(field.value, field.minimum, field.maximum) && { initial_value: field.value }),
      };
    case 'date':
      return {
        type: 'datepicker',
        action_id: 'date',
        ...(field.value && /^\d{4}-\d{2}-\d{2}$/.test(field.value) && { initial_date: field.value }),
      };
    case 'select': {
      if (field.options.length === 0) return null;
      within(`options of ${field.name}`, field.options.length, limits.options);
      const options = field.options.map(optionObject);
      const initial = options.find(({ value }) => value === field.value);
      return { type: 'static_select', action_id: 'select', options, ...(initial && { initial_option: initial }) };
    }
    case 'multi': {
      if (field.options.length === 0) return null;
      within(`options of ${field.name}`, field.options.length, limits.options);
      const options = field.options.map(optionObject);
      const chosen = options.filter(({ value }) => value !== undefined && field.value?.includes(value));
      const initial = chosen.length > 0 && { initial_options: chosen };
      return options.length <= slackLimits.checkboxes
        ? { type: 'checkboxes', action_id: 'multi', options, ...initial }
        : { type: 'multi_static_select', action_id: 'multi', options, ...initial };
    }
    case 'lookup':
      return {
        type: 'external_select',
        action_id: `lookup:${field.source}`,
        min_query_length: 0,
        placeholder: plain('Type to search'),
        ...(field.value && { initial_option: optionObject(field.value) }),
      };
    case 'file':
      return { type: 'file_input', action_id: 'file', filetypes: [...field.types], max_files: 1 };
    case 'toggle': {
      const option = { text: plain(fitted(field.caption ?? 'Yes', limits.optionLabel)), value: 'true' };
      return {
        type: 'checkboxes',
        action_id: 'toggle',
        options: [option],
        ...(field.value && { initial_options: [option] }),
      };
    }
  }
};

const fitting = (field: { readonly name: string; readonly value?: string }, max: number): string => {
  within(`value of ${field.name}`, field.value!.length, max);
  return field.value!;
};

const isWithin = (text: string, minimum = -Infinity, maximum = Infinity): boolean =>
  /^-?\d+$/.test(text) && Number(text) >= minimum && Number(text) <= maximum;

/** Shown while a form takes more than a moment to draw: the trigger would be dead by then. */
export const skeletonView = (): ModalView => ({
  type: 'modal',
  callback_id: 'skeleton',
  title: plain('Seatwise'),
  close: plain('Cancel'),
  blocks: [{ type: 'section', text: plain('One moment…') }],
});

/** Shown when a submission takes more than two seconds: Slack waits three. */
export const workingView = (): ModalView => ({
  type: 'modal',
  callback_id: 'working',
  title: plain('Seatwise'),
  close: plain('Close'),
  blocks: [{ type: 'section', text: plain('Working on it… The answer will stand here in a moment.') }],
});
