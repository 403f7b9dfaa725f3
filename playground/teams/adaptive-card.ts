/** Adaptive Cards as Teams takes them from a bot: version 1.5 at most, known elements, complete, not too many actions. */

export const maxActions = 6;
const maxRefreshUsers = 60;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Seen {
  readonly faults: string[];
  readonly inputIds: Set<string>;
}

/** Element type → properties it cannot be without. */
const elements: Readonly<Record<string, readonly string[]>> = {
  TextBlock: ['text'],
  RichTextBlock: ['inlines'],
  Image: ['url'],
  ImageSet: ['images'],
  Container: ['items'],
  ColumnSet: [],
  FactSet: ['facts'],
  ActionSet: ['actions'],
  Table: ['columns', 'rows'],
  'Input.Text': ['id'],
  'Input.Number': ['id'],
  'Input.Date': ['id'],
  'Input.Time': ['id'],
  'Input.Toggle': ['id', 'title'],
  'Input.ChoiceSet': ['id'],
};
const actions: Readonly<Record<string, readonly string[]>> = {
  'Action.Execute': [],
  'Action.Submit': [],
  'Action.OpenUrl': ['url'],
  'Action.ShowCard': ['card'],
  'Action.ToggleVisibility': ['targetElements'],
};

const checkAction = (value: unknown, at: string, seen: Seen): void => {
  if (!isObject(value)) return void seen.faults.push(`${at} is not an action`);
  const needed = actions[String(value.type)];
  if (!needed) return void seen.faults.push(`${at}: unknown action type ${String(value.type)}`);
  for (const name of needed) if (value[name] === undefined) seen.faults.push(`${at}: ${name} is missing`);
  if (value.title !== undefined && typeof value.title !== 'string') seen.faults.push(`${at}: title is not a text`);
  if (value.verb !== undefined && typeof value.verb !== 'string') seen.faults.push(`${at}: verb is not a text`);
  if (value.type === 'Action.ShowCard') checkCardBody(value.card, `${at}.card`, seen);
};
const checkActions = (value: unknown, at: string, seen: Seen): void => {
  if (!Array.isArray(value)) return void seen.faults.push(`${at} is not a list`);
  if (value.length > maxActions) seen.faults.push(`${at} has ${value.length} actions, Teams shows ${maxActions}`);
  for (const [index, action] of value.entries()) checkAction(action, `${at}[${index}]`, seen);
};

const checkChoices = (input: Record<string, unknown>, at: string, seen: Seen): void => {
  const query = input['choices.data'];
  if (query !== undefined && !(isObject(query) && query.type === 'Data.Query' && typeof query.dataset === 'string')) {
    seen.faults.push(`${at}: choices.data is not a Data.Query with a dataset`);
  }
  if (input.choices === undefined) {
    if (query === undefined) seen.faults.push(`${at}: choices is missing`);
    return;
  }
  if (!Array.isArray(input.choices)) return void seen.faults.push(`${at}: choices is not a list`);
  for (const [index, choice] of input.choices.entries()) {
    const complete = isObject(choice) && typeof choice.title === 'string' && typeof choice.value === 'string';
    if (!complete) seen.faults.push(`${at}.choices[${index}] needs title and value as texts`);
  }
};

const checkElement = (value: unknown, at: string, seen: Seen): void => {
  if (!isObject(value)) return void seen.faults.push(`${at} is not an element`);
  const type = String(value.type);
  const needed = elements[type];
  if (!needed) return void seen.faults.push(`${at}: unknown element type ${type}`);
  for (const name of needed) if (value[name] === undefined) seen.faults.push(`${at}: ${name} is missing`);
  if (type === 'TextBlock' && value.text !== undefined && typeof value.text !== 'string') {
    seen.faults.push(`${at}: text is not a text`);
  }
  if (type.startsWith('Input.')) {
    const id = String(value.id);
    if (seen.inputIds.has(id)) seen.faults.push(`${at}: input id ${id} is used twice`);
    seen.inputIds.add(id);
    if (value.value !== undefined && type !== 'Input.Number' && typeof value.value !== 'string') {
      seen.faults.push(`${at}: value is not a text`);
    }
    if (value.isRequired === true && typeof value.label !== 'string') {
      seen.faults.push(`${at}: a required input needs a label`);
    }
  }
  switch (type) {
    case 'Input.ChoiceSet':
      return checkChoices(value, at, seen);
    case 'ActionSet':
      return checkActions(value.actions ?? [], `${at}.actions`, seen);
    case 'Container':
      return checkElements(value.items ?? [], `${at}.items`, seen);
    case 'ImageSet':
      return checkElements(value.images ?? [], `${at}.images`, seen);
    case 'ColumnSet': {
      if (value.columns !== undefined && !Array.isArray(value.columns)) {
        return void seen.faults.push(`${at}.columns is not a list`);
      }
      for (const [index, column] of ((value.columns as unknown[] | undefined) ?? []).entries()) {
        if (!isObject(column)) seen.faults.push(`${at}.columns[${index}] is not a column`);
        else checkElements(column.items ?? [], `${at}.columns[${index}].items`, seen);
      }
      return;
    }
    case 'FactSet':
      if (!Array.isArray(value.facts)) return void seen.faults.push(`${at}.facts is not a list`);
      for (const [index, fact] of value.facts.entries()) {
        if (!isObject(fact) || typeof fact.title !== 'string' || typeof fact.value !== 'string') {
          seen.faults.push(`${at}.facts[${index}] needs title and value as texts`);
        }
      }
      return;
    case 'Table': {
      if (!Array.isArray(value.rows)) return void seen.faults.push(`${at}.rows is not a list`);
      for (const [index, row] of value.rows.entries()) {
        const cells = isObject(row) && Array.isArray(row.cells) ? row.cells : undefined;
        if (!cells) seen.faults.push(`${at}.rows[${index}].cells is missing`);
        for (const [place, cell] of (cells ?? []).entries()) {
          const here = `${at}.rows[${index}].cells[${place}]`;
          if (!isObject(cell)) seen.faults.push(`${here} is not a cell`);
          else checkElements(cell.items ?? [], `${here}.items`, seen);
        }
      }
      return;
    }
    default:
      return;
  }
};
const checkElements = (value: unknown, at: string, seen: Seen): void => {
  if (!Array.isArray(value)) return void seen.faults.push(`${at} is not a list`);
  for (const [index, element] of value.entries()) checkElement(element, `${at}[${index}]`, seen);
};

const checkCardBody = (card: unknown, at: string, seen: Seen): void => {
  if (!isObject(card)) return void seen.faults.push(`${at} is not a card`);
  if (card.type !== 'AdaptiveCard') seen.faults.push(`${at}.type is not AdaptiveCard`);
  checkElements(card.body ?? [], `${at}.body`, seen);
  if (card.actions !== undefined) checkActions(card.actions, `${at}.actions`, seen);
};

/** The faults of a card; empty when Teams takes it. */
export const faultsOfCard = (card: unknown): string[] => {
  const seen: Seen = { faults: [], inputIds: new Set() };
  checkCardBody(card, 'card', seen);
  if (!isObject(card)) return seen.faults;
  const version = /^1\.(\d)$/.exec(String(card.version));
  if (!version) seen.faults.push('card.version is not a version such as 1.5');
  else if (Number(version[1]) > 5) seen.faults.push(`card.version ${String(card.version)} is above 1.5`);
  if (isObject(card.refresh)) {
    const users = card.refresh.userIds;
    if (Array.isArray(users) && users.length > maxRefreshUsers) {
      seen.faults.push(`card.refresh.userIds has more than ${maxRefreshUsers} users`);
    }
  }
  return seen.faults;
};

/** What an action carries, and what is drawn only when all else fails, is no part of what a person sees. */
const unseen = new Set(['data', 'fallback', 'selectAction', 'refresh', 'msteams']);
const innerOf = (value: Record<string, unknown>): unknown[] =>
  Object.entries(value).flatMap(([name, part]) => (unseen.has(name) ? [] : [part]));

const partsOf = (value: unknown): Record<string, unknown>[] => {
  if (Array.isArray(value)) return value.flatMap(partsOf);
  if (!isObject(value)) return [];
  const inner = innerOf(value).flatMap(partsOf);
  return typeof value.type === 'string' ? [value, ...inner] : inner;
};
/** All actions of a card, wherever they stand. */
export const actionsOf = (card: unknown): Record<string, unknown>[] =>
  partsOf(card).filter((part) => String(part.type).startsWith('Action.'));
/** All inputs of a card, in order. */
export const inputsOf = (card: unknown): Record<string, unknown>[] =>
  partsOf(card).filter((part) => String(part.type).startsWith('Input.'));

/** The card as it is drawn: without what is hidden, unless an `Action.ToggleVisibility` has uncovered it. */
export const visiblePart = (card: unknown, toggled: ReadonlySet<string> = new Set()): unknown => {
  if (Array.isArray(card)) {
    return card.filter((part) => isShown(part, toggled)).map((part: unknown) => visiblePart(part, toggled));
  }
  if (!isObject(card)) return card;
  return Object.fromEntries(
    Object.entries(card).map(([name, part]) => [name, unseen.has(name) ? part : visiblePart(part, toggled)]),
  );
};
const isShown = (part: unknown, toggled: ReadonlySet<string>): boolean =>
  !isObject(part) || (part.isVisible !== false) !== toggled.has(String(part.id));

/** Markdown as it reads: without the backslashes that keep a character from being markup, and without bold. */
const readable = (markdown: unknown): string =>
  String(markdown)
    .replaceAll('**', '')
    .replace(/\\([^\w\s])/g, '$1');

/** All texts of a card that a person reads, in order: text blocks, facts, labels, titles of actions. */
export const textsOf = (card: unknown): string[] => {
  if (Array.isArray(card)) return card.flatMap(textsOf);
  if (!isObject(card) || card.isVisible === false) return [];
  switch (card.type) {
    case 'TextBlock':
      return [readable(card.text)];
    case 'RichTextBlock': {
      const runs = card.inlines as (string | { text: string })[];
      return [runs.map((run) => (typeof run === 'string' ? run : run.text)).join('')];
    }
    case 'FactSet':
      return (card.facts as { title: string; value: string }[]).map(
        ({ title, value }) => `${readable(title)}: ${readable(value)}`,
      );
    case 'Image':
      return typeof card.altText === 'string' ? [card.altText] : [];
    default: {
      const own = [card.label, card.title].filter((text) => typeof text === 'string');
      return String(card.type).startsWith('Input.') || String(card.type).startsWith('Action.')
        ? own
        : innerOf(card).flatMap(textsOf);
    }
  }
};
