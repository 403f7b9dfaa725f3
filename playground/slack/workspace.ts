/** What a Slack workspace holds: channels, messages, homes, modals, trigger ids, response addresses, files. */
import { randomBytes } from 'node:crypto';
import type { Parts } from '../parts.ts';
import type {
  JsonObject,
  SlackChannel,
  SlackFile,
  SlackMessage,
  SlackModals,
  SlackState,
  SlackView,
} from '../protocol.ts';
import type { KeptFile, ResponseUrl } from '../store.ts';
import { personaOf, personas, slackBot, slackChannels, slackImId, slackTeam, slackUsers } from '../world.ts';
import { faultsOfBlocks, faultsOfView, isObject, withIds } from './block-kit.ts';

/** A refusal in Slack's words: `{ok: false, error, response_metadata: {messages}}`. */
export class SlackRefusal extends Error {
  readonly code: string;
  readonly messages: readonly string[];

  constructor(code: string, messages: readonly string[] = []) {
    super(messages.length > 0 ? `${code}: ${messages.join('; ')}` : code);
    this.code = code;
    this.messages = messages;
  }
}

const triggerLifeMs = 3000;
const responseUrlLifeMs = 30 * 60_000;
const responseUrlUses = 5;
const maxViewBytes = 250_000;
const maxText = 40_000;
const maxStack = 3;
const messagesShown = 300;

interface Trigger {
  readonly user: string;
  readonly expiresAt: number;
  /** The modal in which the click happened. */
  readonly viewId: string | undefined;
  used: boolean;
}

/** What an app may say in one message. */
export interface MessageContent {
  readonly text?: string | undefined;
  readonly blocks?: unknown;
  readonly files?: readonly SlackFile[];
}

export const newId = (prefix: string): string =>
  `${prefix}${randomBytes(6).toString('hex').toUpperCase().slice(0, 10)}`;

export const createWorkspace = (parts: Parts) => {
  const { store, stream } = parts;
  const triggers = new Map<string, Trigger>();
  let lastTs = 0;

  for (const channel of slackChannels) {
    if (!store.get('slack_channel', channel.id)) store.put('slack_channel', channel.id, channel);
  }

  // Nobody will answer what an earlier process had sent.
  for (const [persona, modals] of store.entries('slack_modals')) {
    if (modals.busy) store.put('slack_modals', persona, { ...modals, busy: false });
  }

  const messageKey = (channel: string, ts: string): string => `${channel}/${ts}`;
  const newTs = (): string => {
    // Microseconds, never twice: the ts is the message's identity within its channel.
    lastTs = Math.max(lastTs + 1, parts.realNow() * 1000);
    return `${Math.floor(lastTs / 1e6)}.${String(lastTs % 1e6).padStart(6, '0')}`;
  };

  const isUser = (id: string): boolean => personas.some((persona) => persona.slackUserId === id);
  const channelOf = (id: string): SlackChannel | undefined => store.get('slack_channel', id);
  /** The channel that an app names: an id, a person's id (his DM), or `#name`. */
  const addressed = (name: unknown): SlackChannel => {
    const id = typeof name === 'string' ? name : '';
    const found = isUser(id)
      ? channelOf(slackImId(id))
      : (channelOf(id) ?? store.all('slack_channel').find((each) => each.kind === 'channel' && `#${each.name}` === id));
    if (!found) throw new SlackRefusal('channel_not_found');
    return found;
  };
  const channelForBot = (name: unknown): SlackChannel => {
    const channel = addressed(name);
    if (!channel.botIsMember) throw new SlackRefusal('not_in_channel');
    return channel;
  };

  /** Checks what an app wants to say and gives it as Slack stores it. */
  const acceptContent = (content: MessageContent): { text: string; blocks: JsonObject[] } => {
    const text = content.text ?? '';
    if (typeof text !== 'string')
      throw new SlackRefusal('invalid_arguments', ['[ERROR] must be a string [json-pointer:/text]']);
    if (text.length > maxText) throw new SlackRefusal('msg_too_long');
    const blocks = content.blocks ?? [];
    const faults = faultsOfBlocks(blocks);
    if (faults.length > 0) {
      throw new SlackRefusal(
        'invalid_blocks',
        faults.map((fault) => `[ERROR] ${fault}`),
      );
    }
    const accepted = withIds(blocks as JsonObject[]);
    if (text === '' && accepted.length === 0 && !content.files?.length) throw new SlackRefusal('no_text');
    checkSlackFiles(accepted);
    return { text, blocks: accepted };
  };

  /** An image may point at a file that was uploaded before; Slack refuses one that is not there. */
  const checkSlackFiles = (blocks: readonly JsonObject[]): void => {
    for (const [index, block] of blocks.entries()) {
      const file = block.type === 'image' && isObject(block.slack_file) ? block.slack_file : undefined;
      if (!file) continue;
      const id =
        typeof file.id === 'string'
          ? file.id
          : String(file.url ?? '')
              .split('/')
              .at(-2);
      const kept = id ? store.get('file', id) : undefined;
      if (!kept || kept.state === 'announced') {
        throw new SlackRefusal('invalid_blocks', [
          `[ERROR] invalid slack file [json-pointer:/blocks/${index}/slack_file]`,
        ]);
      }
    }
  };

  const tellReaders = (message: SlackMessage): void => {
    const channel = channelOf(message.channel);
    for (const userId of message.visibleTo ? [message.visibleTo] : (channel?.members ?? [])) {
      const persona = userId === message.user ? undefined : personaOf(userId);
      if (persona) parts.countUnread(persona.id, message.channel);
    }
  };

  const putMessage = (message: SlackMessage): SlackMessage => {
    store.put('slack_message', messageKey(message.channel, message.ts), message);
    stream.emit('slack.message', message);
    return message;
  };

  const post = (
    channel: SlackChannel,
    user: string,
    content: { text: string; blocks: readonly JsonObject[]; files?: readonly SlackFile[] },
    more: { threadTs?: string | undefined; visibleTo?: string | undefined } = {},
  ): SlackMessage => {
    const message = putMessage({
      channel: channel.id,
      ts: newTs(),
      user,
      text: content.text,
      blocks: content.blocks,
      files: content.files ?? [],
      at: parts.now().toString(),
      edited: false,
      ...(more.threadTs ? { threadTs: more.threadTs } : {}),
      ...(more.visibleTo ? { visibleTo: more.visibleTo } : {}),
    });
    tellReaders(message);
    return message;
  };

  const messageAt = (channel: string, ts: string): SlackMessage | undefined =>
    store.get('slack_message', messageKey(channel, ts));

  const edit = (message: SlackMessage, content: { text: string; blocks: readonly JsonObject[] }): SlackMessage =>
    putMessage({ ...message, ...content, edited: message.visibleTo === undefined });

  const remove = (message: SlackMessage): void => {
    store.delete('slack_message', messageKey(message.channel, message.ts));
    stream.emit('slack.message_deleted', { channel: message.channel, ts: message.ts });
  };

  // ------------------------------------------------------------------------------------ triggers and addresses

  const newTrigger = (user: string, viewId?: string): string => {
    const now = parts.realNow();
    for (const [id, trigger] of triggers) if (trigger.expiresAt < now - 60_000) triggers.delete(id);
    const id = `${Math.floor(now / 1000)}.${randomBytes(4).readUInt32BE()}.${randomBytes(16).toString('hex')}`;
    triggers.set(id, { user, expiresAt: now + triggerLifeMs, viewId, used: false });
    return id;
  };
  const exchangeTrigger = (id: unknown): Trigger => {
    if (id === undefined || id === '')
      throw new SlackRefusal('invalid_arguments', ['[ERROR] missing required field: trigger_id']);
    const trigger = triggers.get(String(id));
    if (!trigger) throw new SlackRefusal('invalid_trigger_id');
    if (trigger.used) throw new SlackRefusal('exchanged_trigger_id');
    if (parts.realNow() > trigger.expiresAt) throw new SlackRefusal('expired_trigger_id');
    return trigger;
  };

  const newResponseUrl = (user: string, channel: string, ts?: string): string => {
    const id = randomBytes(18).toString('base64url');
    const now = parts.realNow();
    for (const [key, known] of store.entries('response_url')) {
      if (known.expiresAt < now) store.delete('response_url', key);
    }
    store.put('response_url', id, {
      user,
      channel,
      usesLeft: responseUrlUses,
      expiresAt: now + responseUrlLifeMs,
      ...(ts ? { ts } : {}),
    });
    return `${parts.ownUrl()}/slack/response/${id}`;
  };
  /** What a response address stands for; counts one use. */
  const useResponseUrl = (id: string): ResponseUrl => {
    const known = store.get('response_url', id);
    if (!known || known.expiresAt < parts.realNow()) throw new SlackRefusal('expired_url');
    if (known.usesLeft <= 0) throw new SlackRefusal('used_url');
    store.put('response_url', id, { ...known, usesLeft: known.usesLeft - 1 });
    return known;
  };

  // ------------------------------------------------------------------------------------ views

  const personaIdOf = (user: string): string => {
    const persona = personaOf(user);
    if (!persona?.slackUserId) throw new SlackRefusal('user_not_found');
    return persona.id;
  };
  const modalsOf = (user: string): SlackModals | undefined => store.get('slack_modals', personaIdOf(user));
  const putModals = (user: string, modals: SlackModals | null): void => {
    const persona = personaIdOf(user);
    if (modals && modals.views.length > 0) store.put('slack_modals', persona, modals);
    else store.delete('slack_modals', persona);
    stream.emit('slack.modals', { persona, modals: modals && modals.views.length > 0 ? modals : null });
  };

  const newHash = (): string => `${Math.floor(parts.realNow() / 1000)}.${randomBytes(4).toString('hex')}`;

  /** Checks a view as an app gives it; `before` is the view that it replaces. */
  const acceptView = (given: unknown, type: 'modal' | 'home', before?: SlackView, below?: SlackView): SlackView => {
    if (given === undefined || given === null) {
      throw new SlackRefusal('invalid_arguments', ['[ERROR] missing required field: view']);
    }
    if (Buffer.byteLength(JSON.stringify(given)) > maxViewBytes) throw new SlackRefusal('view_too_large');
    const faults = faultsOfView(given, type);
    if (faults.length > 0)
      throw new SlackRefusal(
        'invalid_arguments',
        faults.map((fault) => `[ERROR] ${fault}`),
      );
    const view = given as Record<string, never>;
    const externalId = String(view.external_id ?? '');
    const id = before?.id ?? newId('V');
    if (externalId !== '' && viewsInUse().some((each) => each.external_id === externalId && each.id !== id)) {
      throw new SlackRefusal('duplicate_external_id');
    }
    const blocks = withIds((view.blocks ?? []) as JsonObject[]);
    checkSlackFiles(blocks);
    return {
      id,
      hash: newHash(),
      type,
      callback_id: String(view.callback_id ?? ''),
      ...(type === 'modal' ? { title: view.title } : {}),
      ...(view.submit ? { submit: view.submit } : {}),
      ...(view.close ? { close: view.close } : {}),
      ...(view.submit_disabled ? { submit_disabled: true } : {}),
      blocks,
      private_metadata: String(view.private_metadata ?? ''),
      external_id: externalId,
      notify_on_close: Boolean(view.notify_on_close),
      clear_on_close: Boolean(view.clear_on_close),
      root_view_id: before?.root_view_id ?? below?.root_view_id ?? id,
      previous_view_id: before ? before.previous_view_id : (below?.id ?? null),
    } as SlackView;
  };
  const viewsInUse = (): (SlackView & { external_id?: string })[] => [
    ...store.all('slack_home'),
    ...store.all('slack_modals').flatMap((modals) => modals.views),
  ];

  const fresh = { errors: {}, busy: false, problem: null };

  const openView = (trigger: Trigger, given: unknown): SlackView => {
    const open = modalsOf(trigger.user);
    if (trigger.viewId && open) return pushView(trigger, given);
    const view = acceptView(given, 'modal');
    trigger.used = true;
    putModals(trigger.user, { ...fresh, views: [view] });
    return view;
  };
  const pushView = (trigger: Trigger, given: unknown): SlackView => {
    const open = modalsOf(trigger.user);
    // Only a click inside an open modal may push onto it.
    if (!trigger.viewId || !open) throw new SlackRefusal('invalid_trigger_id');
    if (open.views.length >= maxStack) throw new SlackRefusal('push_limit_reached');
    const view = acceptView(given, 'modal', undefined, open.views.at(-1));
    trigger.used = true;
    putModals(trigger.user, { ...fresh, views: [...open.views, view] });
    return view;
  };
  const holderOf = (viewId: string): { user: string; modals: SlackModals; index: number } | undefined => {
    for (const [personaId, modals] of store.entries('slack_modals')) {
      const index = modals.views.findIndex((view) => view.id === viewId);
      const user = personaOf(personaId)?.slackUserId;
      if (index >= 0 && user) return { user, modals, index };
    }
    return undefined;
  };
  const updateView = (find: { viewId?: string; externalId?: string }, given: unknown, hash?: string): SlackView => {
    const before = viewsInUse().find((view) =>
      find.viewId ? view.id === find.viewId : view.external_id === find.externalId,
    );
    if (!before) throw new SlackRefusal('not_found');
    if (hash && hash !== before.hash) throw new SlackRefusal('hash_conflict');
    const view = acceptView(given, before.type, before);
    if (before.type === 'home') {
      const persona = store.entries('slack_home').find(([, home]) => home.id === before.id)![0];
      return putHome(persona, view);
    }
    const { user, modals, index } = holderOf(before.id)!;
    const views = modals.views.with(index, view);
    const isTop = index === modals.views.length - 1;
    putModals(user, { ...modals, views, ...(isTop ? { errors: {}, problem: null } : {}) });
    return view;
  };
  const putHome = (persona: string, view: SlackView): SlackView => {
    store.put('slack_home', persona, view);
    stream.emit('slack.home', { persona, view });
    return view;
  };
  const publishHome = (user: unknown, given: unknown, hash?: string): SlackView => {
    if (typeof user !== 'string' || !isUser(user)) {
      throw new SlackRefusal('invalid_arguments', ['[ERROR] invalid user_id [json-pointer:/user_id]']);
    }
    const persona = personaIdOf(user);
    const before = store.get('slack_home', persona);
    if (hash && hash !== before?.hash) throw new SlackRefusal('hash_conflict');
    return putHome(persona, acceptView(given, 'home', before));
  };

  // ------------------------------------------------------------------------------------ files

  const announceFile = (name: string, size: number): { file: KeptFile; uploadUrl: string } => {
    const file: KeptFile = {
      id: newId('F'),
      name,
      title: name,
      mimetype: mimetypeOf(name),
      size,
      state: 'announced',
      ticket: randomBytes(18).toString('base64url'),
    };
    store.put('file', file.id, file);
    return { file, uploadUrl: `${parts.ownUrl()}/slack/upload/${file.id}/${file.ticket}` };
  };
  const shownFile = (file: KeptFile): SlackFile => ({
    id: file.id,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    size: file.size,
    url: `/slack/files/${file.id}/${encodeURIComponent(file.name)}`,
  });

  /** A file as `files.info` and the values of a form tell of it. */
  const filePayload = (file: KeptFile): JsonObject => {
    const path = `${parts.ownUrl()}/slack/files-pri/${slackTeam.id}-${file.id}`;
    const name = encodeURIComponent(file.name);
    return {
      id: file.id,
      name: file.name,
      title: file.title,
      mimetype: file.mimetype,
      filetype: file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase(),
      size: file.size,
      user: (file.persona && personaOf(file.persona)?.slackUserId) || slackBot.userId,
      mode: 'hosted',
      is_external: false,
      url_private: `${path}/${name}`,
      url_private_download: `${path}/download/${name}`,
    };
  };

  /** A message's place in the payloads that Slack sends: with its author, team and blocks. */
  const messagePayload = (message: SlackMessage): JsonObject => ({
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: slackTeam.id,
    blocks: message.blocks,
    ...(message.user === slackBot.userId ? { bot_id: slackBot.botId, app_id: slackBot.appId } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.edited ? { edited: { user: message.user, ts: message.ts } } : {}),
    ...(message.files.length > 0 ? { files: message.files as unknown as JsonObject[] } : {}),
  });

  return {
    isUser,
    channelOf,
    addressed,
    channelForBot,
    acceptContent,
    post,
    messageAt,
    messagePayload,
    edit,
    remove,
    newTs,
    newTrigger,
    exchangeTrigger,
    newResponseUrl,
    useResponseUrl,
    personaIdOf,
    modalsOf,
    putModals,
    acceptView,
    openView,
    pushView,
    updateView,
    publishHome,
    homeOf: (user: string): SlackView | undefined => store.get('slack_home', personaIdOf(user)),
    announceFile,
    shownFile,
    filePayload,
    fresh,
    maxStack,

    /** What the page shows of the workspace; of each channel the last messages. */
    state(): SlackState {
      const perChannel = new Map<string, SlackMessage[]>();
      for (const message of store.all('slack_message')) {
        const last = perChannel.get(message.channel) ?? [];
        last.push(message);
        if (last.length > messagesShown) last.shift();
        perChannel.set(message.channel, last);
      }
      return {
        teamId: slackTeam.id,
        teamName: slackTeam.name,
        bot: slackBot,
        users: slackUsers,
        channels: store.all('slack_channel'),
        messages: [...perChannel.values()].flat(),
        homes: Object.fromEntries(store.entries('slack_home')),
        modals: Object.fromEntries(store.entries('slack_modals')),
      };
    },
  };
};

export type Workspace = ReturnType<typeof createWorkspace>;

const mimetypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  csv: 'text/csv',
  txt: 'text/plain',
  json: 'application/json',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
/** The media type that a file's name promises. */
export const mimetypeOf = (name: string): string =>
  mimetypes[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
