/** Signed requests from Slack to the app: HMAC over the raw body, three seconds to answer, retries of events. */
import { createHmac } from 'node:crypto';
import { slowness, type Parts } from '../parts.ts';

export const answerWithinMs = 3000;

/** How an app's answer ended. `problem` is Slack's own word for a failure. */
export interface Answered {
  /** 0: no answer. */
  readonly status: number;
  readonly text: string;
  readonly contentType: string;
  readonly problem?: 'operation_timeout' | 'dispatch_failed' | 'http_service_error';
}

export interface Delivery {
  /** What a person calls it, for the traffic record. */
  readonly name: string;
  /** Shown in the record in place of the raw body. */
  readonly shown: unknown;
  readonly body: string;
  readonly contentType: 'application/x-www-form-urlencoded' | 'application/json';
  readonly persona: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The headers that prove a body came from Slack; `at` in seconds. */
export const signatureHeaders = (secret: string, at: number, body: string): Record<string, string> => ({
  'x-slack-request-timestamp': String(at),
  'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`,
});

export interface SlackDelivery {
  send(delivery: Delivery): Promise<Answered>;
  /** An event: when the app fails, Slack comes back up to three times. Resolves after the first attempt. */
  sendEvent(delivery: Delivery): Promise<Answered>;
  stop(): void;
}

const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** `retryAfterMs`: the waits before the second, third and fourth attempt (Slack: at once, 1 min, 5 min). */
export const createSlackDelivery = (
  parts: Parts,
  retryAfterMs: readonly number[] = [500, 5000, 30_000],
): SlackDelivery => {
  const timers = new Set<NodeJS.Timeout>();

  const attempt = async (delivery: Delivery): Promise<Answered> => {
    const path = '/slack/events';
    const end = parts.traffic.begin({
      platform: 'slack',
      direction: 'to_app',
      name: delivery.name,
      method: 'POST',
      path,
      request: delivery.shown,
      ...(delivery.persona ? { persona: delivery.persona } : {}),
    });
    await slowness(parts.faults());
    try {
      const response = await fetch(`${parts.appUrl()}${path}`, {
        method: 'POST',
        body: delivery.body,
        redirect: 'manual',
        signal: AbortSignal.timeout(answerWithinMs),
        headers: {
          ...signatureHeaders(
            parts.store.secrets.slackSigningSecret,
            Math.floor(parts.realNow() / 1000),
            delivery.body,
          ),
          'content-type': delivery.contentType,
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          ...delivery.headers,
        },
      });
      const text = await response.text();
      const failed = response.status < 200 || response.status >= 300;
      end({
        status: response.status,
        response: text === '' ? null : jsonOr(text),
        ...(failed ? { problem: `the app answered ${response.status}` } : {}),
      });
      return {
        status: response.status,
        text,
        contentType: response.headers.get('content-type') ?? '',
        ...(failed ? { problem: 'http_service_error' as const } : {}),
      };
    } catch (error) {
      const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
      end({ status: 0, problem: timedOut ? 'no answer within 3 s' : 'the app could not be reached' });
      return { status: 0, text: '', contentType: '', problem: timedOut ? 'operation_timeout' : 'dispatch_failed' };
    }
  };

  const send = async (delivery: Delivery): Promise<Answered> => {
    const first = attempt(delivery);
    // The second copy counts for nothing here, as after an answer that was lost on its way to Slack.
    if (parts.faults().duplicateDeliveries) void attempt({ ...delivery, name: `${delivery.name} (again)` });
    return first;
  };

  const retryEvent = (delivery: Delivery, number: number, failure: Answered): void => {
    const wait = retryAfterMs[number - 1];
    if (wait === undefined) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      const reason =
        failure.problem === 'operation_timeout' ? 'http_timeout' : failure.status ? 'http_error' : 'connection_failed';
      const again = {
        ...delivery,
        name: `${delivery.name} (retry ${number})`,
        headers: { 'x-slack-retry-num': String(number), 'x-slack-retry-reason': reason },
      };
      void attempt(again).then((answered) => {
        if (answered.problem) retryEvent(delivery, number + 1, answered);
      });
    }, wait);
    timers.add(timer);
  };

  return {
    send,
    async sendEvent(delivery) {
      const answered = await send(delivery);
      if (answered.problem) retryEvent(delivery, 1, answered);
      return answered;
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
};
