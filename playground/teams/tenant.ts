/** What a Teams tenant holds: chats, channels with threads, activities, open dialogs, files. */
import { randomBytes } from 'node:crypto';
import type { Parts } from '../parts.ts';
import type { JsonObject, TeamsActivity, TeamsAttachment, TeamsChat, TeamsState } from '../protocol.ts';
import type { KeptDialog } from '../store.ts';
import {
  aadObjectId,
  personaOf,
  personas,
  teamsBot,
  teamsChats,
  teamsPersonalChatId,
  teamsTenant,
  teamsUsers,
} from '../world.ts';
import { mimetypeOf } from '../slack/workspace.ts';
import { faultsOfCard } from './adaptive-card.ts';

export const cardType = 'application/vnd.microsoft.card.adaptive';
export const consentType = 'application/vnd.microsoft.teams.card.file.consent';
export const fileInfoType = 'application/vnd.microsoft.teams.card.file.info';

/** Documented for bots: about 100 kB for the whole message, counted in UTF-16. */
const maxMessageBytes = 100 * 1024;
const activitiesShown = 300;

/** A refusal in the connector's words: a status and `{error: {code, message}}`. */
export class TeamsRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const createTenant = (parts: Parts) => {
  const { store, stream } = parts;
  let lastId = 0;

  for (const chat of teamsChats) if (!store.get('teams_chat', chat.id)) store.put('teams_chat', chat.id, chat);

  // Nobody will answer what an earlier process had sent.
  for (const [persona, kept] of store.entries('teams_dialog')) {
    if (kept.dialog.busy) store.put('teams_dialog', persona, { ...kept, dialog: { ...kept.dialog, busy: false } });
  }

  const key = (chat: string, id: string): string => `${chat}/${id}`;
  /** Activity ids are epoch milliseconds, never twice. */
  const newActivityId = (): string => {
    lastId = Math.max(lastId + 1, parts.realNow());
    return String(lastId);
  };

  const chatOf = (id: string): TeamsChat | undefined => store.get('teams_chat', id);
  /** A conversation id as the app writes it: a chat, or a channel with the post that is answered. */
  const conversation = (id: string): { chat: TeamsChat; threadId: string | undefined } => {
    const [chatId = '', ...marks] = id.split(';');
    const chat = chatOf(chatId);
    if (!chat) throw new TeamsRefusal(404, 'ConversationNotFound', 'Conversation not found.');
    if (!chat.botIsMember) {
      throw new TeamsRefusal(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
    }
    const threadId = marks.find((mark) => mark.startsWith('messageid='))?.slice('messageid='.length);
    if (threadId && chat.kind === 'channel' && !activityOf(chat.id, threadId)) {
      throw new TeamsRefusal(404, 'ActivityNotFoundInConversation', 'The post to answer was not found.');
    }
    return { chat, threadId: chat.kind === 'channel' ? threadId : undefined };
  };
  const conversationId = (chat: TeamsChat, threadId: string | undefined): string =>
    chat.kind === 'channel' && threadId ? `${chat.id};messageid=${threadId}` : chat.id;

  const activityOf = (chat: string, id: string): TeamsActivity | undefined =>
    store.get('teams_activity', key(chat, id));
  const putActivity = (activity: TeamsActivity): TeamsActivity => {
    store.put('teams_activity', key(activity.chat, activity.id), activity);
    stream.emit('teams.activity', activity);
    return activity;
  };

  /** Checks an activity that the app wants shown and gives the part that is kept. */
  const acceptContent = (
    given: unknown,
    chat: TeamsChat,
  ): Pick<TeamsActivity, 'text' | 'textFormat' | 'attachments'> => {
    if (!isObject(given)) throw new TeamsRefusal(400, 'BadSyntax', 'The activity is not an object.');
    if (JSON.stringify(given).length * 2 > maxMessageBytes) {
      throw new TeamsRefusal(413, 'MessageSizeTooBig', 'Message size too large.');
    }
    const text = given.text ?? '';
    if (typeof text !== 'string') throw new TeamsRefusal(400, 'BadSyntax', 'The text of the activity is not a text.');
    const attachments = given.attachments ?? [];
    if (!Array.isArray(attachments) || !attachments.every(isObject)) {
      throw new TeamsRefusal(400, 'BadSyntax', 'The attachments of the activity are not a list of objects.');
    }
    for (const attachment of attachments) acceptAttachment(attachment, chat);
    if (text === '' && attachments.length === 0) {
      throw new TeamsRefusal(400, 'BadArgument', 'Activity must include text or attachments.');
    }
    const format = given.textFormat;
    return {
      text,
      textFormat: format === 'plain' || format === 'xml' ? format : 'markdown',
      attachments: attachments as unknown as TeamsAttachment[],
    };
  };
  const acceptAttachment = (attachment: Record<string, unknown>, chat: TeamsChat): void => {
    if (typeof attachment.contentType !== 'string') {
      throw new TeamsRefusal(400, 'BadSyntax', 'An attachment has no contentType.');
    }
    if (attachment.contentType === cardType) {
      const faults = faultsOfCard(attachment.content);
      if (faults.length > 0) throw new TeamsRefusal(400, 'BadSyntax', `Bad adaptive card: ${faults.join('; ')}`);
    }
    if (attachment.contentType === consentType) {
      const content = attachment.content;
      if (chat.kind !== 'personal') {
        throw new TeamsRefusal(400, 'BadArgument', 'File consent cards are supported in personal chats only.');
      }
      if (typeof attachment.name !== 'string' || !isObject(content) || !Number.isInteger(content.sizeInBytes)) {
        throw new TeamsRefusal(400, 'BadSyntax', 'A file consent card needs name and sizeInBytes.');
      }
    }
  };

  const post = (
    chat: TeamsChat,
    from: string,
    content: Pick<TeamsActivity, 'text' | 'textFormat' | 'attachments'>,
    threadId?: string,
  ): TeamsActivity => {
    const activity = putActivity({
      ...content,
      chat: chat.id,
      id: newActivityId(),
      from,
      at: parts.now().toString(),
      edited: false,
      deleted: false,
      answers: {},
      ...(threadId ? { threadId } : {}),
      ...(content.attachments.some((each) => each.contentType === consentType) ? { consent: 'open' as const } : {}),
    });
    for (const member of chat.members) {
      const persona = member === from ? undefined : personaOf(member);
      if (persona) parts.countUnread(persona.id, chat.id);
    }
    return activity;
  };

  const putDialog = (persona: string, kept: KeptDialog | null): void => {
    if (kept) store.put('teams_dialog', persona, kept);
    else store.delete('teams_dialog', persona);
    stream.emit('teams.dialog', { persona, dialog: kept?.dialog ?? null });
  };

  /** The chat between the bot and the person whom the app names by Teams id or Entra object id. */
  const personalChat = (memberId: string): TeamsChat => {
    const persona = personas.find(
      (each) => each.teamsUserId !== undefined && (each.teamsUserId === memberId || each.teamsAadObjectId === memberId),
    );
    const chat = persona && chatOf(teamsPersonalChatId(persona.teamsUserId!));
    if (!chat) throw new TeamsRefusal(404, 'ConversationNotFound', 'The member is not a user of this tenant.');
    return chat;
  };

  const memberPayload = (id: string): JsonObject => {
    const persona = personaOf(id)!;
    const [given = '', ...rest] = persona.name.split(' ');
    return {
      id,
      name: persona.name,
      givenName: given,
      surname: rest.join(' '),
      email: persona.email,
      userPrincipalName: persona.email,
      aadObjectId: aadObjectId(id),
      objectId: aadObjectId(id),
      tenantId: teamsTenant.id,
      userRole: 'user',
    };
  };

  const announceUpload = (name: string, size: number) => {
    const id = `F${randomBytes(8).toString('hex').toUpperCase()}`;
    const ticket = randomBytes(18).toString('base64url');
    store.put('file', id, { id, name, title: name, mimetype: mimetypeOf(name), size, state: 'announced', ticket });
    return {
      id,
      uploadUrl: `${parts.ownUrl()}/teams/upload/${id}/${ticket}`,
      contentUrl: `${parts.ownUrl()}/teams/files/${id}/${encodeURIComponent(name)}`,
    };
  };

  return {
    chatOf,
    conversation,
    conversationId,
    newActivityId,
    activityOf,
    putActivity,
    acceptContent,
    post,
    dialogOf: (persona: string): KeptDialog | undefined => store.get('teams_dialog', persona),
    putDialog,
    personalChat,
    memberPayload,
    announceUpload,

    edit(activity: TeamsActivity, content: Pick<TeamsActivity, 'text' | 'textFormat' | 'attachments'>): TeamsActivity {
      // An update is for everybody: what single persons saw in its place is over.
      return putActivity({ ...activity, ...content, edited: true, answers: {} });
    },
    remove(activity: TeamsActivity): void {
      putActivity({ ...activity, text: '', attachments: [], deleted: true, answers: {} });
    },

    /** What the page shows of the tenant; of each chat the last activities. */
    state(): TeamsState {
      const perChat = new Map<string, TeamsActivity[]>();
      for (const activity of store.all('teams_activity')) {
        const last = perChat.get(activity.chat) ?? [];
        last.push(activity);
        if (last.length > activitiesShown) last.shift();
        perChat.set(activity.chat, last);
      }
      return {
        tenantId: teamsTenant.id,
        tenantName: teamsTenant.name,
        bot: teamsBot,
        users: teamsUsers,
        chats: store.all('teams_chat'),
        activities: [...perChat.values()].flat(),
        dialogs: Object.fromEntries(store.entries('teams_dialog').map(([persona, kept]) => [persona, kept.dialog])),
      };
    },
  };
};

export type Tenant = ReturnType<typeof createTenant>;
