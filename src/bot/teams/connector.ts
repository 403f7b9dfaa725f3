import type { App } from '@microsoft/teams.apps';
import { z } from 'zod';
import { SendFailure } from '../sender.ts';
import type { Card } from './card.ts';
import type { Guard } from './guard.ts';

/** Where a conversation is spoken in. */
export interface Way {
  readonly serviceUrl: string;
  readonly conversation: string;
}

export interface Attachment {
  readonly contentType: string;
  readonly name?: string;
  readonly contentUrl?: string;
  readonly content: object;
}

export type Post =
  | { readonly card: Card }
  /** Shown as written: no Markdown. */
  | { readonly text: string }
  | { readonly attachment: Attachment; readonly summary: string };

/** The calls of the Teams connector that we make. Each throws SendFailure, and only that. */
export interface Connector {
  send(way: Way, post: Post): Promise<string>;
  update(way: Way, activityId: string, post: Post): Promise<void>;
  /** The private conversation with a person; Teams makes one when there is none, and always gives the same. */
  openPrivate(serviceUrl: string, tenant: string, userId: string): Promise<string>;
  channels(serviceUrl: string, teamId: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Whether the bot is in the conversation; null: there is none of that id. */
  isMember(way: Way): Promise<boolean | null>;
}

const failed = z.object({
  response: z.object({
    status: z.number(),
    data: z.unknown(),
    headers: z.object({ 'retry-after': z.string().nullish() }),
  }),
});
const connectorError = z.object({ error: z.object({ code: z.string().regex(/^\w{1,80}$/) }) });
const unreachable = z.object({ code: z.string() });

/** Refused for now, or by something that is put right without us: a lock, a limit, a secret that is being changed. */
const passing = new Set([401, 408, 409, 412, 423, 425, 429]);

const secondsOf = (retryAfter: string | null | undefined): number | undefined => {
  if (!retryAfter) return undefined;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
};

/** What the SDK's HTTP client threw, in the words of the outgoing queue. */
export const toSendFailure = (cause: unknown): SendFailure => {
  if (cause instanceof SendFailure) return cause;
  const answered = failed.safeParse(cause);
  // The cause is left out: it carries the request with our token, and the failure is logged and stored.
  if (!answered.success) {
    const code = unreachable.safeParse(cause);
    return new SendFailure(code.success ? code.data.code : 'no answer', { permanent: false });
  }
  const { status, data, headers } = answered.data.response;
  const named = connectorError.safeParse(data);
  const retryAfterSeconds = secondsOf(headers['retry-after']);
  return new SendFailure(named.success ? named.data.error.code : `HTTP ${status}`, {
    permanent: status >= 400 && status < 500 && !passing.has(status),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
};

/** A notification and a list of chats show the summary; a bare card would read "sent a card". */
const activityOf = (post: Post) => {
  if ('text' in post) return { type: 'message' as const, text: post.text, textFormat: 'plain' as const };
  if ('card' in post) {
    const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', content: post.card };
    return { type: 'message' as const, summary: post.card.fallbackText, attachments: [attachment] };
  }
  return { type: 'message' as const, summary: post.summary, attachments: [post.attachment] };
};

export const createConnector = (app: App, guard: Guard, botId: string): Connector => {
  const clients = new Map<string, App['api']>();

  const at = (serviceUrl: string): App['api'] => {
    // Addresses are kept for long: what was allowed when one was stored may not be any more.
    if (!guard.allowsService(serviceUrl)) throw new SendFailure('service_url', { permanent: true });
    const known = clients.get(serviceUrl) ?? app.api.clone({ serviceUrl });
    if (clients.size > 100) clients.clear();
    clients.set(serviceUrl, known);
    return known;
  };
  const call = async <T>(serviceUrl: string, work: (api: App['api']) => Promise<T>): Promise<T> => {
    try {
      return await work(at(serviceUrl));
    } catch (error) {
      throw toSendFailure(error);
    }
  };
  const addressed = ({ conversation }: Way, post: Post) => ({
    ...activityOf(post),
    from: { id: botId },
    conversation: { id: conversation },
  });

  return {
    send: (way, post) =>
      call(way.serviceUrl, async ({ conversations }) => {
        const { id } = await conversations.createActivity(way.conversation, addressed(way, post) as never);
        return id;
      }),
    update: (way, activityId, post) =>
      call(way.serviceUrl, async ({ conversations }) => {
        await conversations.updateActivity(way.conversation, activityId, {
          ...addressed(way, post),
          id: activityId,
        } as never);
      }),
    openPrivate: (serviceUrl, tenant, userId) =>
      call(serviceUrl, async ({ conversations }) => {
        const { id } = await conversations.create({
          bot: { id: botId },
          members: [{ id: userId, name: '', role: 'user' }],
          tenantId: tenant,
          channelData: { tenant: { id: tenant } },
        });
        return id;
      }),
    channels: (serviceUrl, teamId) =>
      call(serviceUrl, async ({ teams }) => {
        const found = await teams.getConversations(teamId);
        // The channel that every team has carries the team's id and no name.
        return found.flatMap(({ id, name }) => (id ? [{ id, name: name ?? 'General' }] : []));
      }),
    isMember: ({ serviceUrl, conversation }) =>
      call(serviceUrl, async ({ conversations }) => {
        await conversations.getPagedMembers(conversation, 50);
        return true;
      }).catch((error: SendFailure) => {
        if (error.reason === 'BotNotInConversationRoster' || error.reason === 'HTTP 403') return false;
        if (error.permanent) return null;
        throw error;
      }),
  };
};
