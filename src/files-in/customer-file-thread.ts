/** Reads one file of customers in a thread of its own: ten thousand rows take a second, and the desk keeps answering. */
import { parentPort, workerData } from 'node:worker_threads';
import { Refusal } from '../core/errors.ts';
import { checkOf } from '../core/import/fault.ts';
import { readCustomers } from '../core/customers/read-customers.ts';
import type { FromReader, ToReader } from './customer-file.ts';
import { readTableBytes } from './read-table.ts';

if (!parentPort) throw new Error('runs as a worker thread only');
const port = parentPort;
const { bytes, maximumRows, rowsInPart } = workerData as ToReader;
const tell = (message: FromReader): void => port.postMessage(message);

try {
  const table = await readTableBytes(bytes, { rows: maximumRows });
  const { rows, ignored, faults } = readCustomers(table);
  const check = checkOf(rows.length, ignored, faults);
  const total = table.rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')).length;
  let told = 0;
  port.on('message', () => {
    tell({ kind: 'part', rows: rows.slice(told, told + rowsInPart) });
    told += rowsInPart;
  });
  tell({ kind: 'read', total, rows: rows.length, ignored, faults: check.faults, faultCount: check.faultCount });
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  tell({ kind: 'refused', code: error.code, params: error.params });
}
