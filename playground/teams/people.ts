/** What a person can do in Teams, and what Teams then sends to the app and does with its answer. */
import { NotPossible, type Parts } from '../parts.ts';
import type { JsonObject, TeamsActivity, TeamsAttachment, TeamsChat, TeamsDialog } from '../protocol.ts';
import type { KeptFile } from '../store.ts';
import { aadObjectId, personaOf, teamsBot, teamsTenant } from '../world.ts';
import { actionsOf, faultsOfCard, inputsOf } from './adaptive-card.ts';
import type { TeamsAnswered, TeamsDelivery } from './delivery.ts';
import { cardType, consentType, fileInfoType, type Tenant } from './tenant.ts';

export const unreachable = 'Unable to reach app. Please try again.';
/** Teams shows no more results of a search. */
const maxResults = 15;

interface By {
  readonly persona: string;
}
export type SearchSource =
  { readonly in: 'message'; readonly chat: string; readonly activityId: string } | { readonly in: 'dialog' };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const createTeamsPeople = (parts: Parts, tenant: Tenant, delivery: TeamsDelivery) => {
  const serviceUrl = (): string => `${parts.ownUrl()}/teams`;
  const userOf = (personaId: string): { id: string; name: string; aadObjectId: string } => {
    const persona = personaOf(personaId);
    if (!persona?.teamsUserId) throw new NotPossible(`${persona?.name ?? personaId} has no Teams account.`);
    return { id: persona.teamsUserId, name: persona.name, aadObjectId: aadObjectId(persona.teamsUserId) };
  };
  const chatFor = (user: string, chatId: string): TeamsChat => {
    const chat = tenant.chatOf(chatId);
    if (!chat?.members.includes(user)) throw new NotPossible('You are not in that chat.');
    return chat;
  };
  const notice = (persona: string, tone: 'info' | 'error', text: string): void =>
    parts.stream.emit('notice', { persona, platform: 'teams', tone, text });

  /** A file that a person sends, as the chat shows it and as the app hears of it. */
  const shownFile = ({ id, name }: KeptFile): TeamsAttachment => ({
    contentType: fileInfoType,
    name,
    contentUrl: `${parts.ownUrl()}/teams/files/${id}/${encodeURIComponent(name)}`,
  });
  const sentFile = (file: KeptFile) => ({
    contentType: 'application/vnd.microsoft.teams.file.download.info',
    name: file.name,
    contentUrl: shownFile(file).contentUrl,
    content: {
      downloadUrl: `${parts.ownUrl()}/teams/download/${file.id}/${file.ticket}`,
      uniqueId: file.id,
      fileType: file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase(),
    },
  });

  /** The parts that every activity has. */
  const envelope = (
    user: ReturnType<typeof userOf>,
    chat: TeamsChat,
    threadId: string | undefined,
    id: string,
  ): Record<string, unknown> => ({
    id,
    timestamp: new Date(parts.realNow()).toISOString(),
    channelId: 'msteams',
    serviceUrl: serviceUrl(),
    from: user,
    conversation: {
      id: tenant.conversationId(chat, threadId),
      conversationType: chat.kind,
      tenantId: teamsTenant.id,
      ...(chat.kind === 'channel' ? { isGroup: true, name: chat.name } : {}),
    },
    recipient: teamsBot,
    locale: 'en-US',
    localTimezone: 'Europe/Berlin',
    channelData: {
      tenant: { id: teamsTenant.id },
      ...(chat.kind === 'channel'
        ? {
            teamsChannelId: chat.id,
            teamsTeamId: chat.team!.id,
            channel: { id: chat.id },
            team: { id: chat.team!.id },
          }
        : {}),
    },
  });
  const clientInfo = { type: 'clientInfo', locale: 'en-US', country: 'US', platform: 'Web' };

  const invoke = (
    by: By,
    name: string,
    shownName: string,
    chat: TeamsChat,
    activity: TeamsActivity | undefined,
    value: object,
  ): Promise<TeamsAnswered> => {
    const threadId = activity && (activity.threadId ?? activity.id);
    return delivery.send(
      shownName,
      {
        ...envelope(userOf(by.persona), chat, threadId, `f:${crypto.randomUUID()}`),
        type: 'invoke',
        name,
        entities: [clientInfo],
        ...(activity ? { replyToId: activity.id } : {}),
        value,
      } as unknown as JsonObject,
      by.persona,
    );
  };

  const activityFor = (
    personaId: string,
    chatId: string,
    activityId: string,
  ): { chat: TeamsChat; activity: TeamsActivity } => {
    const chat = chatFor(userOf(personaId).id, chatId);
    const activity = tenant.activityOf(chat.id, activityId);
    if (!activity || activity.deleted) throw new NotPossible('That message is no longer there.');
    return { chat, activity };
  };
  /** The card of a message as this person sees it. */
  const cardFor = (personaId: string, activity: TeamsActivity): JsonObject | undefined =>
    activity.answers[personaId] ?? activity.attachments.find((each) => each.contentType === cardType)?.content;

  /** What Teams does with the answer to a `task/fetch` or `task/submit`. */
  const afterTask = (
    by: By,
    answered: TeamsAnswered,
    from: { chat: string; activityId: string },
    before: TeamsDialog | undefined,
  ): void => {
    const fail = (text: string): void => {
      if (before) tenant.putDialog(by.persona, { ...from, dialog: { ...before, busy: false, problem: text } });
      else notice(by.persona, 'error', text);
    };
    if (answered.problem) return fail(unreachable);
    const task = isObject(answered.body) && isObject(answered.body.task) ? answered.body.task : undefined;
    if (task?.type === 'continue') {
      const value = isObject(task.value) ? task.value : {};
      const attachment = isObject(value.card) ? value.card : {};
      const faults = attachment.contentType === cardType ? faultsOfCard(attachment.content) : ['no adaptive card'];
      if (faults.length > 0) {
        parts.traffic.begin({
          platform: 'teams',
          direction: 'from_app',
          name: 'card of a dialog',
          method: '',
          path: '',
          request: value,
        })({ status: 400, problem: faults.join('; ') });
        return fail('Something went wrong. Please try again.');
      }
      tenant.putDialog(by.persona, {
        ...from,
        dialog: {
          title: typeof value.title === 'string' ? value.title : '',
          height: (value.height ?? 'medium') as TeamsDialog['height'],
          width: (value.width ?? 'medium') as TeamsDialog['width'],
          card: attachment.content as JsonObject,
          turn: (before?.turn ?? 0) + 1,
          busy: false,
          problem: null,
        },
      });
      return;
    }
    tenant.putDialog(by.persona, null);
    if (task?.type === 'message' && typeof task.value === 'string') notice(by.persona, 'info', task.value);
  };

  return {
    /** Tells the app that it was installed, in every chat and team in which the bot stands. */
    async installEverywhere(): Promise<void> {
      for (const chat of parts.store.all('teams_chat')) {
        const persona = personaOf(chat.members[0] ?? '');
        if (!persona || !chat.botIsMember) continue;
        const user = userOf(persona.id);
        const base = (): Record<string, unknown> => envelope(user, chat, undefined, `f:${crypto.randomUUID()}`);
        const install = { ...base(), type: 'installationUpdate', action: 'add', entities: [clientInfo] };
        await delivery.send('installationUpdate add', install as unknown as JsonObject, persona.id);
        const members = [{ id: teamsBot.id }];
        const update = { ...base(), type: 'conversationUpdate', membersAdded: members };
        await delivery.send('conversationUpdate membersAdded', update as unknown as JsonObject, persona.id);
      }
    },

    async message(
      by: By & {
        chat: string;
        text: string;
        mention?: boolean | undefined;
        threadId?: string | undefined;
        files?: readonly string[] | undefined;
      },
    ): Promise<void> {
      const user = userOf(by.persona);
      const chat = chatFor(user.id, by.chat);
      if (by.text.trim() === '') throw new NotPossible('There is nothing to send.');
      if (by.threadId && !tenant.activityOf(chat.id, by.threadId))
        throw new NotPossible('That post is no longer there.');
      const inChannel = chat.kind === 'channel';
      const files = (by.files ?? []).flatMap((id) => {
        const file = parts.store.get('file', id);
        return file?.persona === by.persona ? [file] : [];
      });
      // A bot gets files in a personal chat only.
      if (inChannel && files.length > 0) throw new NotPossible('The bot gets files in the private chat only.');
      const threadId = inChannel ? by.threadId : undefined;
      const mention = inChannel && by.mention === true;
      const shown = mention ? `@${teamsBot.name} ${by.text}` : by.text;
      const posted = tenant.post(
        chat,
        user.id,
        { text: shown, textFormat: 'plain', attachments: files.map(shownFile) },
        threadId,
      );
      // In a channel the app hears only what is said to it.
      if (inChannel && !mention) return;
      const tag = `<at>${teamsBot.name}</at>`;
      const html = `${mention ? `<span itemscope itemtype="http://schema.skype.com/Mention" itemid="0">${teamsBot.name}</span>&nbsp;` : ''}${escapeHtml(by.text)}`;
      const activity = {
        ...envelope(user, chat, threadId ?? posted.id, posted.id),
        type: 'message',
        text: mention ? `${tag} ${by.text}` : by.text,
        textFormat: 'plain',
        attachments: [{ contentType: 'text/html', content: `<p>${html}</p>` }, ...files.map(sentFile)],
        entities: [
          clientInfo,
          ...(mention ? [{ type: 'mention', mentioned: { id: teamsBot.id, name: teamsBot.name }, text: tag }] : []),
        ],
      };
      const answered = await delivery.send(`message ${by.text}`, activity as unknown as JsonObject, by.persona);
      if (answered.problem) notice(by.persona, 'error', `${teamsBot.name} did not answer: ${answered.problem}.`);
    },

    async execute(by: By & { chat: string; activityId: string; verb: string; data: JsonObject }): Promise<void> {
      const { chat, activity } = activityFor(by.persona, by.chat, by.activityId);
      const offered = actionsOf(cardFor(by.persona, activity)).find(
        (action) => action.type === 'Action.Execute' && (action.verb ?? '') === by.verb && action.isEnabled !== false,
      );
      if (!offered) throw new NotPossible('That button is no longer there.');
      const action = {
        type: 'Action.Execute',
        ...(offered.id ? { id: offered.id } : {}),
        ...(offered.title ? { title: offered.title } : {}),
        verb: by.verb,
        data: by.data,
      };
      const value = { action, trigger: 'manual' };
      const answered = await invoke(by, 'adaptiveCard/action', `Action.Execute ${by.verb}`, chat, activity, value);
      const body = isObject(answered.body) ? answered.body : {};
      if (answered.problem) return notice(by.persona, 'error', unreachable);
      switch (body.type) {
        case 'application/vnd.microsoft.card.adaptive': {
          const faults = faultsOfCard(body.value);
          if (faults.length > 0) {
            parts.traffic.begin({
              platform: 'teams',
              direction: 'from_app',
              name: 'card answered to Action.Execute',
              method: '',
              path: '',
              request: body.value,
            })({ status: 400, problem: faults.join('; ') });
            return notice(by.persona, 'error', 'Something went wrong. Please try again.');
          }
          const now = tenant.activityOf(chat.id, activity.id) ?? activity;
          tenant.putActivity({ ...now, answers: { ...now.answers, [by.persona]: body.value as JsonObject } });
          return;
        }
        case 'application/vnd.microsoft.activity.message':
          return notice(by.persona, 'info', String(body.value));
        case 'application/vnd.microsoft.error': {
          const message = isObject(body.value) && typeof body.value.message === 'string' ? body.value.message : '';
          return notice(by.persona, 'error', message || 'Something went wrong. Please try again.');
        }
        default:
          return;
      }
    },

    async submit(by: By & { chat: string; activityId: string; data: JsonObject }): Promise<void> {
      const { chat, activity } = activityFor(by.persona, by.chat, by.activityId);
      if (!actionsOf(cardFor(by.persona, activity)).some((action) => action.type === 'Action.Submit')) {
        throw new NotPossible('That button is no longer there.');
      }
      const fetches = isObject(by.data.msteams) && by.data.msteams.type === 'task/fetch';
      if (fetches) {
        const value = { data: by.data, context: { theme: 'default' } };
        const answered = await invoke(by, 'task/fetch', 'task/fetch', chat, activity, value);
        return afterTask(by, answered, { chat: chat.id, activityId: activity.id }, undefined);
      }
      const message = {
        ...envelope(userOf(by.persona), chat, activity.threadId ?? activity.id, tenant.newActivityId()),
        type: 'message',
        replyToId: activity.id,
        entities: [clientInfo],
        value: by.data,
      };
      const answered = await delivery.send('Action.Submit', message as unknown as JsonObject, by.persona);
      if (answered.problem) notice(by.persona, 'error', unreachable);
    },

    async submitDialog(by: By & { data: JsonObject }): Promise<void> {
      const kept = tenant.dialogOf(by.persona);
      const chat = kept && tenant.chatOf(kept.chat);
      if (!kept || !chat) throw new NotPossible('That dialog is no longer open.');
      if (kept.dialog.busy) throw new NotPossible('It is being sent already.');
      tenant.putDialog(by.persona, { ...kept, dialog: { ...kept.dialog, busy: true, problem: null } });
      const value = { data: by.data, context: { theme: 'default' } };
      const activity = tenant.activityOf(kept.chat, kept.activityId);
      const answered = await invoke(by, 'task/submit', 'task/submit', chat, activity, value);
      // Closed meanwhile: the answer comes too late to be shown.
      if (!tenant.dialogOf(by.persona)) return;
      afterTask(by, answered, { chat: kept.chat, activityId: kept.activityId }, kept.dialog);
    },

    closeDialog(by: By): void {
      tenant.putDialog(by.persona, null);
    },

    async search(
      by: By & {
        source: SearchSource;
        dataset: string;
        queryText: string;
        skip?: number | undefined;
        top?: number | undefined;
      },
    ): Promise<{
      results: { title: string; value: string }[];
    }> {
      const kept = by.source.in === 'dialog' ? tenant.dialogOf(by.persona) : undefined;
      const found =
        by.source.in === 'message'
          ? activityFor(by.persona, by.source.chat, by.source.activityId)
          : { chat: kept && tenant.chatOf(kept.chat), activity: kept && tenant.activityOf(kept.chat, kept.activityId) };
      if (!found.chat) throw new NotPossible('That dialog is no longer open.');
      const card = kept ? kept.dialog.card : cardFor(by.persona, found.activity!);
      const asks = inputsOf(card).some(
        (input) => isObject(input['choices.data']) && input['choices.data'].dataset === by.dataset,
      );
      if (!asks) throw new NotPossible('That field is no longer there.');
      const value = {
        queryText: by.queryText,
        queryOptions: { skip: by.skip ?? 0, top: by.top ?? maxResults },
        dataset: by.dataset,
      };
      const answered = await invoke(
        by,
        'application/search',
        `search ${by.dataset}`,
        found.chat,
        found.activity,
        value,
      );
      const body = isObject(answered.body) ? answered.body : {};
      const results = isObject(body.value) && Array.isArray(body.value.results) ? body.value.results : [];
      if (answered.problem) throw new NotPossible('The app did not answer with choices.');
      return {
        results: results
          .filter((each) => isObject(each) && typeof each.title === 'string' && typeof each.value === 'string')
          .slice(0, maxResults) as { title: string; value: string }[],
      };
    },

    async decideFile(by: By & { chat: string; activityId: string; decision: 'accept' | 'decline' }): Promise<void> {
      const { chat, activity } = activityFor(by.persona, by.chat, by.activityId);
      const attachment = activity.attachments.find((each) => each.contentType === consentType);
      if (!attachment || activity.consent !== 'open') throw new NotPossible('There is no file to decide on any more.');
      const content = attachment.content ?? {};
      const name = attachment.name ?? 'file';
      tenant.putActivity({ ...activity, consent: by.decision === 'accept' ? 'accepted' : 'declined' });
      const upload = by.decision === 'accept' ? tenant.announceUpload(name, Number(content.sizeInBytes)) : undefined;
      const value = {
        type: 'fileUpload',
        action: by.decision,
        context: (by.decision === 'accept' ? content.acceptContext : content.declineContext) ?? null,
        ...(upload
          ? {
              uploadInfo: {
                contentUrl: upload.contentUrl,
                name,
                uploadUrl: upload.uploadUrl,
                uniqueId: upload.id,
                fileType: name.slice(name.lastIndexOf('.') + 1),
              },
            }
          : {}),
      };
      const answered = await invoke(by, 'fileConsent/invoke', `fileConsent ${by.decision}`, chat, activity, value);
      if (answered.problem) {
        tenant.putActivity({ ...(tenant.activityOf(chat.id, activity.id) ?? activity), consent: 'open' });
        notice(by.persona, 'error', unreachable);
      }
    },
  };
};

export type TeamsPeople = ReturnType<typeof createTeamsPeople>;
