import type { MikroORM } from '@mikro-orm/core';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import type { Stored } from '../core/unit-of-work.ts';
import type { Host, Remembered, Transaction } from '../core/use-case.ts';
import { writtenRows } from './witness.ts';
import { appendAudit } from './audit-chain.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { isPassing, refusalOf } from './constraints.ts';
import type { Em, Orm } from './orm.ts';
import { createReads } from './reads/index.ts';
import { withPreparedStatements } from './statements.ts';
import { StoredUnitOfWork, type QueuedJob } from './unit-of-work.ts';
import { appRole, systemRole } from './walls.ts';

/** Queues jobs inside a running transaction, as the login role. */
export type Enqueue = (em: Em, jobs: readonly QueuedJob[]) => Promise<void>;

/** Somebody who acts for a partner without being one of its people: its own rows, and no more. */
const forPartner = (partnerId: string) => ({
  variables: {
    role: appRole,
    'app.partner': partnerId,
    'app.person': '',
    'app.readable': partnerId,
    'app.reports': partnerId,
    'app.prices': partnerId,
  },
});

const sessionOf = (actor: Actor): NonNullable<Parameters<MikroORM['em']['fork']>[0]>['session'] =>
  actor.type === 'system'
    ? actor.partnerId === undefined
      ? { variables: { role: systemRole } }
      : forPartner(actor.partnerId)
    : {
        // A role is a setting like the others: one statement makes them all.
        variables: {
          role: appRole,
          'app.partner': actor.partnerId,
          'app.person': actor.personId,
          'app.readable': [actor.partnerId, ...actor.managedIds].join(','),
          'app.reports': [actor.partnerId, ...actor.childIds].join(','),
          'app.prices': [actor.partnerId, ...(actor.parentId ? [actor.parentId] : [])].join(','),
        },
      };

/** Fills with what the manager, or a transaction of it, writes over. */
const changedRows = (em: Em): ReadonlySet<Stored> => {
  const changed = new Set<Stored>();
  em.getEventManager().registerSubscriber({
    onFlush: ({ uow }) => {
      for (const { entity } of uow.getChangeSets()) changed.add(entity as Stored);
    },
  });
  return changed;
};

/** Ends a transaction of which nothing is to stay, and carries what came of it. */
class TakenBack {
  readonly result: unknown;

  constructor(result: unknown) {
    this.result = result;
  }
}

const tries = 6;

/** What execute stands on: one transaction per call, behind the actor's walls, tried again whole when it must be. */
export const createHost = (orm: Orm, clock: Clock, enqueue: Enqueue): Host => ({
  now: () => clock.now(),
  hash: (value) => sha256(canonicalJson(value)),

  async transaction<T>(actor: Actor, { readOnly = false, takeBack = false }, work: (own: Transaction) => Promise<T>) {
    for (let attempt = 1; ; attempt++) {
      try {
        // A fresh fork each time: what a failed try loaded must not be seen by the next.
        const fork = orm.em.fork({ session: sessionOf(actor), freshEventManager: !readOnly }) as Em;
        const changed = readOnly ? [] : changedRows(fork);
        return await fork.transactional(
          async (own) => {
            const em = withPreparedStatements(own as Em);
            const uow = new StoredUnitOfWork(em);
            const result = await work({
              uow,
              reads: createReads(em, actor),
              remembered: async (personId, requestId) => {
                const [row] = await em.execute<{ use_case: string; input_hash: string; answer: unknown }[]>(
                  'select use_case, input_hash, answer from audit_entry where person_id = ?::uuid and request_id = ?',
                  [personId, requestId],
                );
                return row
                  ? ({ useCase: row.use_case, inputHash: row.input_hash, answer: row.answer } as Remembered)
                  : null;
              },
              record: async (entry) => {
                await uow.flush();
                await appendAudit(em, actor, {
                  ...entry,
                  written: writtenRows([...uow.added, ...changed], uow.forgotten),
                });
              },
            });
            if (takeBack) throw new TakenBack(result);
            if (!readOnly) {
              await uow.flush();
              if (uow.jobs.length > 0) {
                // The queue's tables are closed to the application's role; nothing but the commit follows.
                await em.execute('set local role none');
                await enqueue(em, uow.jobs);
              }
            }
            return result;
          },
          { readOnly },
        );
      } catch (error) {
        if (error instanceof TakenBack) return error.result as T;
        if (attempt < tries && isPassing(error)) {
          await sleep(Math.random() * 5 * 2 ** attempt);
          continue;
        }
        throw refusalOf(error) ?? error;
      }
    }
  },
});
