import type { OpenForm } from '../desk.ts';
import type { WayOn } from '../feature.ts';
import type { FileLinks } from '../sender.ts';
import { showProgress } from '../format.ts';
import type { Block, Button, Field, Message, Option, Row, Text, Tone } from '../view.ts';
import { dialogDataOf, executeDataOf, goDataOf, inputId, noChoice, openDataOf } from './card-data.ts';
import type { Action, Card, Choice, ContainerStyle, Element, Input } from './card.ts';
import { linesOfRuns, literal, markdown, plain } from './text.ts';

/** Draws the neutral view as Adaptive Cards 1.5. Pure: the same view gives the same card. */

const cardOf = (fallbackText: string, body: readonly Element[], actions?: readonly Action[]): Card => ({
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  fallbackText,
  body,
  ...(actions && { actions }),
});

export const messageCard = (message: Message, links: FileLinks): Card => ({
  ...cardOf(message.title, [titleOf(message.title), ...blocksOf(message.blocks, links)]),
  msteams: { width: 'Full' },
});

/** One sentence that stands out: a refusal, or what became of something. */
export const sentenceCard = (tone: Tone, text: string): Card => cardOf(text, [noticeOf(tone, text)]);

/** Stands in the chat for a form: a bot cannot open a dialog by itself, a click can. */
export const formPromptCard = ({ draftId, view }: OpenForm): Card =>
  cardOf(view.title, [
    titleOf(view.title),
    {
      type: 'ActionSet',
      actions: [{ type: 'Action.Submit', title: 'Open the form', data: openDataOf({ resume: draftId }) }],
    },
  ]);

/** One step of a form, as the card of a dialog. What was typed before is filled in; complaints stand by their field. */
export const formCard = ({ draftId, view, step, steps, errors, wayOn }: OpenForm, links: FileLinks): Card => {
  const names = new Set(view.fields.map((field) => field.name));
  const elsewhere = Object.entries(errors).flatMap(([name, text]) => (names.has(name) ? [] : [text]));
  const inPlace = Object.keys(errors).length - elsewhere.length;
  const firstBlamed = view.fields.find(({ name }) => errors[name] !== undefined)?.name;
  const back: Action = {
    type: 'Action.Submit',
    title: 'Back',
    data: dialogDataOf(draftId, 'back'),
    associatedInputs: 'auto',
  };
  return cardOf(
    view.title,
    [
      ...(elsewhere.length + inPlace > 0 ? [complaintsOf(elsewhere, inPlace, inPlace === 0 ? wayOn : undefined)] : []),
      ...(steps > 1 ? [smallOf(`Step ${step} of ${steps}`)] : []),
      ...blocksOf(view.intro ?? [], links),
      ...view.fields.map((field) => fieldOf(field, errors[field.name], firstBlamed === field.name ? wayOn : undefined)),
    ],
    [
      { type: 'Action.Submit', title: view.submit, style: 'positive', data: dialogDataOf(draftId, 'next') },
      ...(step > 1 ? [back] : []),
    ],
  );
};

// ------------------------------------------------------------------------------------------------ text

const titleOf = (title: string): Element => ({
  type: 'TextBlock',
  text: literal(title),
  size: 'Large',
  weight: 'Bolder',
  style: 'heading',
  wrap: true,
});

const paragraphs = (text: Text, look: Parameters<typeof linesOfRuns>[1] = {}): readonly Element[] =>
  linesOfRuns(text, look).map((inlines, index) => ({
    type: 'RichTextBlock',
    inlines,
    ...(index > 0 && { spacing: 'Small' as const }),
  }));

const smallOf = (text: string): Element => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, size: 'Small', isSubtle: true }],
});

const styleOf: Readonly<Record<Tone, ContainerStyle>> = {
  info: 'accent',
  success: 'good',
  warning: 'warning',
  danger: 'attention',
};

const noticeOf = (tone: Tone, text: Text): Element => ({
  type: 'Container',
  style: styleOf[tone],
  spacing: 'Medium',
  items: paragraphs(text),
});

// ---------------------------------------------------------------------------------------------- blocks

const blocksOf = (blocks: readonly Block[], links: FileLinks): readonly Element[] => {
  const elements: Element[] = [];
  const asks = askIds();
  let dividing = false;
  for (const block of blocks) {
    if (block.kind === 'divider') {
      dividing = true;
      continue;
    }
    const [first, ...rest] = blockOf(block, links, asks);
    if (!first) continue;
    // Cards have no line of their own: the element below carries it.
    elements.push(dividing ? { ...first, separator: true, spacing: 'Medium' } : first, ...rest);
    dividing = false;
  }
  return elements;
};

const blockOf = (
  block: Exclude<Block, { kind: 'divider' }>,
  links: FileLinks,
  asks: () => string,
): readonly Element[] => {
  switch (block.kind) {
    case 'text':
      return paragraphs(block.text);
    case 'heading':
      return [
        {
          type: 'TextBlock',
          text: literal(block.text),
          size: 'Medium',
          weight: 'Bolder',
          style: 'heading',
          wrap: true,
          spacing: 'Medium',
        },
      ];
    case 'notice':
      return [noticeOf(block.tone, block.text)];
    case 'facts':
      return [
        {
          type: 'FactSet',
          facts: block.facts.map(({ label, value }) => ({ title: literal(label), value: markdown(value) })),
        },
      ];
    case 'rows':
      return block.rows.flatMap((row) => rowOf(row, asks));
    case 'table':
      return [tableOf(block)];
    case 'compare':
      return compareOf(block);
    case 'buttons':
      return buttonsOf(block.buttons, asks);
    case 'pager':
      return pagerOf(block);
    case 'progress':
      return paragraphs(showProgress(block.done, block.total));
    case 'image':
      return [
        {
          type: 'Image',
          url: links.urlOf(block.fileId),
          altText: block.alt,
          size: 'Stretch',
          msTeams: { allowExpand: true },
        },
      ];
    case 'file':
      return [
        {
          type: 'ActionSet',
          actions: [{ type: 'Action.OpenUrl', title: `Download ${block.name}`, url: links.urlOf(block.fileId) }],
        },
      ];
    case 'context':
      return paragraphs(block.text, { size: 'Small', isSubtle: true });
  }
};

const rowOf = ({ title, detail, button }: Row, asks: () => string): readonly Element[] => {
  const words: readonly Element[] = [
    ...paragraphs(title),
    ...paragraphs(detail ?? '', { size: 'Small', isSubtle: true }).map((line) => ({
      ...line,
      spacing: 'None' as const,
    })),
  ];
  // A screen reader says only the button's label, the same in each row: the tooltip names the row.
  const drawn = button && buttonOf(button, asks, plain(title));
  return [
    {
      type: 'ColumnSet',
      spacing: 'Medium',
      columns: [
        { type: 'Column', width: 'stretch', verticalContentAlignment: 'Center', items: words },
        ...(drawn
          ? [
              {
                type: 'Column' as const,
                width: 'auto' as const,
                verticalContentAlignment: 'Center' as const,
                items: [{ type: 'ActionSet' as const, actions: [drawn.action] }],
              },
            ]
          : []),
      ],
    },
    ...(drawn?.ask ? [drawn.ask] : []),
  ];
};

const compareOf = ({ labels, rows }: Extract<Block, { kind: 'compare' }>): readonly Element[] => {
  const sides = (sidesOf: readonly (readonly Element[])[]): Element => ({
    type: 'ColumnSet',
    spacing: 'Small',
    columns: sidesOf.map((items) => ({ type: 'Column', width: 'stretch', items })),
  });
  const words = (text: Text): readonly Element[] => {
    const lines = paragraphs(text, { size: 'Small' }).map((line) => ({ ...line, spacing: 'None' as const }));
    return lines.length > 0 ? lines : paragraphs('—', { size: 'Small' });
  };
  return rows.length === 0
    ? []
    : [
        { ...sides(labels.map((label) => paragraphs(label, { size: 'Small', weight: 'Bolder' }))), spacing: 'Medium' },
        ...rows.map(({ name, before, after }): Element => ({
          type: 'Container',
          separator: true,
          spacing: 'Small',
          items: [...paragraphs(name), sides([words(before), words(after)])],
        })),
      ];
};

const tableOf = ({ columns, rows }: Extract<Block, { kind: 'table' }>): Element => ({
  type: 'Table',
  firstRowAsHeaders: true,
  showGridLines: false,
  // The first column names the thing and needs the room; the others are figures or a word.
  columns: columns.map(({ align }, index) => ({
    width: index === 0 ? 3 : 2,
    ...(align && { horizontalCellContentAlignment: 'Right' as const }),
  })),
  rows: [
    {
      type: 'TableRow',
      cells: columns.map(({ label, align }) => ({
        type: 'TableCell',
        items: [
          {
            type: 'TextBlock',
            // Where it is narrow, "Product/Service" may break after its stroke, and nowhere in a word.
            text: literal(label).replaceAll('/', '/\u200b'),
            weight: 'Bolder',
            wrap: true,
            style: 'columnHeader',
            ...(align && { horizontalAlignment: 'Right' as const }),
          },
        ],
      })),
    },
    ...rows.map((row) => ({
      type: 'TableRow' as const,
      cells: row.map((cell, index) => ({
        type: 'TableCell' as const,
        items: paragraphs(cell).map((line) =>
          columns[index]?.align ? { ...line, horizontalAlignment: 'Right' as const } : line,
        ) as readonly Element[],
      })),
    })),
  ],
});

const pagerOf = ({ action, args, page, pages }: Extract<Block, { kind: 'pager' }>): readonly Element[] => {
  if (pages <= 1) return [];
  const turn = (title: string, tooltip: string, to: number): Element => ({
    type: 'ActionSet',
    actions: [
      {
        type: 'Action.Execute',
        title,
        tooltip,
        verb: action,
        data: executeDataOf({ ...args, page: `${to}` }),
        associatedInputs: 'none',
        isEnabled: to >= 1 && to <= pages,
      },
    ],
  });
  const column = (item: Element) =>
    ({ type: 'Column', width: 'auto', verticalContentAlignment: 'Center', items: [item] }) as const;
  return [
    {
      type: 'ColumnSet',
      spacing: 'Medium',
      columns: [
        column(turn('‹', 'Previous page', page - 1)),
        column({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: `${page}/${pages}` }] }),
        column(turn('›', 'Next page', page + 1)),
      ],
    },
  ];
};

// --------------------------------------------------------------------------------------------- buttons

/** Ids of the questions that a card hides until their button is clicked. */
const askIds = (): (() => string) => {
  let count = 0;
  return () => `ask-${++count}`;
};

const buttonsOf = (buttons: readonly Button[], asks: () => string): readonly Element[] => {
  const drawn = buttons.map((button) => buttonOf(button, asks));
  return [
    { type: 'ActionSet', spacing: 'Medium', actions: drawn.map(({ action }) => action) },
    ...drawn.flatMap(({ ask }) => (ask ? [ask] : [])),
  ];
};

const styleOfButton = (style: 'primary' | 'danger' | undefined): Pick<Action, 'style'> =>
  style ? { style: style === 'primary' ? 'positive' : 'destructive' } : {};

interface DrawnButton {
  readonly action: Action;
  /** "Are you sure?", which the action shows below. */
  readonly ask?: Element;
}

const buttonOf = (button: Button, asks: () => string, about?: string): DrawnButton => {
  const named = { title: button.label, ...(about && { tooltip: `${button.label}: ${about}` }) };
  switch (button.kind) {
    case 'link':
      return { action: { type: 'Action.OpenUrl', ...named, url: button.url } };
    case 'form': {
      const { form, context, style } = button;
      const data = openDataOf({ open: { form, context: { ...context } } });
      return {
        action: { type: 'Action.Submit', ...named, ...styleOfButton(style), data, associatedInputs: 'none' },
      };
    }
    case 'run': {
      const run = {
        type: 'Action.Execute',
        ...styleOfButton(button.style),
        verb: button.action,
        data: executeDataOf(button.args),
        associatedInputs: 'none',
      } as const;
      if (!button.confirm) return { action: { ...run, ...named } };
      return askFirst(button.confirm, run, named, styleOfButton(button.style), asks());
    }
  }
};

/** Cards know no confirmation: the button uncovers the question, and the question has the button that acts. */
const askFirst = (
  confirm: { readonly title: string; readonly text: string; readonly ok: string },
  run: Omit<Extract<Action, { type: 'Action.Execute' }>, 'title'>,
  named: Pick<Action, 'title' | 'tooltip'>,
  style: Pick<Action, 'style'>,
  id: string,
): DrawnButton => ({
  action: { type: 'Action.ToggleVisibility', ...named, ...style, targetElements: [id] },
  ask: {
    type: 'Container',
    id,
    isVisible: false,
    style: 'emphasis',
    spacing: 'Medium',
    items: [
      ...paragraphs(confirm.title, { weight: 'Bolder' }),
      ...paragraphs(confirm.text),
      {
        type: 'ActionSet',
        actions: [
          { ...run, title: confirm.ok },
          { type: 'Action.ToggleVisibility', title: 'Cancel', targetElements: [id] },
        ],
      },
    ],
  },
});

// ----------------------------------------------------------------------------------------------- forms

/** What stands above a form that was not taken: complaints without a field, and how many stand below. */
const complaintsOf = (elsewhere: readonly string[], inPlace: number, wayOn?: WayOn): Element => ({
  type: 'Container',
  style: 'attention',
  bleed: true,
  items: [
    ...elsewhere.flatMap((text) => paragraphs(text, { weight: 'Bolder' })),
    ...(inPlace > 0
      ? paragraphs(inPlace === 1 ? 'One answer needs another look.' : `${inPlace} answers need another look.`)
      : []),
    ...wayOnOf(wayOn),
  ],
});

/** Inside a dialog every button submits it: what opens another form there says so in its data alone. */
const wayOnOf = (wayOn: WayOn | undefined): readonly Element[] =>
  wayOn
    ? [
        {
          type: 'ActionSet',
          actions: [
            {
              type: 'Action.Submit',
              title: wayOn.label,
              style: 'positive',
              data: goDataOf({ form: wayOn.form, context: { ...wayOn.context } }),
              associatedInputs: 'none',
            },
          ],
        },
      ]
    : [];

/** Teams has no complaint of a server's own at a field: a coloured frame with the sentence below shows it. */
const fieldOf = (field: Field, error: string | undefined, wayOn: WayOn | undefined): Element => ({
  type: 'Container',
  spacing: 'Medium',
  ...(error !== undefined && { style: 'attention' as const }),
  items: [
    ...(field.kind === 'file' ? paragraphs(`${field.label}: send it with a message.`) : [inputOf(field)]),
    ...(field.hint ? paragraphs(field.hint, { size: 'Small', isSubtle: true }).map(closely) : []),
    ...(error === undefined
      ? []
      : paragraphs(error, { color: 'Attention', size: 'Small', weight: 'Bolder' }).map(closely)),
    ...wayOnOf(wayOn),
  ],
});
const closely = (element: Element): Element => ({ ...element, spacing: 'Small' });

/**
 * The client checks nothing: a required or limited input that it finds wrong would also lock the way back, and an
 * optional number with a least value blocks silently in some clients. The desk checks, and says it in its own words.
 */
const inputOf = (field: Exclude<Field, { kind: 'file' }>): Input => {
  const { name, optional } = field;
  const base = {
    id: inputId(name, field.kind === 'multi'),
    label: optional ? `${field.label} (optional)` : field.label,
  };
  switch (field.kind) {
    case 'text':
      return {
        type: 'Input.Text',
        ...base,
        ...valueOf(field.value),
        ...(field.placeholder && { placeholder: field.placeholder }),
        ...(field.multiline && { isMultiline: true }),
        ...(field.maxLength && { maxLength: field.maxLength }),
      };
    case 'email':
      return {
        type: 'Input.Text',
        style: 'Email',
        ...base,
        ...valueOf(field.value),
        ...(field.placeholder && { placeholder: field.placeholder }),
      };
    case 'number':
      return {
        type: 'Input.Number',
        ...base,
        ...(isNumber(field.value) && { value: Number(field.value) }),
      };
    case 'date':
      return { type: 'Input.Date', ...base, ...valueOf(field.value) };
    case 'select':
      return {
        type: 'Input.ChoiceSet',
        style: 'compact',
        ...base,
        placeholder: 'Choose',
        choices: [...(optional ? [{ title: '—', value: noChoice }] : []), ...field.options.map(choiceOf)],
        ...valueOf(field.value),
      };
    case 'multi':
      return {
        type: 'Input.ChoiceSet',
        isMultiSelect: true,
        style: field.options.length <= expandedOptions ? 'expanded' : 'compact',
        wrap: true,
        ...base,
        // Beside a box the words are Markdown.
        choices: field.options.map(choiceOf).map(({ title, value }) => ({ title: literal(title), value })),
        ...valueOf(field.value?.join(',')),
      };
    case 'lookup':
      return {
        type: 'Input.ChoiceSet',
        style: 'filtered',
        ...base,
        placeholder: 'Type to search',
        'choices.data': { type: 'Data.Query', dataset: field.source },
        // Without the chosen one among the choices, its label would be lost.
        choices: field.value ? [{ title: field.value.label, value: field.value.value }] : [],
        ...valueOf(field.value?.value),
      };
    case 'toggle':
      return {
        type: 'Input.Toggle',
        ...base,
        title: literal(field.caption ?? 'Yes'),
        value: `${field.value ?? false}`,
        valueOn: 'true',
        valueOff: 'false',
        wrap: true,
      };
  }
};

/** As many boxes as can stand open without pushing the rest of the form away. */
const expandedOptions = 8;

const valueOf = (value: string | undefined): { readonly value?: string } =>
  value === undefined || value === '' ? {} : { value };

const isNumber = (value: string | undefined): value is string =>
  value !== undefined && value.trim() !== '' && Number.isFinite(Number(value));

const choiceOf = ({ value, label, description }: Option): Choice => ({
  title: description ? `${label} · ${description}` : label,
  value,
});
