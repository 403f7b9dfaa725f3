/** What a person can do in Slack, and what Slack then sends to the app and does with its answer. */
import { NotPossible, type Parts } from '../parts.ts';
import type {
  JsonObject,
  SlackChannel,
  SlackMessage,
  SlackModals,
  SlackSource,
  SlackStateValues,
  SlackView,
} from '../protocol.ts';
import { personaOf, slackBot, slackbotId, slackImId, slackTeam } from '../world.ts';
import { elementsOf, faultsOfSuggestions, isObject } from './block-kit.ts';
import type { Answered, SlackDelivery } from './delivery.ts';
import { clientErrors, collectState, untouched, valueField } from './view-state.ts';
import { newId, SlackRefusal, type Workspace } from './workspace.ts';

export const trouble = 'We had some trouble connecting. Try again?';
const command = '/lmp';

interface By {
  readonly persona: string;
}
export interface Action {
  readonly source: SlackSource;
  readonly blockId: string;
  readonly actionId: string;
  /** The element's part in Slack's shape: `{type: 'button', value}`, `{type: 'static_select', selected_option}` … */
  readonly action: JsonObject;
  readonly state: SlackStateValues;
}

export const createSlackPeople = (parts: Parts, workspace: Workspace, delivery: SlackDelivery) => {
  const userOf = (personaId: string): { id: string; username: string; name: string; team_id: string } => {
    const persona = personaOf(personaId);
    if (!persona?.slackUserId) throw new NotPossible(`${persona?.name ?? personaId} has no Slack account.`);
    const username = persona.email.slice(0, persona.email.indexOf('@'));
    return { id: persona.slackUserId, username, name: username, team_id: slackTeam.id };
  };
  const channelFor = (user: string, channelId: string): SlackChannel => {
    const channel = workspace.channelOf(channelId);
    if (!channel?.members.includes(user)) throw new NotPossible('You are not in that channel.');
    return channel;
  };

  /** The parts that every payload of an interaction has. */
  const envelope = (user: ReturnType<typeof userOf>, trigger: string | undefined) => ({
    team: { id: slackTeam.id, domain: slackTeam.domain },
    enterprise: null,
    is_enterprise_install: false,
    user,
    api_app_id: slackBot.appId,
    token: 'playground',
    ...(trigger ? { trigger_id: trigger } : {}),
  });
  const interact = (name: string, persona: string, payload: object): Promise<Answered> =>
    delivery.send({
      name,
      shown: payload,
      body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
      contentType: 'application/x-www-form-urlencoded',
      persona,
    });
  const sendEvent = (persona: string, event: JsonObject): Promise<Answered> => {
    const body = {
      token: 'playground',
      team_id: slackTeam.id,
      api_app_id: slackBot.appId,
      event,
      type: 'event_callback',
      event_id: newId('Ev'),
      event_time: Math.floor(parts.realNow() / 1000),
      authorizations: [
        {
          enterprise_id: null,
          team_id: slackTeam.id,
          user_id: slackBot.userId,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
    };
    return delivery.sendEvent({
      name: `event ${String(event.type)}`,
      shown: body,
      body: JSON.stringify(body),
      contentType: 'application/json',
      persona,
    });
  };

  const viewPayload = (view: SlackView, state: object): JsonObject => ({
    ...(view as unknown as JsonObject),
    team_id: slackTeam.id,
    state: { values: state as JsonObject },
    submit: (view.submit as JsonObject | undefined) ?? null,
    close: (view.close as JsonObject | undefined) ?? null,
    app_id: slackBot.appId,
    app_installed_team_id: slackTeam.id,
    bot_id: slackBot.botId,
  });

  const slackbotSays = (user: string, channel: SlackChannel, text: string): void => {
    workspace.post(channel, slackbotId, { text, blocks: [] }, { visibleTo: user });
  };

  /** The JSON of an answer; an empty body is an empty object, and words alone are `{text}`. */
  const bodyOf = (answered: Answered): Record<string, unknown> => {
    if (answered.text.trim() === '') return {};
    try {
      const body: unknown = JSON.parse(answered.text);
      if (isObject(body)) return body;
    } catch {
      // Not JSON: plain words.
    }
    return { text: answered.text };
  };

  /** Where a click or a typed word happened, as the page claims and the workspace confirms. */
  const locate = (
    user: string,
    source: SlackSource,
  ): { view: SlackView; blocks: readonly JsonObject[] } | { message: SlackMessage; blocks: readonly JsonObject[] } => {
    if (source.in === 'message') {
      channelFor(user, source.channel);
      const message = workspace.messageAt(source.channel, source.ts);
      if (!message || (message.visibleTo && message.visibleTo !== user)) {
        throw new NotPossible('That message is no longer there.');
      }
      return { message, blocks: message.blocks };
    }
    const home = workspace.homeOf(user);
    const view =
      home?.id === source.viewId ? home : workspace.modalsOf(user)?.views.find((each) => each.id === source.viewId);
    if (!view) throw new NotPossible('That view is no longer open.');
    return { view, blocks: view.blocks };
  };
  const elementAt = (blocks: readonly JsonObject[], blockId: string, actionId: string): Record<string, unknown> => {
    const block = blocks.find((each) => each.block_id === blockId);
    const element = block && elementsOf(block).find((each) => each.action_id === actionId);
    if (!element) throw new NotPossible('That button or field is no longer there.');
    return element;
  };

  /** The `actions[0]` of a click: what the element says of itself, and what the person chose. */
  const actionPayload = (element: Record<string, unknown>, action: Action): JsonObject => {
    const type = String(element.type);
    const own: Record<string, unknown> = {};
    if (type === 'button') {
      own.text = element.text;
      if (element.value !== undefined) own.value = element.value;
      if (element.style !== undefined) own.style = element.style;
      if (element.url !== undefined) own.url = element.url;
    } else {
      const field = type === 'overflow' ? 'selected_option' : valueField(type)!;
      own[field] = action.action[field] ?? null;
      const offered = offeredValues(element);
      const chosen = [own[field]].flat().filter(isObject);
      if (offered && chosen.some((each) => !offered.includes(each.value))) {
        throw new NotPossible('That choice is not offered.');
      }
      if (element.placeholder) own.placeholder = element.placeholder;
    }
    return {
      ...own,
      type,
      action_id: action.actionId,
      block_id: action.blockId,
      action_ts: workspace.newTs(),
    } as JsonObject;
  };

  const containerOf = (source: SlackSource, message: SlackMessage | undefined): JsonObject =>
    source.in === 'view'
      ? { type: 'view', view_id: source.viewId }
      : {
          type: 'message',
          message_ts: source.ts,
          channel_id: source.channel,
          is_ephemeral: message?.visibleTo !== undefined,
          ...(message?.threadTs ? { thread_ts: message.threadTs } : {}),
        };

  const topView = (user: string, viewId: string): { modals: SlackModals; view: SlackView } => {
    const modals = workspace.modalsOf(user);
    const view = modals?.views.at(-1);
    if (!modals || view?.id !== viewId) throw new NotPossible('That view is no longer open.');
    return { modals, view };
  };

  /** What Slack does with the app's answer to a submission. */
  const afterSubmission = (user: string, view: SlackView, answered: Answered): void => {
    const modals = workspace.modalsOf(user);
    const stillOpen = modals?.views.some((each) => each.id === view.id);
    if (!modals || !stillOpen) return;
    const settle = (change: Partial<SlackModals>): void =>
      workspace.putModals(user, { ...modals, busy: false, ...change });
    if (answered.problem) return settle({ problem: trouble });
    const body = bodyOf(answered);
    try {
      switch (body.response_action) {
        case undefined:
          return view.clear_on_close
            ? workspace.putModals(user, null)
            : workspace.putModals(user, {
                ...workspace.fresh,
                views: modals.views.filter((each) => each.id !== view.id),
              });
        case 'clear':
          return workspace.putModals(user, null);
        case 'update': {
          const index = modals.views.findIndex((each) => each.id === view.id);
          const next = workspace.acceptView(body.view, 'modal', modals.views[index]);
          return settle({ ...workspace.fresh, views: modals.views.with(index, next) });
        }
        case 'push': {
          if (modals.views.length >= workspace.maxStack) throw new SlackRefusal('push_limit_reached');
          const next = workspace.acceptView(body.view, 'modal', undefined, view);
          return settle({ ...workspace.fresh, views: [...modals.views, next] });
        }
        case 'errors': {
          const errors = isObject(body.errors) ? (body.errors as Record<string, string>) : {};
          const inputs = view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
          const wrong = Object.keys(errors).filter((blockId) => !inputs.includes(blockId));
          if (wrong.length > 0 || Object.keys(errors).length === 0) {
            throw new SlackRefusal('invalid_errors', [`no input block: ${wrong.join(', ')}`]);
          }
          return settle({ errors, problem: null });
        }
        default:
          throw new SlackRefusal('invalid_response_action');
      }
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      refusedAnswer(`answer to view_submission`, error);
      settle({ problem: trouble });
    }
  };

  /** An answer inside the HTTP response cannot be refused with a status, so the inspector has to tell. */
  const refusedAnswer = (name: string, refusal: SlackRefusal): void => {
    parts.traffic.begin({
      platform: 'slack',
      direction: 'from_app',
      name,
      method: '',
      path: '',
      request: null,
    })({ status: 400, problem: refusal.message });
  };

  /** The files of a form in Slack's words: only those that this person gave. */
  const withFiles = <S extends Record<string, Record<string, JsonObject>>>(persona: string, state: S): S => {
    for (const elements of Object.values(state)) {
      for (const element of Object.values(elements)) {
        if (element.type !== 'file_input') continue;
        const given = (element.files ?? []) as unknown as readonly { readonly id?: string }[];
        (element as Record<string, unknown>).files = given.flatMap(({ id }) => {
          const file = parts.store.get('file', id ?? '');
          return file?.persona === persona ? [workspace.filePayload(file)] : [];
        });
      }
    }
    return state;
  };

  return {
    async command(by: By & { channel: string; command: string; text: string }): Promise<void> {
      const user = userOf(by.persona);
      const channel = channelFor(user.id, by.channel);
      if (by.command !== command) {
        slackbotSays(
          user.id,
          channel,
          `${by.command} is not a valid command. In Slack, all messages that start with the “/” character are interpreted as commands.`,
        );
        return;
      }
      const fields = {
        token: 'playground',
        team_id: slackTeam.id,
        team_domain: slackTeam.domain,
        channel_id: channel.id,
        channel_name: channel.kind === 'im' ? 'directmessage' : channel.name,
        user_id: user.id,
        user_name: user.name,
        command: by.command,
        // Slack trims what stands after the command word.
        text: by.text.trim(),
        api_app_id: slackBot.appId,
        is_enterprise_install: 'false',
        response_url: workspace.newResponseUrl(user.id, channel.id),
        trigger_id: workspace.newTrigger(user.id),
      };
      const answered = await delivery.send({
        name: `${by.command} ${fields.text}`.trim(),
        shown: fields,
        body: new URLSearchParams(fields).toString(),
        contentType: 'application/x-www-form-urlencoded',
        persona: by.persona,
      });
      if (answered.problem) {
        slackbotSays(user.id, channel, `${by.command} failed with the error ${answered.problem}`);
        return;
      }
      const body = bodyOf(answered);
      if (body.text === undefined && body.blocks === undefined) return;
      try {
        const content = workspace.acceptContent({ text: body.text as string | undefined, blocks: body.blocks });
        const visibleTo = body.response_type === 'in_channel' ? undefined : user.id;
        workspace.post(channel, slackBot.userId, content, { visibleTo });
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error;
        refusedAnswer(`answer to ${by.command}`, error);
        slackbotSays(user.id, channel, `${by.command} failed with the error ${error.code}`);
      }
    },

    async message(by: By & { channel: string; text: string; threadTs?: string | undefined }): Promise<void> {
      const user = userOf(by.persona);
      const channel = channelFor(user.id, by.channel);
      if (by.text.startsWith('/')) throw new NotPossible('That starts with a slash: send it as a command.');
      if (by.text.trim() === '') throw new NotPossible('There is nothing to send.');
      const message = workspace.post(channel, user.id, { text: by.text, blocks: [] }, { threadTs: by.threadTs });
      // The app subscribes to direct messages only; what people say in channels is none of its business.
      if (channel.kind !== 'im') return;
      await sendEvent(by.persona, {
        type: 'message',
        channel: channel.id,
        channel_type: 'im',
        user: user.id,
        text: by.text,
        ts: message.ts,
        event_ts: message.ts,
        team: slackTeam.id,
        client_msg_id: crypto.randomUUID(),
        ...(by.threadTs ? { thread_ts: by.threadTs } : {}),
      });
    },

    async action(by: By & Action): Promise<void> {
      const user = userOf(by.persona);
      const found = locate(user.id, by.source);
      const element = elementAt(found.blocks, by.blockId, by.actionId);
      const message = 'message' in found ? found.message : undefined;
      const view = 'view' in found ? found.view : undefined;
      const action = actionPayload(element, by);
      const state = collectState(found.blocks, by.state);
      // The element that was touched counts with its new value, whatever the page knew of the rest.
      const field = valueField(String(element.type));
      if (field && untouched(element)) {
        state[by.blockId]![by.actionId] = { type: String(element.type), [field]: action[field] ?? null } as JsonObject;
      }
      const channel = message && workspace.channelOf(message.channel);
      const payload = {
        type: 'block_actions',
        ...envelope(user, workspace.newTrigger(user.id, view?.type === 'modal' ? view.id : undefined)),
        container: containerOf(by.source, message),
        ...(channel
          ? {
              channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
              response_url: workspace.newResponseUrl(user.id, channel.id, message.ts),
              state: { values: state },
            }
          : {}),
        // Slack leaves the message out when only one person could see it.
        ...(message && !message.visibleTo ? { message: workspace.messagePayload(message) } : {}),
        ...(view ? { view: viewPayload(view, state) } : {}),
        actions: [action],
      };
      const answered = await interact(`block_actions ${by.actionId}`, by.persona, payload);
      if (answered.problem) {
        if (view?.type === 'modal') {
          const modals = workspace.modalsOf(user.id);
          if (modals) workspace.putModals(user.id, { ...modals, problem: trouble });
        }
        parts.stream.emit('notice', { persona: by.persona, platform: 'slack', tone: 'error', text: trouble });
      }
    },

    async options(by: By & { source: SlackSource; blockId: string; actionId: string; value: string }): Promise<{
      options?: readonly JsonObject[];
      option_groups?: readonly { label: JsonObject; options: readonly JsonObject[] }[];
    }> {
      const user = userOf(by.persona);
      const found = locate(user.id, by.source);
      elementAt(found.blocks, by.blockId, by.actionId);
      const message = 'message' in found ? found.message : undefined;
      const channel = message && workspace.channelOf(message.channel);
      const payload = {
        type: 'block_suggestion',
        ...envelope(user, undefined),
        container: containerOf(by.source, message),
        ...(channel ? { channel: { id: channel.id, name: channel.name } } : {}),
        ...(message && !message.visibleTo ? { message: workspace.messagePayload(message) } : {}),
        ...('view' in found ? { view: viewPayload(found.view, collectState(found.blocks, {})) } : {}),
        action_id: by.actionId,
        block_id: by.blockId,
        value: by.value,
      };
      const answered = await interact(`block_suggestion ${by.actionId}`, by.persona, payload);
      if (answered.problem) throw new NotPossible('The app did not answer with choices.');
      const body = bodyOf(answered);
      const faults = faultsOfSuggestions(body);
      if (faults.length > 0) {
        refusedAnswer('answer to block_suggestion', new SlackRefusal('invalid_options', faults));
        throw new NotPossible('The app answered with choices that Slack does not take.');
      }
      return body.option_groups ? { option_groups: body.option_groups as never } : { options: body.options as never };
    },

    async submit(by: By & { viewId: string; state: SlackStateValues }): Promise<void> {
      const user = userOf(by.persona);
      const { modals, view } = topView(user.id, by.viewId);
      if (!view.submit) throw new NotPossible('This view has nothing to submit.');
      // Slack greys the button out until the answer is there.
      if (modals.busy) throw new NotPossible('It is being sent already.');
      const state = withFiles(by.persona, collectState(view.blocks, by.state));
      const errors = clientErrors(view.blocks, state);
      if (Object.keys(errors).length > 0) {
        workspace.putModals(user.id, { ...modals, errors, problem: null });
        return;
      }
      workspace.putModals(user.id, { ...modals, errors: {}, problem: null, busy: true });
      const answered = await interact(`view_submission ${view.callback_id}`, by.persona, {
        type: 'view_submission',
        ...envelope(user, workspace.newTrigger(user.id, view.id)),
        view: viewPayload(view, state),
        response_urls: [],
      });
      afterSubmission(user.id, view, answered);
    },

    async close(by: By & { viewId: string; all: boolean }): Promise<void> {
      const user = userOf(by.persona);
      const { modals, view } = topView(user.id, by.viewId);
      const all = by.all || view.clear_on_close;
      const closed = all ? modals.views.toReversed() : [view];
      workspace.putModals(user.id, all ? null : { ...workspace.fresh, views: modals.views.slice(0, -1) });
      for (const each of closed) {
        if (!each.notify_on_close) continue;
        await interact(`view_closed ${each.callback_id}`, by.persona, {
          type: 'view_closed',
          ...envelope(user, undefined),
          view: viewPayload(each, collectState(each.blocks, {})),
          is_cleared: all,
        });
      }
    },

    async openHome(by: By): Promise<void> {
      const user = userOf(by.persona);
      const home = workspace.homeOf(user.id);
      const answered = await sendEvent(by.persona, {
        type: 'app_home_opened',
        user: user.id,
        channel: slackImId(user.id),
        tab: 'home',
        event_ts: workspace.newTs(),
        ...(home ? { view: viewPayload(home, {}) } : {}),
      });
      if (answered.problem) {
        parts.stream.emit('notice', { persona: by.persona, platform: 'slack', tone: 'error', text: trouble });
      }
    },
  };
};

const offeredValues = (element: Record<string, unknown>): unknown[] | undefined => {
  const groups = element.option_groups as { options: { value: string }[] }[] | undefined;
  const options = (element.options as { value: string }[] | undefined) ?? groups?.flatMap((group) => group.options);
  return options?.map((option) => option.value);
};

export type SlackPeople = ReturnType<typeof createSlackPeople>;
