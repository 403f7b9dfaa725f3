/**
 * Persons for tests and scripts: they see what the page would show them and act by what is written on the screen
 * (a button's label, a field's label, an option's text), never by ids that a person cannot see.
 */
import type {
  JsonObject,
  SlackMessage,
  SlackModals,
  SlackSource,
  SlackView,
  TeamsActivity,
  TeamsDialog,
} from './protocol.ts';
import type { Playground } from './server.ts';
import { elementsOf, isObject } from './slack/block-kit.ts';
import { untouched, valueField } from './slack/view-state.ts';
import { actionsOf, inputsOf, textsOf, visiblePart } from './teams/adaptive-card.ts';
import { cardType } from './teams/tenant.ts';
import { personaOf, slackImId, teamsBot, teamsPersonalChatId } from './world.ts';

const waitMs = 5000;

/** What was looked for is not on the screen; the message shows what is. */
export class NotVisible extends Error {}

type Found<T> = T | undefined | null | false;

/** Looks again after each event until there is something; rejects with the screen after five seconds. */
const watcher =
  (playground: Playground, screen: () => string) =>
  <T>(look: () => Found<T>, what = 'what was waited for', withinMs = waitMs): Promise<T> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        unlisten();
      };
      const check = (): void => {
        try {
          const found = look();
          if (!found) return;
          stop();
          resolve(found);
        } catch (error) {
          stop();
          reject(error);
        }
      };
      const timer = setTimeout(() => {
        stop();
        reject(new NotVisible(`${what} did not appear within ${withinMs} ms. On the screen:\n${screen()}`));
      }, withinMs);
      const unlisten = playground.stream.listen(() => check());
      check();
    });

const wordsOf = (value: unknown): string => (isObject(value) && typeof value.text === 'string' ? value.text : '');

// ---------------------------------------------------------------------------------------------- Slack

/** mrkdwn as it reads: without bold marks, links as their words. */
const readable = (mrkdwn: string): string =>
  mrkdwn
    .replace(/<[^<>|]+\|([^<>]*)>/g, '$1')
    .replace(/(^|[\s(])\*([^*\n]+)\*(?=$|[\s.,:;!?)])/gm, '$1$2')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** The texts of blocks in reading order, buttons and labels included. */
export const textsOfBlocks = (blocks: readonly JsonObject[]): string[] => {
  const collect = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(collect);
    if (!isObject(value)) return [];
    const type = String(value.type);
    if (type === 'mrkdwn') return [readable(String(value.text))];
    if (type === 'plain_text' || type === 'raw_text' || type === 'markdown') return [String(value.text)];
    if (type === 'image') return [...collect(value.title), String(value.alt_text)];
    if (type.startsWith('rich_text_') && type !== 'rich_text_list') {
      const inlines = value.elements as { text?: string; url?: string; name?: string }[];
      return [inlines.map((part) => part.text ?? part.url ?? part.name ?? '').join('')];
    }
    // A closed menu shows its choice, not its choices; radio buttons and boxes show all.
    const isOpen = type === 'radio_buttons' || type === 'checkboxes';
    const shown = [value.label, value.text, value.fields, value.elements, value.rows, value.accessory, value.element];
    return [
      ...shown.flatMap(collect),
      ...(isOpen ? (value.options as JsonObject[]).flatMap((option) => collect(option.text)) : []),
      ...(isOpen || !isObject(value.initial_option) ? [] : collect(value.initial_option.text)),
      ...(typeof value.initial_value === 'string' ? [value.initial_value] : []),
      ...collect(value.hint),
    ];
  };
  return collect(blocks);
};

/** All that a person reads of a message. */
export const textOfSlackMessage = (message: SlackMessage): string =>
  [
    ...(message.blocks.length > 0 ? textsOfBlocks(message.blocks) : [message.text]),
    ...message.files.map((file) => file.name),
  ].join('\n');

export interface Where {
  /** Only in this channel (Slack) or chat (Teams). */
  readonly in?: string;
  /** Only in messages, rows or blocks that contain this text. */
  readonly beside?: string;
  /** Only in this very message. */
  readonly message?: SlackMessage | TeamsActivity;
}

interface SlackSurface {
  readonly source: SlackSource;
  readonly blocks: readonly JsonObject[];
}

export const slackPerson = (playground: Playground, who: string) => {
  const persona = personaOf(who);
  const user = persona?.slackUserId;
  if (!persona || !user) throw new NotVisible(`${who} has no Slack account`);
  const { people, workspace } = playground.slack;
  const by = { persona: persona.id };
  const dm = slackImId(user);
  /** What was typed into views, by view id. */
  const typed = new Map<string, Record<string, Record<string, JsonObject>>>();
  // Slack forgets what was typed into a field that a new version of the view no longer has.
  playground.stream.listen((event, data) => {
    if (event !== 'slack.modals' || (data as { persona: string }).persona !== persona.id) return;
    for (const view of modals()?.views ?? []) {
      const fields = view.blocks.flatMap((block) =>
        elementsOf(block).map((element) => `${String(block.block_id)} ${String(element.action_id)}`),
      );
      for (const [blockId, actions] of Object.entries(typed.get(view.id) ?? {})) {
        for (const actionId of Object.keys(actions)) {
          if (!fields.includes(`${blockId} ${actionId}`)) delete actions[actionId];
        }
      }
    }
  });

  const messages = (channel?: string): SlackMessage[] =>
    playground.store
      .all('slack_message')
      .filter((message) => (channel === undefined ? true : message.channel === channel))
      .filter((message) => workspace.channelOf(message.channel)?.members.includes(user))
      .filter((message) => message.visibleTo === undefined || message.visibleTo === user);
  const modals = (): SlackModals | undefined => workspace.modalsOf(user);
  const top = (): SlackView | undefined => modals()?.views.at(-1);
  const textOfView = (view: SlackView): string =>
    [view.title?.text, ...textsOfBlocks(view.blocks), view.submit?.text, view.close?.text].filter(Boolean).join('\n');
  const screen = (): string => {
    const view = top();
    const errors = Object.values(modals()?.errors ?? {});
    return [
      ...messages()
        .slice(-5)
        .map((message) => `[${message.channel}] ${textOfSlackMessage(message)}`),
      ...(view ? [`[modal] ${[textOfView(view), ...errors, modals()?.problem ?? ''].join('\n')}`] : []),
    ].join('\n---\n');
  };
  const until = watcher(playground, screen);

  /** Where the person looks, nearest first: an open modal covers all else; then the newest message; then the home. */
  const surfaces = (where: Where): SlackSurface[] => {
    const view = top();
    if (view && !where.in && !where.message) return [{ source: { in: 'view', viewId: view.id }, blocks: view.blocks }];
    const home = workspace.homeOf(user);
    const all = where.message
      ? [messages().find((each) => each.ts === (where.message as SlackMessage).ts)]
      : messages(where.in).toReversed();
    return [
      ...all
        .filter((message) => message !== undefined)
        .map((message) => ({
          source: { in: 'message' as const, channel: message.channel, ts: message.ts },
          blocks: message.blocks,
        })),
      ...(home && !where.in && !where.message
        ? [{ source: { in: 'view' as const, viewId: home.id }, blocks: home.blocks }]
        : []),
    ];
  };

  interface Hit {
    readonly surface: SlackSurface;
    readonly block: JsonObject;
    readonly element: Record<string, unknown>;
  }
  const find = (
    where: Where,
    fits: (block: JsonObject, element: Record<string, unknown>) => boolean,
    what: string,
  ): Hit => {
    for (const surface of surfaces(where)) {
      const whole = textsOfBlocks(surface.blocks).join('\n');
      const hits = surface.blocks.flatMap((block) =>
        elementsOf(block)
          .filter((element) => fits(block, element))
          .map((element) => ({ surface, block, element })),
      );
      if (hits.length === 0) continue;
      if (where.beside === undefined) return hits[0]!;
      const { beside } = where;
      // The row itself, or the row above a row of buttons, or the whole message when it speaks of one thing only.
      const near = hits.find(({ block }) => {
        const at = surface.blocks.indexOf(block);
        const above = block.type === 'actions' && at > 0 ? [surface.blocks[at - 1]!] : [];
        return textsOfBlocks([...above, block])
          .join('\n')
          .includes(beside);
      });
      if (near) return near;
      if (hits.length === 1 && whole.includes(beside)) return hits[0]!;
    }
    throw new NotVisible(`${persona.name} sees no ${what}. On the screen:\n${screen()}`);
  };
  const stateOf = (source: SlackSource): Record<string, Record<string, JsonObject>> =>
    typed.get(source.in === 'view' ? source.viewId : `${source.channel}/${source.ts}`) ?? {};
  const keep = (source: SlackSource, blockId: string, actionId: string, value: JsonObject): void => {
    const key = source.in === 'view' ? source.viewId : `${source.channel}/${source.ts}`;
    const state = typed.get(key) ?? {};
    (state[blockId] ??= {})[actionId] = value;
    typed.set(key, state);
  };
  const act = async ({ surface, block, element }: Hit, action: JsonObject): Promise<void> => {
    await people.action({
      ...by,
      source: surface.source,
      blockId: String(block.block_id),
      actionId: String(element.action_id),
      action,
      state: stateOf(surface.source),
    });
  };
  /** Sets a field, and tells the app at once where Slack does: outside input blocks, or with `dispatch_action`. */
  const set = async (hit: Hit, held: unknown): Promise<void> => {
    const type = String(hit.element.type);
    const value = { type, [valueField(type)!]: held } as JsonObject;
    keep(hit.surface.source, String(hit.block.block_id), String(hit.element.action_id), value);
    if (hit.block.type !== 'input' || hit.block.dispatch_action === true) await act(hit, value);
  };
  const labelled = (label: string) => (block: JsonObject, element: Record<string, unknown>) =>
    untouched(element) !== undefined &&
    (wordsOf(block.label) === label ||
      wordsOf(element.placeholder) === label ||
      (block.type === 'section' && wordsOf(block.text).includes(label)));

  const offered = async ({ surface, block, element }: Hit, search: string): Promise<Record<string, unknown>[]> => {
    const type = String(element.type);
    const source = type.includes('external')
      ? await people.options({
          ...by,
          source: surface.source,
          blockId: String(block.block_id),
          actionId: String(element.action_id),
          value: search,
        })
      : element;
    const groups = (source.option_groups as { options: JsonObject[] }[] | undefined) ?? [];
    return [...((source.options as JsonObject[] | undefined) ?? []), ...groups.flatMap((group) => group.options)];
  };

  return {
    persona,
    user,
    dm,
    screen,
    until,

    /** Types `/lmp TEXT`, in the DM with the bot unless told where. Resolves when the app acknowledged. */
    command: (text: string, channel = dm): Promise<void> => people.command({ ...by, channel, command: '/lmp', text }),
    say: (text: string, channel = dm): Promise<void> => people.message({ ...by, channel, text }),

    /** All messages that this person can see, oldest first. */
    messages,
    text: textOfSlackMessage,
    /** Waits for a message that contains all these texts; the newest one that does. */
    sees: (texts: string | readonly string[], channel?: string): Promise<SlackMessage> =>
      until(
        () =>
          messages(channel).findLast((message) =>
            [texts].flat().every((text) => textOfSlackMessage(message).includes(text)),
          ),
        `a message with ${JSON.stringify(texts)}`,
      ),

    /** Clicks a button by its label, or an entry of an overflow menu. Confirms when asked. */
    async click(label: string, where: Where = {}): Promise<void> {
      const hit = find(
        where,
        (_block, element) =>
          (element.type === 'button' && wordsOf(element.text) === label) ||
          (element.type === 'overflow' &&
            (element.options as JsonObject[]).some((each) => wordsOf(each.text) === label)),
        `button "${label}"`,
      );
      const entry = (hit.element.options as JsonObject[] | undefined)?.find((each) => wordsOf(each.text) === label);
      const { type } = hit.element;
      await act(
        hit,
        entry
          ? { type: 'overflow', selected_option: entry }
          : { type: type as string, value: (hit.element.value as string | undefined) ?? null },
      );
    },
    /** True while a button with this label can be clicked. */
    canClick(label: string, where: Where = {}): boolean {
      return surfaces(where).some((surface) =>
        surface.blocks
          .flatMap(elementsOf)
          .some((element) => element.type === 'button' && wordsOf(element.text) === label),
      );
    },

    /** The open modal on top. */
    modal():
      | {
          title: string;
          text: string;
          errors: Record<string, string>;
          problem: string | null;
          depth: number;
          view: SlackView;
        }
      | undefined {
      const open = modals();
      const view = top();
      if (!open || !view) return undefined;
      // Errors by the label of their field, as a person sees them.
      const errors = Object.entries(open.errors).map(([blockId, text]) => {
        const block = view.blocks.find((each) => each.block_id === blockId);
        return [wordsOf(block?.label) || blockId, text];
      });
      return {
        title: view.title?.text ?? '',
        text: textOfView(view),
        errors: Object.fromEntries(errors) as Record<string, string>,
        problem: open.problem,
        depth: open.views.length,
        view,
      };
    },
    /** Waits until a modal with this title is on top. */
    seesModal(title: string) {
      return until(() => (this.modal()?.title === title ? this.modal() : undefined), `a modal "${title}"`);
    },

    /** Types into a text, number or date field by its label; an empty text empties it. */
    async fill(label: string, value: string, where: Where = {}): Promise<void> {
      const hit = find(where, labelled(label), `field "${label}"`);
      await set(hit, value === '' ? null : value);
    },
    /** Puts a file into the field for one. */
    async attach(label: string, name: string, bytes: Uint8Array, where: Where = {}): Promise<void> {
      const { id } = playground.upload(persona.id, name, bytes);
      await set(find(where, labelled(label), `field "${label}"`), [{ id, name }]);
    },
    /** Chooses by the option's text; several texts for boxes and multi selects. Searches where the field searches. */
    async choose(label: string, option: string | readonly string[], where: Where = {}): Promise<void> {
      const hit = find(where, labelled(label), `field "${label}"`);
      const wanted = [option].flat();
      const chosen = [];
      for (const text of wanted) {
        const options = await offered(hit, text);
        const found =
          options.find((each) => wordsOf(each.text) === text) ??
          options.find((each) => wordsOf(each.text).startsWith(text));
        if (!found) {
          throw new NotVisible(
            `"${label}" offers no "${text}", but: ${options.map((each) => wordsOf(each.text)).join(' · ')}`,
          );
        }
        chosen.push(found);
      }
      const many = valueField(String(hit.element.type)) === 'selected_options';
      await set(hit, many ? chosen : chosen[0]);
    },
    /** What a search field or menu offers for a typed text. */
    async choices(label: string, search = '', where: Where = {}): Promise<string[]> {
      return (await offered(find(where, labelled(label), `field "${label}"`), search)).map((each) =>
        wordsOf(each.text),
      );
    },
    /** Presses the modal's submit button. Resolves when the app acknowledged. */
    async submit(): Promise<void> {
      const view = top();
      if (!view) throw new NotVisible(`${persona.name} has no modal open`);
      await people.submit({ ...by, viewId: view.id, state: typed.get(view.id) ?? {} });
    },
    /** Cancel or back: the top modal goes. */
    async cancel(): Promise<void> {
      const view = top();
      if (view) await people.close({ ...by, viewId: view.id, all: false });
    },
    /** The cross: all modals go. */
    async dismiss(): Promise<void> {
      const view = top();
      if (view) await people.close({ ...by, viewId: view.id, all: true });
    },

    /** Opens the app's home and waits until it is there; what stands on it. */
    async home(): Promise<string> {
      const before = workspace.homeOf(user)?.hash;
      await people.openHome(by);
      const view = await until(() => {
        const home = workspace.homeOf(user);
        return home && home.hash !== before ? home : undefined;
      }, 'the home');
      return textOfView(view);
    },
    /** The bytes of a file that hangs on a message. */
    file(message: SlackMessage, name?: string): Uint8Array {
      const file = message.files.find((each) => name === undefined || each.name === name);
      const bytes = file && playground.store.bytes(file.id);
      if (!bytes) throw new NotVisible(`no file ${name ?? ''} on that message`);
      return bytes;
    },
  };
};
export type SlackPerson = ReturnType<typeof slackPerson>;

// ---------------------------------------------------------------------------------------------- Teams

/** All that this person reads of an activity. */
const textOfActivity = (activity: TeamsActivity, personaId: string): string => {
  if (activity.deleted) return '(deleted)';
  const cards = activity.attachments.map((each) =>
    each.contentType === cardType
      ? textsOf(activity.answers[personaId] ?? each.content).join('\n')
      : (each.name ?? each.contentType),
  );
  return [activity.text, ...cards].filter(Boolean).join('\n');
};

/** What fits in the smallest part of a card that holds the text too; nothing when that part leaves a choice. */
const smallestWith = (
  card: unknown,
  beside: string,
  parts: (node: unknown) => Record<string, unknown>[],
): Record<string, unknown> | undefined => {
  if (!Array.isArray(card) && !isObject(card)) return undefined;
  for (const inner of Array.isArray(card) ? card : Object.values(card)) {
    const found = smallestWith(inner, beside, parts);
    if (found) return found;
  }
  const fitting = textsOf(card).join('\n').includes(beside) ? parts(card) : [];
  return fitting.length === 1 ? fitting[0] : undefined;
};

export const teamsPerson = (playground: Playground, who: string) => {
  const persona = personaOf(who);
  const user = persona?.teamsUserId;
  if (!persona || !user) throw new NotVisible(`${who} has no Teams account`);
  const { people, tenant } = playground.teams;
  const by = { persona: persona.id };
  const personal = teamsPersonalChatId(user);

  interface TeamsSurface {
    /** The card as the app gave it: what was typed and uncovered is kept with it, and goes when another is drawn. */
    readonly given: JsonObject;
    /** The card as it is seen. */
    readonly card: JsonObject;
    readonly activity: TeamsActivity | undefined;
  }
  const typed = new WeakMap<JsonObject, Record<string, string>>();
  /** Ids of the elements that this person has uncovered or covered. */
  const toggled = new WeakMap<JsonObject, Set<string>>();

  const messages = (chat?: string): TeamsActivity[] =>
    playground.store
      .all('teams_activity')
      .filter((activity) => (chat === undefined ? true : activity.chat === chat))
      .filter((activity) => tenant.chatOf(activity.chat)?.members.includes(user));
  const cardOf = (activity: TeamsActivity): JsonObject | undefined =>
    activity.answers[persona.id] ?? activity.attachments.find((each) => each.contentType === cardType)?.content;
  const dialog = (): TeamsDialog | undefined => tenant.dialogOf(persona.id)?.dialog;
  const text = (activity: TeamsActivity): string => textOfActivity(activity, persona.id);
  const screen = (): string => {
    const open = dialog();
    return [
      ...messages()
        .slice(-5)
        .map((activity) => `[${activity.chat}] ${text(activity)}`),
      ...(open ? [`[dialog ${open.title}] ${[...textsOf(open.card), open.problem ?? ''].join('\n')}`] : []),
    ].join('\n---\n');
  };
  const until = watcher(playground, screen);

  const surfaces = (where: Where): TeamsSurface[] => {
    const open = dialog();
    const surface = (given: JsonObject, activity?: TeamsActivity): TeamsSurface => ({
      given,
      card: visiblePart(given, toggled.get(given)) as JsonObject,
      activity,
    });
    if (open && !where.in && !where.message) return [surface(open.card)];
    const all = where.message
      ? messages().filter((each) => each.id === (where.message as TeamsActivity).id)
      : messages(where.in).toReversed();
    return all.flatMap((activity) => {
      const card = cardOf(activity);
      return card ? [surface(card, activity)] : [];
    });
  };
  const find = (
    where: Where,
    parts: (card: unknown) => Record<string, unknown>[],
    what: string,
  ): { surface: TeamsSurface; part: Record<string, unknown> } => {
    for (const surface of surfaces(where)) {
      const named =
        where.beside === undefined
          ? undefined
          : parts(surface.card).find((each) => String(each.tooltip ?? '').includes(where.beside!));
      const part =
        where.beside === undefined
          ? parts(surface.card)[0]
          : (named ?? smallestWith(surface.card, where.beside, parts));
      if (part) return { surface, part };
    }
    throw new NotVisible(`${persona.name} sees no ${what}. On the screen:\n${screen()}`);
  };
  const inputLabelled = (label: string) => (card: unknown) =>
    inputsOf(card).filter((input) =>
      [label, `${label} (optional)`].some((each) => [input.label, input.title, input.placeholder].includes(each)),
    );
  const put = (surface: TeamsSurface, id: unknown, value: string): void => {
    typed.set(surface.given, { ...typed.get(surface.given), [String(id)]: value });
  };
  /** The inputs of a card as Teams sends them: texts all, the empty ones left out. */
  const valuesOf = (surface: TeamsSurface): Record<string, string> => {
    const given = typed.get(surface.given) ?? {};
    const values: Record<string, string> = {};
    for (const input of inputsOf(surface.card)) {
      const id = String(input.id);
      const off = input.type === 'Input.Toggle' ? String(input.valueOff ?? 'false') : '';
      const value = given[id] ?? (input.value === undefined ? off : String(input.value));
      if (value === '' && input.isRequired === true) {
        throw new NotVisible(
          `Teams does not send: "${String(input.label)}" is required (${String(input.errorMessage ?? '')})`,
        );
      }
      if (value !== '') values[id] = value;
    }
    return values;
  };

  return {
    persona,
    user,
    personal,
    screen,
    until,
    messages,
    text,

    /** Writes to the bot: in the personal chat, or with an @mention in a channel, as a new post or in a thread. */
    say: (
      words: string,
      where: {
        in?: string;
        threadId?: string;
        mention?: boolean;
        file?: { readonly name: string; readonly bytes: Uint8Array };
      } = {},
    ): Promise<void> =>
      people.message({
        ...by,
        chat: where.in ?? personal,
        text: words,
        mention: where.mention ?? where.in !== undefined,
        threadId: where.threadId,
        ...(where.file && { files: [playground.upload(persona.id, where.file.name, where.file.bytes).id] }),
      }),
    /** Waits for a message of the bot that contains all these texts, as this person sees it; the newest one. */
    sees: (texts: string | readonly string[], chat?: string): Promise<TeamsActivity> =>
      until(
        () =>
          messages(chat).findLast(
            (activity) =>
              activity.from === teamsBot.id && [texts].flat().every((each) => text(activity).includes(each)),
          ),
        `a message with ${JSON.stringify(texts)}`,
      ),

    /** Clicks an action by its title: in the open dialog, else in the newest card that has it. */
    async click(title: string, where: Where = {}): Promise<void> {
      const { surface, part } = find(
        where,
        (card) => actionsOf(card).filter((action) => action.title === title && action.isEnabled !== false),
        `button "${title}"`,
      );
      if (part.type === 'Action.ToggleVisibility') {
        const ids = toggled.get(surface.given) ?? new Set();
        for (const target of part.targetElements as (string | { elementId: string })[]) {
          const id = typeof target === 'string' ? target : target.elementId;
          if (!ids.delete(id)) ids.add(id);
        }
        toggled.set(surface.given, ids);
        return;
      }
      const own = isObject(part.data) ? part.data : {};
      const data = { ...own, ...(part.associatedInputs === 'none' ? {} : valuesOf(surface)) } as JsonObject;
      if (!surface.activity) {
        if (part.type === 'Action.Submit') await people.submitDialog({ ...by, data });
        return;
      }
      const at = { chat: surface.activity.chat, activityId: surface.activity.id };
      if (part.type === 'Action.Execute') await people.execute({ ...by, ...at, verb: String(part.verb ?? ''), data });
      if (part.type === 'Action.Submit') await people.submit({ ...by, ...at, data });
    },
    /** True while an action with this title can be clicked. */
    canClick(title: string, where: Where = {}): boolean {
      return surfaces(where).some(({ card }) =>
        actionsOf(card).some((action) => action.title === title && action.isEnabled !== false),
      );
    },

    /** Types into a field by its label; an empty text empties it. */
    async fill(label: string, value: string, where: Where = {}): Promise<void> {
      const { surface, part } = find(where, inputLabelled(label), `field "${label}"`);
      put(surface, part.id, value);
    },
    /** Chooses by the choice's title, several joined where the field takes several. Searches where the field searches. */
    async choose(label: string, choice: string | readonly string[], where: Where = {}): Promise<void> {
      const { surface, part } = find(where, inputLabelled(label), `field "${label}"`);
      const values = [];
      for (const wanted of [choice].flat()) {
        const offered = await this.offers(surface, part, wanted);
        const found =
          offered.find((each) => each.title === wanted) ?? offered.find((each) => each.title.startsWith(wanted));
        if (!found)
          throw new NotVisible(
            `"${label}" offers no "${wanted}", but: ${offered.map((each) => each.title).join(' · ')}`,
          );
        values.push(found.value);
      }
      put(surface, part.id, values.join(','));
    },
    /** What a search field or choice set offers for a typed text. */
    async choices(label: string, search = '', where: Where = {}): Promise<string[]> {
      const { surface, part } = find(where, inputLabelled(label), `field "${label}"`);
      return (await this.offers(surface, part, search)).map((each) => each.title);
    },
    /** Turns a toggle on or off by its title. */
    async toggle(title: string, on: boolean, where: Where = {}): Promise<void> {
      const { surface, part } = find(where, inputLabelled(title), `toggle "${title}"`);
      put(surface, part.id, String(on ? (part.valueOn ?? 'true') : (part.valueOff ?? 'false')));
    },
    async offers(
      surface: TeamsSurface,
      input: Record<string, unknown>,
      queryText: string,
    ): Promise<{ title: string; value: string }[]> {
      const fixed = (input.choices as { title: string; value: string }[] | undefined) ?? [];
      const query = input['choices.data'];
      if (!isObject(query)) return fixed;
      const source = surface.activity
        ? { in: 'message' as const, chat: surface.activity.chat, activityId: surface.activity.id }
        : { in: 'dialog' as const };
      const { results } = await people.search({ ...by, source, dataset: String(query.dataset), queryText });
      return [...fixed, ...results];
    },

    dialog(): { title: string; text: string; problem: string | null; card: JsonObject } | undefined {
      const open = dialog();
      return open && { title: open.title, text: textsOf(open.card).join('\n'), problem: open.problem, card: open.card };
    },
    /** Waits until a dialog with this title is open. */
    seesDialog(title: string) {
      return until(() => (this.dialog()?.title === title ? this.dialog() : undefined), `a dialog "${title}"`);
    },
    closeDialog: (): void => people.closeDialog(by),

    acceptFile: (activity: TeamsActivity): Promise<void> =>
      people.decideFile({ ...by, chat: activity.chat, activityId: activity.id, decision: 'accept' }),
    declineFile: (activity: TeamsActivity): Promise<void> =>
      people.decideFile({ ...by, chat: activity.chat, activityId: activity.id, decision: 'decline' }),
    /** The bytes of the newest file with this name that the app uploaded after consent. */
    file(name: string): Uint8Array {
      const kept = playground.store.all('file').findLast((file) => file.name === name && file.state === 'shared');
      const bytes = kept && playground.store.bytes(kept.id);
      if (!bytes) throw new NotVisible(`no file ${name} was uploaded`);
      return bytes;
    },
  };
};
export type TeamsPerson = ReturnType<typeof teamsPerson>;
