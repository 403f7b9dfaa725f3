import { twiceFaults, readTable, type ReadTable, type Table } from '../import/table.ts';
import { customerFields, type CustomerInput } from './customer-fields.ts';

/** The customers of a file with everything that can be said about it without looking at those there are. */
export const readCustomers = (file: Table): ReadTable<CustomerInput> => {
  const { rows, ignored, faults } = readTable(file, customerFields);
  const twice = twiceFaults(
    rows,
    'account',
    ({ account }) => account.toLowerCase(),
    ({ account }) => account,
  );
  return { rows, ignored, faults: [...faults, ...twice] };
};
