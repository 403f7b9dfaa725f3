/** The Bot Framework connector over HTTP: tokens, key document, conversations, uploads, with its own refusals. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { respondJson, type Body } from '../http.ts';
import { slowness, type Parts } from '../parts.ts';
import type { JsonObject, TeamsActivity } from '../protocol.ts';
import { personaOf, teamsBot, teamsClientId, teamsTenant } from '../world.ts';
import { connectorIssuer, type ConnectorKeys } from './keys.ts';
import { TeamsRefusal, type Tenant } from './tenant.ts';

interface Call {
  readonly method: string;
  /** Below `/v3/`, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}
interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sameText = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** Bytes that came in pieces, until the last one is there. */
interface Upload {
  readonly bytes: Buffer;
  filled: number;
}

export const createConnector = (own: Parts, tenant: Tenant, keys: ConnectorKeys) => {
  const uploads = new Map<string, Upload>();

  const mine = (chat: string, activityId: string): TeamsActivity => {
    const activity = tenant.activityOf(chat, activityId);
    if (!activity || activity.deleted) {
      throw new TeamsRefusal(404, 'ActivityNotFoundInConversation', 'Activity not found in conversation.');
    }
    if (activity.from !== teamsBot.id) {
      throw new TeamsRefusal(403, 'Forbidden', 'The bot is not the author of that activity.');
    }
    return activity;
  };

  const send = (conversationId: string, given: unknown): Reply => {
    const { chat, threadId } = tenant.conversation(conversationId);
    if (isObject(given) && given.type === 'typing') return { status: 200, body: { id: tenant.newActivityId() } };
    if (!isObject(given) || given.type !== 'message') {
      throw new TeamsRefusal(400, 'BadSyntax', 'An activity of type message is expected.');
    }
    const activity = tenant.post(chat, teamsBot.id, tenant.acceptContent(given, chat), threadId);
    return { status: 201, body: { id: activity.id } };
  };

  const createConversation = (given: unknown): Reply => {
    if (!isObject(given)) throw new TeamsRefusal(400, 'BadSyntax', 'The body is not an object.');
    const channelData = isObject(given.channelData) ? given.channelData : {};
    const tenantId = given.tenantId ?? (isObject(channelData.tenant) ? channelData.tenant.id : undefined);
    if (tenantId !== teamsTenant.id) {
      throw new TeamsRefusal(403, 'Forbidden', 'The tenant is not one in which the bot is installed.');
    }
    const channelId = isObject(channelData.channel) ? channelData.channel.id : undefined;
    const serviceUrl = `${own.ownUrl()}/teams`;
    if (typeof channelId === 'string') {
      const { chat } = tenant.conversation(channelId);
      if (!isObject(given.activity)) throw new TeamsRefusal(400, 'BadArgument', 'A channel post needs an activity.');
      const activity = tenant.post(chat, teamsBot.id, tenant.acceptContent(given.activity, chat));
      const id = tenant.conversationId(chat, activity.id);
      return { status: 201, body: { id, activityId: activity.id, serviceUrl } };
    }
    const members = Array.isArray(given.members) ? given.members.filter(isObject) : [];
    if (members.length !== 1) {
      throw new TeamsRefusal(400, 'BadArgument', 'Exactly one member is expected: bots cannot start group chats.');
    }
    const chat = tenant.personalChat(String(members[0]!.id));
    if (!isObject(given.activity)) return { status: 201, body: { id: chat.id, serviceUrl } };
    const activity = tenant.post(chat, teamsBot.id, tenant.acceptContent(given.activity, chat));
    return { status: 201, body: { id: chat.id, activityId: activity.id, serviceUrl } };
  };

  const members = (conversationId: string): JsonObject[] =>
    tenant.conversation(conversationId).chat.members.map((id) => tenant.memberPayload(id));
  const pagedMembers = (conversationId: string, query: URLSearchParams): Reply => {
    const all = members(conversationId);
    const size = Math.min(Math.max(Number(query.get('pageSize') ?? 50) || 50, 1), 500);
    const from = Number(query.get('continuationToken') ?? 0) || 0;
    const more = from + size < all.length ? { continuationToken: String(from + size) } : {};
    return { status: 200, body: { members: all.slice(from, from + size), ...more } };
  };
  const member = (conversationId: string, id: string): Reply => {
    const found = members(conversationId).find((each) => each.id === id || each.aadObjectId === id);
    if (!found) throw new TeamsRefusal(404, 'MemberNotFoundInConversation', 'The member is not in the conversation.');
    return { status: 200, body: found };
  };

  /** A name for the record, and what the call does. */
  const route = (call: Call): { name: string; run: () => Reply } | undefined => {
    const [area, id, what, which] = call.parts;
    if (area === 'conversations' && id === undefined && call.method === 'POST') {
      return { name: 'create conversation', run: () => createConversation(call.body) };
    }
    if (area === 'conversations' && id !== undefined && what === 'activities') {
      if (call.method === 'POST') return { name: which ? 'reply' : 'send activity', run: () => send(id, call.body) };
      if (which === undefined) return undefined;
      const { method } = call;
      if (method === 'PUT') {
        return {
          name: 'update activity',
          run: () => {
            const { chat } = tenant.conversation(id);
            const before = mine(chat.id, which);
            const next = tenant.edit(before, tenant.acceptContent(call.body, chat));
            return { status: 200, body: { id: next.id } };
          },
        };
      }
      if (method === 'DELETE') {
        return {
          name: 'delete activity',
          run: () => {
            tenant.remove(mine(tenant.conversation(id).chat.id, which));
            return { status: 200, body: {} };
          },
        };
      }
    }
    if (area === 'conversations' && id !== undefined && call.method === 'GET') {
      if (what?.toLowerCase() === 'pagedmembers')
        return { name: 'get members', run: () => pagedMembers(id, call.query) };
      if (what === 'members' && which) return { name: 'get member', run: () => member(id, which) };
      if (what === 'members') return { name: 'get members', run: () => ({ status: 200, body: members(id) }) };
    }
    if (area === 'teams' && id !== undefined && call.method === 'GET') {
      const channels = own.store.all('teams_chat').filter((chat) => chat.team?.id === id);
      const team = channels[0]?.team;
      const none = (): Reply => {
        throw new TeamsRefusal(404, 'NotFound', 'The team was not found.');
      };
      if (!team) return { name: 'get team', run: none };
      if (what === 'conversations') {
        const list = channels.map((chat) => ({ id: chat.id, name: chat.name, type: 'standard' }));
        return { name: 'get channels', run: () => ({ status: 200, body: { conversations: list } }) };
      }
      return { name: 'get team', run: () => ({ status: 200, body: { ...team, channelCount: channels.length } }) };
    }
    return undefined;
  };

  const personaFor = (call: Call): string | undefined => {
    const chat = tenant.chatOf(call.parts[1]?.split(';')[0] ?? '');
    const body = isObject(call.body) && Array.isArray(call.body.members) ? call.body.members : [];
    const named = isObject(body[0]) ? String(body[0].id) : chat?.kind === 'personal' ? chat.members[0] : undefined;
    return named ? personaOf(named)?.id : undefined;
  };

  const refuse = (error: TeamsRefusal): Reply => ({
    status: error.status,
    body: { error: { code: error.code, message: error.message } },
  });

  const readJson = (body: Body): unknown => {
    if (body.length === 0) return undefined;
    try {
      return JSON.parse(body.toString('utf8'));
    } catch {
      throw new TeamsRefusal(400, 'BadSyntax', 'The body is not JSON.');
    }
  };

  return {
    openIdConfiguration(response: ServerResponse): void {
      respondJson(response, 200, {
        issuer: connectorIssuer,
        jwks_uri: `${own.ownUrl()}/teams/v1/.well-known/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
      });
    },
    keys(response: ServerResponse): void {
      respondJson(response, 200, keys.publicKeys);
    },

    /** Client credentials to a token, as Entra ID gives it. */
    async token(response: ServerResponse, tenantId: string, body: Body): Promise<void> {
      const form = new URLSearchParams(body.toString('utf8'));
      const deny = (status: number, error: string, description: string): void =>
        respondJson(response, status, { error, error_description: description });
      if (tenantId !== teamsTenant.id && tenantId !== 'botframework.com') {
        return deny(400, 'invalid_request', `AADSTS90002: Tenant '${tenantId}' not found.`);
      }
      if (form.get('grant_type') !== 'client_credentials') {
        return deny(400, 'unsupported_grant_type', 'AADSTS70003: The app requested an unsupported grant type.');
      }
      if (form.get('client_id') !== teamsClientId) {
        return deny(400, 'unauthorized_client', 'AADSTS700016: The application was not found in the directory.');
      }
      if (!sameText(form.get('client_secret') ?? '', own.store.secrets.teamsClientSecret)) {
        return deny(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.');
      }
      if (form.get('scope') !== `${connectorIssuer}/.default`) {
        return deny(400, 'invalid_scope', 'AADSTS1002012: The provided value for scope is not valid.');
      }
      respondJson(response, 200, await keys.appToken());
    },

    /** Everything below `/teams/v3/`. */
    async call(
      request: IncomingMessage,
      response: ServerResponse,
      path: readonly string[],
      query: URLSearchParams,
      body: Body,
    ): Promise<void> {
      let given: unknown;
      let unreadable: TeamsRefusal | undefined;
      try {
        given = readJson(body);
      } catch (error) {
        if (!(error instanceof TeamsRefusal)) throw error;
        unreadable = error;
      }
      const call: Call = { method: request.method ?? 'GET', parts: path, query, body: given };
      const found = route(call);
      const persona = personaFor(call);
      const end = own.traffic.begin({
        platform: 'teams',
        direction: 'from_app',
        name: found?.name ?? 'unknown call',
        method: call.method,
        path: `/v3/${path.join('/')}`,
        request: given,
        ...(persona ? { persona } : {}),
      });
      const faults = own.faults();
      await slowness(faults);
      const give = (reply: Reply, headers: Record<string, string> = {}, problem?: string): void => {
        respondJson(response, reply.status, reply.body ?? {}, headers);
        end({ status: reply.status, response: reply.body, ...(problem ? { problem } : {}) });
      };
      if (faults.teams === 'rate_limited') {
        const body429 = { error: { code: 'TooManyRequests', message: 'API calls quota exceeded.' } };
        const retryAfter = String(faults.retryAfterSeconds);
        return give(
          { status: 429, body: body429 },
          { 'retry-after': retryAfter },
          `Retry-After ${retryAfter} s (fault switch)`,
        );
      }
      if (faults.teams === 'down') {
        const body500 = { error: { code: 'ServiceError', message: 'Unknown service error.' } };
        return give({ status: 500, body: body500 }, {}, 'Teams is down (fault switch)');
      }
      try {
        const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
        if (!token || !(await keys.isAppToken(token))) {
          throw new TeamsRefusal(401, 'Unauthorized', 'Authorization has been denied for this request.');
        }
        if (unreadable) throw unreadable;
        if (!found) throw new TeamsRefusal(404, 'NotFound', 'There is no such resource.');
        give(found.run());
      } catch (error) {
        if (!(error instanceof TeamsRefusal)) throw error;
        give(refuse(error), {}, `${error.code}: ${error.message}`);
      }
    },

    /** A PUT to an upload address, whole or in pieces with `content-range`. */
    upload(request: IncomingMessage, response: ServerResponse, fileId: string, ticket: string, body: Body): void {
      const file = own.store.get('file', fileId);
      const end = own.traffic.begin({
        platform: 'teams',
        direction: 'from_app',
        name: 'file upload',
        method: request.method ?? '',
        path: `/upload/${fileId}/…`,
        request: { bytes: body.length, name: file?.name ?? null, range: request.headers['content-range'] ?? null },
      });
      const give = (status: number, answer: JsonObject, problem?: string): void => {
        respondJson(response, status, answer);
        end({ status, response: answer, ...(problem ? { problem } : {}) });
      };
      const refuseWith = (status: number, code: string, message: string): void =>
        give(status, { error: { code, message } }, message);
      if (!file || !sameText(file.ticket, ticket)) return refuseWith(404, 'itemNotFound', 'No such upload.');
      if (file.state !== 'announced') return refuseWith(409, 'nameAlreadyExists', 'Already uploaded.');
      const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(request.headers['content-range'] ?? '');
      if (!range) return refuseWith(400, 'invalidRequest', 'content-range is missing or malformed.');
      const [from, to, total] = range.slice(1).map(Number) as [number, number, number];
      if (total !== file.size)
        return refuseWith(400, 'invalidRequest', `announced ${file.size} bytes, range says ${total}.`);
      if (to - from + 1 !== body.length)
        return refuseWith(400, 'invalidRequest', 'content-range and body differ in length.');
      const upload = uploads.get(fileId) ?? { bytes: Buffer.alloc(file.size), filled: 0 };
      if (from !== upload.filled) return refuseWith(416, 'invalidRange', `expected the byte ${upload.filled} next.`);
      body.copy(upload.bytes, from);
      upload.filled = to + 1;
      if (upload.filled < file.size) {
        uploads.set(fileId, upload);
        return give(202, { nextExpectedRanges: [`${upload.filled}-`] });
      }
      uploads.delete(fileId);
      own.store.putBytes(file.id, upload.bytes);
      own.store.put('file', file.id, { ...file, state: 'shared' });
      give(201, { id: file.id, name: file.name, size: file.size });
    },
  };
};

export type Connector = ReturnType<typeof createConnector>;
