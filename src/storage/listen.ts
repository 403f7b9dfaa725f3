import pg from 'pg';
import type { Db } from 'pg-boss';

const beatMs = 10_000;
const longestWaitMs = 30_000;

/**
 * Hears a channel of the database until it is closed, on a connection of its own that comes back when it was dropped.
 * pg-boss's own forgets the connection before that has ended: a server that drops it in this moment ends the process.
 */
export const listenOn =
  (url: string, onError: (error: unknown) => void): NonNullable<Db['listen']> =>
  async (channel, onNotification, onReconnect) => {
    let isClosed = false;
    let client: pg.Client;
    let failures = 0;
    let retry: NodeJS.Timeout | undefined;

    const connect = async (): Promise<void> => {
      const next = (client = new pg.Client({ connectionString: url, keepAlive: true, query_timeout: beatMs / 2 }));
      // Stays until the very end: an error that nobody hears ends the process.
      next.on('error', (error) => !isClosed && onError(error));
      next.on('notification', ({ payload }) => payload !== undefined && onNotification(payload));
      try {
        await next.connect();
        await next.query(`listen ${pg.escapeIdentifier(channel)}`);
      } catch (error) {
        void next.end();
        throw error;
      }
      if (isClosed) return void next.end();
      failures = 0;
      onReconnect();
      // A network that says nothing more is noticed by a question without an answer.
      const beat = setInterval(() => next.query('select 1').catch(() => next.end()), beatMs);
      next.once('end', () => {
        clearInterval(beat);
        comeBack();
      });
    };
    const comeBack = (): void => {
      if (isClosed) return;
      retry = setTimeout(() => connect().catch(comeBack), Math.min(longestWaitMs, 1000 * 2 ** Math.min(failures++, 5)));
    };

    await connect();
    return {
      close: async () => {
        isClosed = true;
        clearTimeout(retry);
        await client.end();
      },
    };
  };
