import type { ILogger } from '@microsoft/teams.common';
import type { Logger } from 'pino';

const wordsOf = (parts: readonly unknown[]): string =>
  parts.map((part) => (part instanceof Error ? part.message : typeof part === 'string' ? part : typeof part)).join(' ');

/** The SDK's log in ours. Its finer levels write whole activities and stay off. */
export const teamsLog = (log: Logger): ILogger => ({
  trace: () => {},
  debug: () => {},
  info: (...parts) => log.info({ sdk: 'teams' }, wordsOf(parts)),
  warn: (...parts) => log.warn({ sdk: 'teams' }, wordsOf(parts)),
  error: (...parts) => log.error({ sdk: 'teams' }, wordsOf(parts)),
  log(level, ...parts) {
    this[level](...parts);
  },
  child: () => teamsLog(log),
});
