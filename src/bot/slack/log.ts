import { LogLevel, type Logger as SlackLogger } from '@slack/bolt';
import type { Logger } from 'pino';

const line = (parts: readonly unknown[]): string =>
  parts
    .map((part) => (part instanceof Error ? part.message : typeof part === 'string' ? part : JSON.stringify(part)))
    .join(' ');

/** Bolt's and the Web API's log lines in ours. Never their debug lines: those hold whole requests. */
export const slackLogger = (log: Logger): SlackLogger => ({
  debug: () => {},
  info: (...parts) => log.debug({ sdk: 'slack' }, line(parts)),
  warn: (...parts) => log.warn({ sdk: 'slack' }, line(parts)),
  error: (...parts) => log.error({ sdk: 'slack' }, line(parts)),
  setLevel: () => {},
  getLevel: () => LogLevel.INFO,
  setName: () => {},
});
