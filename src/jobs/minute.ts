import { schedule } from 'node-cron';
import { closeUndos } from '../core/crossgrades/close-undo.ts';
import { announceDueAccounts } from '../core/customers/account-mail.ts';
import { releaseImports, wakeImports } from '../core/customers/work-import.ts';
import { dueDigests, runDigests, wakeDigests } from '../core/digests/run-digests.ts';
import { renewalsDue, runRenewals } from '../core/licenses/run-renewals.ts';
import { releaseMessages, waitingWork } from '../core/messages/waiting-work.ts';
import { autoSubmitReports } from '../core/reports/auto-submit-reports.ts';
import { closeCycles } from '../core/reports/close-cycles.ts';
import { monthEndDue } from '../core/reports/month-end.ts';
import { wakeAcceptances } from '../core/suites/accept-suite-change.ts';
import type { Execute } from '../core/use-case.ts';
import { systemDoor, type JobLog, type RealTime } from './door.ts';

/** Compares what is due with business time, and wakes work whose job was lost. May be called at any moment. */
export type Tick = () => Promise<void>;

export const createTick =
  ({ execute, realTime }: { readonly execute: Execute; readonly realTime: RealTime }): Tick =>
  async () => {
    const at = realTime().toString();
    const door = systemDoor(execute, 'minute', `minute:${at}`);
    if ((await door(renewalsDue, {})).due) while ((await door(runRenewals, {})).more);
    const { unclosed, unsubmitted } = await door(monthEndDue, {});
    if (unclosed > 0) await door(closeCycles, {});
    if (unsubmitted > 0) await door(autoSubmitReports, {});
    while ((await door(dueDigests, {})).due > 0) if ((await door(runDigests, {})).posts.length === 0) break;
    await door(announceDueAccounts, {});
    await door(closeUndos, {});
    await door(wakeDigests, {});
    await door(waitingWork, { realTime: at });
    await door(wakeImports, { realTime: at });
    await door(wakeAcceptances, {});
  };

/** Wakes each minute, until stopped. A tick that is still running when the next is due is not doubled. */
export const everyMinute = (tick: Tick, log: JobLog): { stop(): Promise<void> } => {
  let running: Promise<void> = Promise.resolve();
  const task = schedule(
    '* * * * *',
    () => {
      running = tick().catch((error: unknown) => log.error({ err: error }, 'the minute failed'));
      return running;
    },
    { noOverlap: true },
  );
  return {
    async stop() {
      await task.destroy();
      await running;
    },
  };
};

/** For an embedded database that was just opened: whatever was being sent belongs to a process that is gone. */
export const releaseLeases = async (execute: Execute, realTime: RealTime): Promise<void> => {
  const at = realTime().toString();
  const door = systemDoor(execute, 'start', `start:${at}`);
  await door(releaseMessages, { realTime: at });
  await door(releaseImports, {});
};
