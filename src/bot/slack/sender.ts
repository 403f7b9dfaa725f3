import { WebClient, type WebClientOptions } from '@slack/web-api';
import { webApi } from '@slack/bolt';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Channel } from '../feature.ts';
import { SendFailure, type FileLinks, type Sender } from '../sender.ts';
import type { Args } from '../view.ts';
import { slackLogger } from './log.ts';
import { renderMessage } from './render.ts';
import { pieces, plain } from './text.ts';

/** The app as it is installed in one workspace. */
export interface SlackInstall {
  readonly token: string;
  readonly botId: string;
  readonly botUserId: string;
}

export interface SlackInstalls {
  /** Null: we are not installed there. */
  find(workspace: string): Promise<SlackInstall | null>;
}

/**
 * Options of every Web API client. Its own defaults retry for half an hour without a time limit. Never `headers`: the
 * client would then send the first workspace's token to all of them.
 */
export const clientOptions = (apiUrl: string | null, log: Logger): WebClientOptions => ({
  slackApiUrl: apiUrl ?? 'https://slack.com/api/',
  timeout: 10_000,
  rejectRateLimitedCalls: true,
  retryConfig: { retries: 1, minTimeout: 200, maxTimeout: 500 },
  logger: slackLogger(log),
});

/** One token for one workspace: which one it is, Slack says at the first need. */
export const singleInstall = (token: string, apiUrl: string | null, log: Logger): SlackInstalls => {
  const client = new WebClient(token, clientOptions(apiUrl, log));
  let asked: Promise<{ workspace: string; install: SlackInstall }> | undefined;
  const ask = async () => {
    const { team_id: workspace = '', bot_id: botId = '', user_id: botUserId = '' } = await client.auth.test();
    return { workspace, install: { token, botId, botUserId } };
  };
  return {
    async find(workspace) {
      // A failure is not remembered: Slack may be back for the next delivery.
      asked ??= ask().catch((error: unknown) => {
        asked = undefined;
        throw error;
      });
      const known = await asked;
      return known.workspace === workspace ? known.install : null;
    },
  };
};

/** What Slack says when a later try may succeed; every other word of its own is final. */
const passing = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'accesslimited',
]);

const failureOf = (error: unknown): SendFailure => {
  if (error instanceof SendFailure) return error;
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return new SendFailure('rate limited', { permanent: false, retryAfterSeconds: error.retryAfter, cause: error });
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    const reason = error.data.error;
    return new SendFailure(reason, { permanent: !passing.has(reason), cause: error });
  }
  if (error instanceof webApi.WebAPIHTTPError) {
    const { statusCode } = error;
    return new SendFailure(`HTTP ${statusCode}`, { permanent: statusCode < 500 && statusCode !== 429, cause: error });
  }
  if (error instanceof webApi.WebAPIRequestError) {
    return new SendFailure('Slack could not be reached', { permanent: false, cause: error });
  }
  // Not Slack's no but ours (a message too big for it): sending it again would fail again.
  return new SendFailure(error instanceof Error ? error.message : 'unknown', { permanent: true, cause: error });
};

/** Every failure leaves as SendFailure. */
const trying = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw failureOf(error);
  }
};

const addressShape = z.object({ workspace: z.string(), channel: z.string() });

export interface SlackSenderOptions {
  readonly installs: SlackInstalls;
  readonly links: FileLinks;
  readonly apiUrl: string | null;
  readonly log: Logger;
}

/** An address is `{ workspace, channel }`; a message's id is its `ts`. */
export const createSlackSender = ({ installs, links, apiUrl, log }: SlackSenderOptions): Sender => {
  const clients = new Map<string, WebClient>();
  const clientFor = async (workspace: string): Promise<WebClient> => {
    const install = await installs.find(workspace);
    if (!install) throw new SendFailure('not installed in this workspace', { permanent: true });
    let client = clients.get(install.token);
    if (!client) clients.set(install.token, (client = new WebClient(install.token, clientOptions(apiUrl, log))));
    return client;
  };
  const at = async (address: Args) => {
    const { workspace, channel } = addressShape.parse(address);
    return { client: await clientFor(workspace), channel };
  };

  const channelFrom = (
    workspace: string,
    found: { id?: string; name?: string; is_member?: boolean; is_archived?: boolean; is_im?: boolean } | undefined,
  ): Channel | null =>
    found?.id && !found.is_archived && !found.is_im
      ? {
          platform: 'slack',
          workspace,
          id: found.id,
          name: found.name ?? found.id,
          address: { workspace, channel: found.id },
          botIsMember: found.is_member ?? false,
        }
      : null;

  const byId = async (client: WebClient, workspace: string, channel: string): Promise<Channel | null> => {
    try {
      const { channel: found } = await client.conversations.info({ channel });
      return channelFrom(workspace, found as Parameters<typeof channelFrom>[1]);
    } catch (error) {
      if (error instanceof webApi.WebAPIPlatformError && error.data.error === 'channel_not_found') return null;
      throw error;
    }
  };

  const byName = async (client: WebClient, workspace: string, name: string): Promise<Channel | null> => {
    let cursor: string | undefined;
    do {
      const page = await client.conversations.list({
        types: 'public_channel,private_channel',
        exclude_archived: true,
        limit: 1000,
        ...(cursor && { cursor }),
      });
      const found = page.channels?.find((each) => each.name === name);
      if (found) return channelFrom(workspace, found);
      cursor = page.response_metadata?.next_cursor;
    } while (cursor);
    return null;
  };

  return {
    post: (address, message) =>
      trying(async () => {
        const { client, channel } = await at(address);
        const { text, blocks } = renderMessage(message, links);
        const posted = await client.chat.postMessage({
          channel,
          text,
          blocks,
          unfurl_links: false,
          unfurl_media: false,
        });
        return { messageId: posted.ts ?? '' };
      }),

    update: (address, messageId, message) =>
      trying(async () => {
        const { client, channel } = await at(address);
        await client.chat.update({ channel, ts: messageId, ...renderMessage(message, links) });
      }),

    file: (address, { name, bytes }, comment) =>
      trying(async () => {
        const { client, channel } = await at(address);
        const uploaded = await client.filesUploadV2({
          channel_id: channel,
          file: Buffer.from(bytes),
          filename: name,
          title: name,
          // Blocks, since an `initial_comment` is read as markup.
          ...(comment.trim() !== '' && {
            blocks: pieces(comment, 3000).map((piece) => ({ type: 'section' as const, text: plain(piece) })),
          }),
        });
        return { messageId: uploadedId(uploaded) };
      }),

    privateAddress: ({ workspace, userId }) =>
      trying(async () => {
        const client = await clientFor(workspace);
        const opened = await client.conversations.open({ users: userId });
        return { workspace, channel: opened.channel?.id ?? userId };
      }),

    channelOf: (workspace, named) =>
      trying(async () => {
        const client = await clientFor(workspace);
        const [, marked] = /^<#([A-Z0-9]+)(?:\|[^>]*)?>$/.exec(named.trim()) ?? [];
        const name = named.trim().replace(/^#/, '');
        const channel = marked ?? (/^[CG][A-Z0-9]+$/.test(name) ? name : undefined);
        if (channel !== undefined) {
          const found = await byId(client, workspace, channel);
          if (found || marked) return found;
        }
        return name === '' ? null : byName(client, workspace, name.toLowerCase());
      }),
  };
};

const uploadShape = z.looseObject({
  files: z.array(z.looseObject({ files: z.array(z.looseObject({ id: z.string() })) })),
});
/** The upload's answer is a list of answers, each with its files. */
const uploadedId = (answer: unknown): string => {
  const parsed = uploadShape.safeParse(answer);
  return parsed.success ? (parsed.data.files[0]?.files[0]?.id ?? '') : '';
};
