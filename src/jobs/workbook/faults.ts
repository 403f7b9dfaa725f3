import type { Fault } from '../../core/import/fault.ts';
import type { Row, Sheet } from './sheet.ts';

/** What is wrong with a file, place by place. */
export const faultSheet: Sheet = {
  name: 'Faults',
  columns: [
    { head: 'Line', kind: 'number', width: 8 },
    { head: 'Column', kind: 'text', width: 20 },
    { head: 'Found', kind: 'text', width: 40 },
    { head: 'Allowed', kind: 'text', width: 70 },
  ],
};

export const faultRow = ({ line, column, found }: Fault, allowed: string): Row => [line, column, found, allowed];
