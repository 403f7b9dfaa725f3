import type { Pool, PoolClient } from 'pg';

/** What uses a connection may take this long to notice its end and give it back by itself. */
const graceMs = 1000;

/**
 * Gives connections back that their server dropped in the middle of a transaction. The ORM keeps such a one, since
 * the rollback it tries first fails as well: without this, a restart of PostgreSQL under load takes every place in the
 * pool for good, and whoever comes after waits for ever.
 */
export const releaseDropped = (pool: Pool): void => {
  const inUse = new Set<PoolClient>();
  const watched = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    inUse.add(client);
    if (watched.has(client)) return;
    watched.add(client);
    client.once('end', () => {
      setTimeout(() => {
        if (!inUse.has(client)) return;
        const { release } = client;
        // Whoever still holds it may give it back late; the pool would throw at a second time.
        client.release = () => {};
        release.call(client, true);
      }, graceMs).unref();
    });
  });
  pool.on('release', (_error, client) => inUse.delete(client));
};
