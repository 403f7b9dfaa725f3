import { z } from 'zod';
import { invalid, notFound, rule } from '../errors.ts';
import { checkOf, faultOf, fileCheck, type Fault } from '../import/fault.ts';
import { table, type Table, type TableRow } from '../import/table.ts';
import { Partner } from '../people/partner.ts';
import type { Reads } from '../reads.ts';
import { defineUseCase } from '../use-case.ts';
import { storedFields, type CustomerInput } from './customer-fields.ts';
import { Customer } from './customer.ts';
import { readCustomers } from './read-customers.ts';

const input = z.strictObject({
  /** Slug of the partner that the customers belong to. */
  partner: z.string().min(1),
  table,
});

interface Plan {
  readonly rows: readonly TableRow<CustomerInput>[];
  readonly ignored: readonly string[];
  readonly faults: readonly Fault[];
}

const planImport = async (reads: Reads, tierOneId: string, file: Table): Promise<Plan> => {
  const { rows, ignored, faults } = readCustomers(file);
  const taken = await reads.customers.accountsTaken(
    tierOneId,
    rows.map(({ value }) => value.account),
  );
  return {
    rows,
    ignored,
    faults: [
      ...faults,
      ...rows
        .filter(({ value }) => taken.has(value.account.toLowerCase()))
        .map(({ line, value }) =>
          faultOf(line, 'account', value.account, invalid('customer.account_taken', 'account')),
        ),
    ],
  };
};

const partnerBySlug = async (reads: Reads, slug: string): Promise<string> => {
  const id = await reads.people.partnerIdBySlug(slug);
  if (id === null) throw notFound('partner', 'partner');
  return id;
};

/** Looks through a customer file and says everything that is wrong with it; takes nothing. */
export const checkCustomerFile = defineUseCase({
  kind: 'query',
  name: 'check customers',
  needs: 'system',
  input,
  result: fileCheck,

  async run({ uow, reads }, { partner: slug, table: file }) {
    const partner = await uow.get(Partner, await partnerBySlug(reads, slug), 'partner');
    const plan = await planImport(reads, partner.parentId ?? partner.id, file);
    return checkOf(file.rows.length, plan.ignored, plan.faults);
  },
});

/** Takes a customer file whole, or not at all. Nobody is mailed: a file is how existing customers move in. */
export const importCustomers = defineUseCase({
  kind: 'command',
  name: 'import customers',
  needs: 'system',
  input,
  result: z.object({ added: z.int() }),

  async run({ uow, reads, now }, { partner: slug, table: file }) {
    const partner = await uow.get(Partner, await partnerBySlug(reads, slug), 'partner');
    const tierOneId = partner.parentId ?? partner.id;
    const plan = await planImport(reads, tierOneId, file);
    if (plan.faults.length > 0) throw rule('import.faults', { params: { count: plan.faults.length } });
    for (const { value } of plan.rows) {
      uow.add(
        new Customer({
          id: uow.newId(),
          partnerId: partner.id,
          tierOneId,
          ...storedFields(value),
          accountMailOn: null,
          status: 'enabled',
          createdAt: now,
        }),
      );
    }
    return { added: plan.rows.length };
  },
});
