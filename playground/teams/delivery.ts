/** Activities from the connector to the app: signed with the connector's key, answered within fifteen seconds. */
import { slowness, type Parts } from '../parts.ts';
import type { Json, JsonObject } from '../protocol.ts';
import type { ConnectorKeys } from './keys.ts';

export const answerWithinMs = 15_000;

export interface TeamsAnswered {
  /** 0: no answer. */
  readonly status: number;
  /** The JSON of the answer; null when there is none. */
  readonly body: Json;
  readonly problem?: string;
}

export interface TeamsDelivery {
  send(name: string, activity: JsonObject, persona: string | undefined): Promise<TeamsAnswered>;
}

export const createTeamsDelivery = (parts: Parts, keys: ConnectorKeys): TeamsDelivery => {
  const attempt = async (name: string, activity: JsonObject, persona: string | undefined): Promise<TeamsAnswered> => {
    const path = '/api/messages';
    const end = parts.traffic.begin({
      platform: 'teams',
      direction: 'to_app',
      name,
      method: 'POST',
      path,
      request: activity,
      ...(persona ? { persona } : {}),
    });
    await slowness(parts.faults());
    try {
      const response = await fetch(`${parts.appUrl()}${path}`, {
        method: 'POST',
        body: JSON.stringify(activity),
        redirect: 'manual',
        signal: AbortSignal.timeout(answerWithinMs),
        headers: {
          authorization: `Bearer ${await keys.activityToken(String(activity.serviceUrl))}`,
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)',
          'x-ms-conversation-id': String((activity.conversation as JsonObject).id),
        },
      });
      const text = await response.text();
      let body: Json = null;
      try {
        body = text === '' ? null : (JSON.parse(text) as Json);
      } catch {
        body = text;
      }
      const failed = response.status < 200 || response.status >= 300;
      const problem = failed ? `the app answered ${response.status}` : undefined;
      end({ status: response.status, response: body, ...(problem ? { problem } : {}) });
      return { status: response.status, body, ...(problem ? { problem } : {}) };
    } catch (error) {
      const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
      const problem = timedOut ? 'no answer within 15 s' : 'the app could not be reached';
      end({ status: 0, problem });
      return { status: 0, body: null, problem };
    }
  };
  return {
    async send(name, activity, persona) {
      const first = attempt(name, activity, persona);
      if (parts.faults().duplicateDeliveries) void attempt(`${name} (again)`, activity, persona);
      return first;
    },
  };
};
