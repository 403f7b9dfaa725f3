/** The Slack Web API over HTTP: methods, response addresses and uploads, with Slack's own refusals. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { respondJson, respondText, type Body } from '../http.ts';
import { slowness, type Parts } from '../parts.ts';
import type { JsonObject, SlackFile } from '../protocol.ts';
import { personaOf, personas, slackBot, slackImId, slackTeam } from '../world.ts';
import { isObject } from './block-kit.ts';
import { SlackRefusal, type Workspace } from './workspace.ts';

type Arguments = Readonly<Record<string, unknown>>;
type Method = (args: Arguments) => JsonObject;

const maxFileBytes = 1024 * 1024 * 1024;

/** Arguments that carry JSON as text when they come in a form. */
const nested = new Set(['blocks', 'view', 'files', 'attachments', 'metadata', 'unfurls']);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const readArguments = (contentType: string, body: Buffer): Arguments => {
  if (contentType.startsWith('application/json')) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(body.toString('utf8'));
    } catch {
      throw new SlackRefusal('invalid_json');
    }
    if (!isObject(parsed)) throw new SlackRefusal('json_not_object');
    return parsed;
  }
  if (!contentType.startsWith('application/x-www-form-urlencoded')) {
    if (body.length === 0) return {};
    throw new SlackRefusal('invalid_post_type');
  }
  const args: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    args[name] = value;
    if (!nested.has(name)) continue;
    try {
      args[name] = JSON.parse(value);
    } catch {
      throw name === 'blocks'
        ? new SlackRefusal('invalid_blocks_format')
        : new SlackRefusal('invalid_arguments', [`[ERROR] failed to parse JSON [json-pointer:/${name}]`]);
    }
  }
  return args;
};

export const createWebApi = (parts: Parts, workspace: Workspace) => {
  const need = (args: Arguments, ...names: string[]): void => {
    const missing = names.filter((name) => args[name] === undefined || args[name] === '');
    if (missing.length > 0) {
      throw new SlackRefusal(
        'invalid_arguments',
        missing.map((name) => `[ERROR] missing required field: ${name}`),
      );
    }
  };
  const own = (args: Arguments, refusal: string) => {
    need(args, 'channel', 'ts');
    const channel = workspace.channelOf(String(args.channel));
    if (!channel) throw new SlackRefusal('channel_not_found');
    const message = workspace.messageAt(channel.id, String(args.ts));
    // Slack keeps no ephemerals: they can be changed by their response address only.
    if (!message || message.visibleTo) throw new SlackRefusal('message_not_found');
    if (message.user !== slackBot.userId) throw new SlackRefusal(refusal);
    return { channel, message };
  };
  const thread = (args: Arguments, channel: string): string | undefined => {
    const threadTs = textOf(args.thread_ts);
    if (threadTs && !workspace.messageAt(channel, threadTs)) throw new SlackRefusal('thread_not_found');
    return threadTs;
  };
  const content = (args: Arguments, files: readonly SlackFile[] = []) => {
    if (args.attachments !== undefined && (!Array.isArray(args.attachments) || args.attachments.length > 0)) {
      throw new SlackRefusal('invalid_attachments', ['[ERROR] the playground draws blocks, not attachments']);
    }
    return { ...workspace.acceptContent({ text: args.text as string | undefined, blocks: args.blocks, files }), files };
  };
  const channelPayload = (id: string): JsonObject => {
    const channel = workspace.channelOf(id)!;
    return channel.kind === 'im'
      ? { id, is_im: true, is_channel: false, user: channel.members[0]!, is_archived: false, is_open: true }
      : {
          id,
          name: channel.name,
          name_normalized: channel.name,
          is_channel: true,
          is_im: false,
          is_private: false,
          is_archived: false,
          is_member: channel.botIsMember,
          num_members: channel.members.length + (channel.botIsMember ? 1 : 0),
        };
  };
  const userPayload = (id: string): JsonObject => {
    if (id === slackBot.userId) {
      return {
        id,
        team_id: slackTeam.id,
        name: slackBot.name.toLowerCase(),
        real_name: slackBot.name,
        is_bot: true,
        deleted: false,
        profile: { real_name: slackBot.name, display_name: slackBot.name, bot_id: slackBot.botId },
      };
    }
    const persona = personaOf(id);
    if (!persona?.slackUserId || persona.slackUserId !== id) throw new SlackRefusal('user_not_found');
    const [first = '', ...last] = persona.name.split(' ');
    return {
      id,
      team_id: slackTeam.id,
      name: persona.id,
      real_name: persona.name,
      is_bot: false,
      deleted: false,
      is_restricted: false,
      is_ultra_restricted: false,
      tz: 'Europe/Berlin',
      tz_offset: 3600,
      profile: {
        real_name: persona.name,
        display_name: persona.name,
        first_name: first,
        last_name: last.join(' '),
        email: persona.email,
        title: persona.title,
      },
    };
  };
  /** A page of a list, by Slack's cursors. */
  const paged = (args: Arguments, name: string, items: readonly (string | JsonObject)[]): JsonObject => {
    const limit = Math.min(Math.max(Number(args.limit ?? 100) || 100, 1), 1000);
    const cursor = textOf(args.cursor);
    const from = cursor ? Number(Buffer.from(cursor, 'base64url').toString()) : 0;
    if (!Number.isInteger(from) || from < 0) throw new SlackRefusal('invalid_cursor');
    const next = from + limit < items.length ? Buffer.from(String(from + limit)).toString('base64url') : '';
    return { ok: true, [name]: items.slice(from, from + limit), response_metadata: { next_cursor: next } };
  };
  const viewAnswer = (view: unknown): JsonObject => ({
    ok: true,
    view: {
      ...(view as JsonObject),
      team_id: slackTeam.id,
      app_id: slackBot.appId,
      bot_id: slackBot.botId,
      state: { values: {} },
    },
  });

  const methods: Readonly<Record<string, Method>> = {
    'api.test': (args) => ({ ok: true, args: args as JsonObject }),
    'auth.test': () => ({
      ok: true,
      url: `https://${slackTeam.domain}.slack.com/`,
      team: slackTeam.name,
      user: slackBot.name.toLowerCase(),
      team_id: slackTeam.id,
      user_id: slackBot.userId,
      bot_id: slackBot.botId,
      is_enterprise_install: false,
    }),

    'chat.postMessage': (args) => {
      need(args, 'channel');
      const channel = workspace.channelForBot(args.channel);
      const threadTs = thread(args, channel.id);
      const message = workspace.post(channel, slackBot.userId, content(args), { threadTs });
      return { ok: true, channel: channel.id, ts: message.ts, message: workspace.messagePayload(message) };
    },
    'chat.postEphemeral': (args) => {
      need(args, 'channel', 'user');
      const channel = workspace.channelForBot(args.channel);
      const user = String(args.user);
      if (!channel.members.includes(user)) throw new SlackRefusal('user_not_in_channel');
      const threadTs = thread(args, channel.id);
      const message = workspace.post(channel, slackBot.userId, content(args), { threadTs, visibleTo: user });
      return { ok: true, message_ts: message.ts };
    },
    'chat.update': (args) => {
      const { channel, message } = own(args, 'cant_update_message');
      // A call without `blocks` keeps the old ones; an empty list removes them.
      const next = args.blocks === undefined ? { ...content(args), blocks: message.blocks } : content(args);
      const edited = workspace.edit(message, { text: next.text, blocks: next.blocks });
      return {
        ok: true,
        channel: channel.id,
        ts: edited.ts,
        text: edited.text,
        message: workspace.messagePayload(edited),
      };
    },
    'chat.delete': (args) => {
      const { channel, message } = own(args, 'cant_delete_message');
      workspace.remove(message);
      return { ok: true, channel: channel.id, ts: message.ts };
    },

    'conversations.open': (args) => {
      const users = textOf(args.users)?.split(',') ?? [];
      const named = textOf(args.channel);
      if (users.length === 0 && !named) throw new SlackRefusal('users_list_not_supplied');
      if (users.length > 1) throw new SlackRefusal('method_not_supported_for_channel_type');
      const id = named ?? slackImId(users[0]!);
      if (users[0] && !workspace.isUser(users[0])) throw new SlackRefusal('user_not_found');
      if (!workspace.channelOf(id)) throw new SlackRefusal('channel_not_found');
      return { ok: true, no_op: true, already_open: true, channel: { id } };
    },
    'conversations.info': (args) => {
      need(args, 'channel');
      const channel = workspace.channelOf(String(args.channel));
      if (!channel) throw new SlackRefusal('channel_not_found');
      return { ok: true, channel: channelPayload(channel.id) };
    },
    'conversations.members': (args) => {
      need(args, 'channel');
      const channel = workspace.channelOf(String(args.channel));
      if (!channel) throw new SlackRefusal('channel_not_found');
      return paged(args, 'members', [...channel.members, ...(channel.botIsMember ? [slackBot.userId] : [])]);
    },
    'conversations.list': (args) => {
      const types = (textOf(args.types) ?? 'public_channel').split(',');
      const all = parts.store.all('slack_channel');
      const shown = all.filter((each) => types.includes(each.kind === 'im' ? 'im' : 'public_channel'));
      return paged(
        args,
        'channels',
        shown.map((each) => channelPayload(each.id)),
      );
    },

    'users.info': (args) => {
      need(args, 'user');
      return { ok: true, user: userPayload(String(args.user)) };
    },
    'users.list': (args) =>
      paged(
        args,
        'members',
        [...personas.flatMap((persona) => persona.slackUserId ?? []), slackBot.userId].map(userPayload),
      ),
    'users.lookupByEmail': (args) => {
      need(args, 'email');
      const persona = personas.find((each) => each.email === String(args.email).toLowerCase() && each.slackUserId);
      if (!persona) throw new SlackRefusal('users_not_found');
      return { ok: true, user: userPayload(persona.slackUserId!) };
    },

    'views.open': (args) => viewAnswer(workspace.openView(workspace.exchangeTrigger(args.trigger_id), args.view)),
    'views.push': (args) => viewAnswer(workspace.pushView(workspace.exchangeTrigger(args.trigger_id), args.view)),
    'views.update': (args) => {
      const viewId = textOf(args.view_id);
      const externalId = textOf(args.external_id);
      if (!viewId && !externalId) need(args, 'view_id');
      const find = { ...(viewId ? { viewId } : {}), ...(externalId ? { externalId } : {}) };
      return viewAnswer(workspace.updateView(find, args.view, textOf(args.hash)));
    },
    'views.publish': (args) => {
      need(args, 'user_id');
      return viewAnswer(workspace.publishHome(args.user_id, args.view, textOf(args.hash)));
    },

    'files.info': (args) => {
      need(args, 'file');
      const file = parts.store.get('file', String(args.file));
      if (!file || file.state === 'announced') throw new SlackRefusal('file_not_found');
      return { ok: true, file: workspace.filePayload(file), comments: [], response_metadata: { next_cursor: '' } };
    },
    'files.getUploadURLExternal': (args) => {
      need(args, 'filename', 'length');
      const length = Number(args.length);
      if (!Number.isInteger(length) || length <= 0) {
        throw new SlackRefusal('invalid_arguments', ['[ERROR] must be a positive integer [json-pointer:/length]']);
      }
      if (length > maxFileBytes) throw new SlackRefusal('file_upload_size_restricted');
      const { file, uploadUrl } = workspace.announceFile(String(args.filename), length);
      return { ok: true, upload_url: uploadUrl, file_id: file.id };
    },
    'files.completeUploadExternal': (args) => {
      need(args, 'files');
      const given = Array.isArray(args.files) ? args.files.filter(isObject) : [];
      if (given.length === 0) throw new SlackRefusal('invalid_arguments', ['[ERROR] no files [json-pointer:/files]']);
      const kept = given.map(({ id, title }) => {
        const file = parts.store.get('file', String(id));
        if (!file || file.state === 'announced') throw new SlackRefusal('file_not_found');
        return { ...file, state: 'shared' as const, title: textOf(title) ?? file.name };
      });
      const target = textOf(args.channel_id) ?? textOf(args.channels);
      const channel = target ? workspace.channelForBot(target) : undefined;
      const threadTs = channel && thread(args, channel.id);
      const shown = kept.map((file) => workspace.shownFile(file));
      const said = channel && content({ text: args.initial_comment, blocks: args.blocks }, shown);
      for (const file of kept) parts.store.put('file', file.id, file);
      if (channel && said) workspace.post(channel, slackBot.userId, said, { threadTs });
      return {
        ok: true,
        files: shown.map((file) => ({
          ...file,
          url_private: `${parts.ownUrl()}${file.url}`,
          url_private_download: `${parts.ownUrl()}${file.url}?download`,
          permalink: `${parts.ownUrl()}${file.url}`,
        })),
      };
    },
  };

  const refusal = (error: SlackRefusal): JsonObject => ({
    ok: false,
    error: error.code,
    ...(error.messages.length > 0
      ? {
          errors: error.messages.map((message) => message.replace(/^\[ERROR\] /, '')),
          response_metadata: { messages: error.messages },
        }
      : {}),
  });

  /** Whom a call is for, so that the inspector can be filtered. */
  const personaFor = (args: Arguments): string | undefined => {
    const named = textOf(args.user) ?? textOf(args.user_id) ?? textOf(args.channel) ?? textOf(args.channel_id);
    const user = named?.startsWith('D') ? `U${named.slice(1)}` : named;
    return user ? personaOf(user)?.id : undefined;
  };

  /** Answers as a rate-limited or broken Slack when the switches say so. True when it has answered. */
  const faulty = (
    response: ServerResponse,
    end: (how: { status: number; response?: unknown; problem?: string }) => void,
  ): boolean => {
    const faults = parts.faults();
    if (faults.slack === 'rate_limited') {
      const answer = { ok: false, error: 'ratelimited' };
      respondJson(response, 429, answer, { 'retry-after': String(faults.retryAfterSeconds) });
      end({ status: 429, response: answer, problem: `Retry-After ${faults.retryAfterSeconds} s (fault switch)` });
      return true;
    }
    if (faults.slack === 'down') {
      respondText(response, 500, 'Internal Server Error');
      end({ status: 500, problem: 'Slack is down (fault switch)' });
      return true;
    }
    return false;
  };

  return {
    async method(request: IncomingMessage, response: ServerResponse, name: string, body: Body): Promise<void> {
      const contentType = request.headers['content-type'] ?? '';
      let args: Arguments = {};
      let answer: JsonObject;
      let parseProblem: SlackRefusal | undefined;
      try {
        args = readArguments(contentType, body);
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error;
        parseProblem = error;
      }
      const { token: _token, ...shown } = args;
      const persona = personaFor(args);
      const end = parts.traffic.begin({
        platform: 'slack',
        direction: 'from_app',
        name,
        method: request.method ?? '',
        path: `/slack/api/${name}`,
        request: shown,
        ...(persona ? { persona } : {}),
      });
      await slowness(parts.faults());
      if (faulty(response, end)) return;
      const token = request.headers.authorization?.replace(/^Bearer /i, '') ?? textOf(args.token);
      try {
        if (parseProblem) throw parseProblem;
        const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
        if (!method) throw new SlackRefusal('unknown_method');
        if (name !== 'api.test') {
          if (!token) throw new SlackRefusal('not_authed');
          if (token !== parts.store.secrets.slackBotToken) throw new SlackRefusal('invalid_auth');
        }
        answer = method(args);
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error;
        answer = refusal(error);
      }
      respondJson(response, 200, answer);
      end({
        status: 200,
        response: answer,
        ...(answer.ok ? {} : { problem: [answer.error, ...((answer.errors as string[]) ?? [])].join(': ') }),
      });
    },

    async responseUrl(request: IncomingMessage, response: ServerResponse, id: string, body: Body): Promise<void> {
      let given: Record<string, unknown> = {};
      let readable = true;
      try {
        const parsed: unknown = JSON.parse(body.toString('utf8'));
        if (isObject(parsed)) given = parsed;
        else readable = false;
      } catch {
        readable = false;
      }
      const known = parts.store.get('response_url', id);
      const persona = known && personaOf(known.user)?.id;
      const end = parts.traffic.begin({
        platform: 'slack',
        direction: 'from_app',
        name: 'response_url',
        method: request.method ?? '',
        path: '/slack/response/…',
        request: given,
        ...(persona ? { persona } : {}),
      });
      await slowness(parts.faults());
      if (faulty(response, end)) return;
      try {
        if (!readable) throw new SlackRefusal('invalid_payload');
        respond(id, given);
        respondJson(response, 200, { ok: true });
        end({ status: 200, response: { ok: true } });
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error;
        const status = error.code === 'expired_url' || error.code === 'used_url' ? 404 : 400;
        respondJson(response, status, refusal(error));
        end({ status, response: refusal(error), problem: error.message });
      }
    },

    async upload(
      request: IncomingMessage,
      response: ServerResponse,
      fileId: string,
      ticket: string,
      body: Body,
    ): Promise<void> {
      const file = parts.store.get('file', fileId);
      const end = parts.traffic.begin({
        platform: 'slack',
        direction: 'from_app',
        name: 'file upload',
        method: request.method ?? '',
        path: `/slack/upload/${fileId}/…`,
        request: { bytes: body.length, name: file?.name ?? null },
      });
      await slowness(parts.faults());
      if (faulty(response, end)) return;
      const refuse = (status: number, text: string): void => {
        respondText(response, status, text);
        end({ status, response: text, problem: text });
      };
      if (!file || file.ticket !== ticket) return refuse(404, 'no such upload');
      if (file.state !== 'announced') return refuse(409, 'already uploaded');
      const bytes = await bytesOf(request.headers['content-type'] ?? '', body);
      if (!bytes) return refuse(400, 'no file in the body');
      if (bytes.length !== file.size) return refuse(400, `announced ${file.size} bytes, got ${bytes.length}`);
      parts.store.putBytes(file.id, bytes);
      parts.store.put('file', file.id, { ...file, state: 'uploaded' });
      respondText(response, 200, `OK - ${bytes.length}`);
      end({ status: 200, response: `OK - ${bytes.length}` });
    },
  };

  function respond(id: string, given: Record<string, unknown>): void {
    const known = workspace.useResponseUrl(id);
    const channel = workspace.channelOf(known.channel);
    if (!channel) throw new SlackRefusal('channel_not_found');
    const original = known.ts ? workspace.messageAt(known.channel, known.ts) : undefined;
    if (given.delete_original === true) {
      if (original) workspace.remove(original);
      return;
    }
    const next = content(given);
    if (given.replace_original === true && known.ts) {
      if (!original) throw new SlackRefusal('message_not_found');
      workspace.edit(original, next);
      return;
    }
    const visibleTo = given.response_type === 'in_channel' ? undefined : known.user;
    workspace.post(channel, slackBot.userId, next, { visibleTo, threadTs: textOf(given.thread_ts) });
  }
};

/** The file's bytes: the field `body`, `file` or `filename` of a multipart form, or the bare body. */
const bytesOf = async (contentType: string, body: Buffer): Promise<Uint8Array | undefined> => {
  if (!contentType.startsWith('multipart/form-data')) return body;
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
    for (const part of form.values()) if (typeof part !== 'string') return new Uint8Array(await part.arrayBuffer());
  } catch {
    // Not a readable form: no file.
  }
  return undefined;
};

export type WebApi = ReturnType<typeof createWebApi>;
