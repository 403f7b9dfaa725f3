import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CustomerInput } from '../core/customers/customer-fields.ts';
import { invalid, Refusal } from '../core/errors.ts';
import type { TableRow } from '../core/import/table.ts';
import type { FromReader, ToReader } from './customer-file.ts';

export interface CustomerFile {
  /** Rows that hold anything. */
  readonly total: number;
  /** Those of them that have no fault of their own. */
  readonly rows: number;
  readonly ignored: readonly string[];
  readonly faults: Extract<FromReader, { kind: 'read' }>['faults'];
  readonly faultCount: number;
  /** Its rows, a part at a time, once. */
  parts(): AsyncIterable<readonly TableRow<CustomerInput>[]>;
  close(): Promise<void>;
}

/** A file that takes longer than this is made to: a good one of the largest size takes two seconds. */
const readWithinMs = 60_000;
const heapMegabytes = 384;

/**
 * Reads a file of customers, CSV or XLSX, in a thread that may use so much memory and so much time, and no more.
 * @throws Refusal with a `file.` code
 */
export const openCustomerFile = async (file: ToReader): Promise<CustomerFile> => {
  const thread = new Worker(new URL('customer-file-thread.ts', import.meta.url), {
    workerData: file,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void thread.terminate();
  }, readWithinMs);
  // Whoever asks hears of its death; between two questions nobody does.
  thread.on('error', () => {});
  const dies = once(thread, 'exit').then(() => {
    throw isLate ? invalid('file.too_large_inside', 'file') : new Error('the reading thread ended');
  });
  dies.catch(() => {});
  const answer = async (): Promise<FromReader> => {
    try {
      return ((await Promise.race([once(thread, 'message'), dies])) as [FromReader])[0];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY')
        throw invalid('file.too_large_inside', 'file');
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    clearTimeout(timer);
    await thread.terminate();
  };
  try {
    const read = await answer();
    clearTimeout(timer);
    if (read.kind === 'refused') throw new Refusal('invalid', read.code, { field: 'file', params: read.params });
    if (read.kind !== 'read') throw new Error('the reading thread answered out of turn');
    return {
      total: read.total,
      rows: read.rows,
      ignored: read.ignored,
      faults: read.faults,
      faultCount: read.faultCount,
      async *parts() {
        for (;;) {
          const next = answer();
          thread.postMessage('next');
          const part = await next;
          if (part.kind !== 'part' || part.rows.length === 0) return;
          yield part.rows;
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
