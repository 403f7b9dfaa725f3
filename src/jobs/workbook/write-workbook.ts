import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FromWriter, Row, Sheet, ToWriter } from './sheet.ts';

export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/**
 * A workbook of one sheet, written in a thread while its rows are still being read: a page at a time is on the way,
 * so memory stays flat. `totals` is asked for once all rows have gone.
 */
export const writeWorkbook = async (
  sheet: Sheet,
  pages: AsyncIterable<readonly Row[]>,
  totals: () => readonly Row[],
): Promise<Uint8Array> => {
  const writer = new Worker(new URL('writer-thread.ts', import.meta.url), {
    workerData: sheet,
    resourceLimits: { maxOldGenerationSizeMb: 192 },
  });
  // Fails with the thread's own error when it dies.
  const answer = async (): Promise<FromWriter> => ((await once(writer, 'message')) as [FromWriter])[0];
  try {
    let next = answer();
    const tell = async (message: ToWriter): Promise<void> => {
      await next;
      next = answer();
      // Awaited with the next message; a failure until then is not unhandled.
      next.catch(() => {});
      writer.postMessage(message);
    };
    next.catch(() => {});
    for await (const rows of pages) if (rows.length > 0) await tell({ kind: 'rows', rows });
    await tell({ kind: 'end', totals: totals() });
    const last = await next;
    if (last.kind !== 'done') throw new Error('the workbook thread ended out of turn');
    return last.bytes;
  } finally {
    await writer.terminate();
  }
};
