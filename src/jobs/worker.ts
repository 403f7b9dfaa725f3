import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Notice } from '../bot/notice.ts';
import type { FileLinks, Sender } from '../bot/sender.ts';
import type { JobName, Jobs } from '../core/unit-of-work.ts';
import type { Execute } from '../core/use-case.ts';
import { createCourier } from './courier.ts';
import { createCustomerImportJob, giveUpImport, type ImportCard } from './customer-import.ts';
import { createDigestJob, giveUpDigest, type DrawDigest } from './digest.ts';
import type { JobLog, RealTime } from './door.ts';
import { createDrawMail } from './mail/draw-mail.ts';
import { createMailJob, type Letterbox } from './mail/post-office.ts';
import { createNotify } from './notify.ts';
import { atATime } from './queues.ts';
import { createSuiteAcceptanceJob, type AcceptanceCard } from './suite-acceptance.ts';

export interface WorkerParts {
  readonly execute: Execute;
  readonly notices: readonly Notice[];
  readonly senders: { readonly slack?: Sender; readonly teams?: Sender };
  readonly links: FileLinks;
  readonly letterbox: Letterbox | null;
  readonly drawDigest: DrawDigest;
  readonly importCard: ImportCard;
  readonly acceptanceCard: AcceptanceCard;
  /** Business time. */
  readonly now: () => Temporal.Instant;
  readonly realTime: RealTime;
  readonly log: JobLog;
}

/** What each queue's jobs do; `last`: this attempt is the last, what fails now has failed for good. */
export interface JobHandlers {
  readonly handle: { [N in JobName]: (jobId: string, data: Jobs[N], last: boolean) => Promise<void> };
  stop(): Promise<void>;
}

export const createJobHandlers = (parts: WorkerParts): JobHandlers => {
  const { execute, log } = parts;
  const courier = createCourier(parts);
  const digest = createDigestJob(parts);
  const customerImport = createCustomerImportJob(parts);
  return {
    handle: {
      notify: createNotify({ ...parts, drawMail: createDrawMail(parts.links) }),
      deliver: (_jobId, { lane }) => courier.drain(lane),
      mail: createMailJob(parts),
      digest: async (jobId, data, last) => {
        try {
          await digest(jobId, data);
        } catch (error) {
          if (!last) throw error;
          log.error({ err: error, ...data }, 'digest could not be built');
          await giveUpDigest(execute, jobId, data);
        }
      },
      suite_acceptance: createSuiteAcceptanceJob(parts),
      customer_import: async (jobId, data, last) => {
        try {
          await customerImport(jobId, data);
        } catch (error) {
          if (!last) throw error;
          log.error({ err: error, ...data }, 'customers could not be imported');
          await giveUpImport(parts, jobId, data);
        }
      },
    },
    async stop() {
      await courier.stop();
      parts.letterbox?.close();
    },
  };
};

/** Takes jobs from the queues until stopped. Failures are retried by the queue; each is logged where it is handled. */
export const startWorkers = async (boss: PgBoss, parts: WorkerParts): Promise<{ stop(): Promise<void> }> => {
  const handlers = createJobHandlers(parts);
  const work = async <N extends JobName>(name: N): Promise<void> => {
    const options = { includeMetadata: true, localConcurrency: atATime[name], pollingIntervalSeconds: 2 } as const;
    const worker = boss.work(name, options, async (jobs: JobWithMetadata<Jobs[N]>[]) => {
      for (const { id, data, retryCount, retryLimit } of jobs) {
        try {
          await handlers.handle[name](id, data, retryCount >= retryLimit);
        } catch (error) {
          parts.log.error({ err: error, queue: name, job: id, attempt: retryCount + 1 }, 'job failed');
          throw error;
        } finally {
          // A notification wakes each worker once, for one job; without this the next one of a backlog would wait
          // for the slow poll of half a minute.
          boss.notifyWorker(await worker);
        }
      }
    });
    await worker;
  };
  const names = Object.keys(atATime) as JobName[];
  for (const name of names) await work(name);
  return {
    async stop() {
      await Promise.all(names.map((name) => boss.offWork(name, { wait: true })));
      await handlers.stop();
    },
  };
};
