import { z } from 'zod';
import { tierOneOf } from '../caller.ts';
import { conflict, rule } from '../errors.ts';
import { defineUseCase } from '../use-case.ts';
import { storedFields } from './customer-fields.ts';
import { CustomerImport, CustomerImportPart } from './customer-import.ts';
import { Customer } from './customer.ts';
import { emptyFile } from './decide-import.ts';
import { importView, showImport } from './show-import.ts';

/**
 * Adds all customers of an import whose rows are laid down, at once: every one of them, or none. Nobody is mailed: a
 * file is how existing customers move in.
 * @throws Refusal `customer.account_taken` when somebody was faster
 */
export const commitImport = defineUseCase({
  kind: 'command',
  name: 'customer import commit',
  needs: 'license',
  input: z.strictObject({ importId: z.string() }),
  result: z.object({ added: z.int(), view: importView }),

  async run({ uow, reads, actor, now }, { importId }) {
    const taken = await uow.lock(CustomerImport, importId);
    if (taken.state !== 'saving' || taken.done !== taken.rows) throw conflict('import.not_laid_down');
    const tierOneId = tierOneOf(actor);
    let added = 0;
    for (const partId of await reads.customers.importParts(importId)) {
      const part = await uow.get(CustomerImportPart, partId);
      const values = part.rows.map(({ value }) => value);
      const accounts = values.map(({ account }) => account);
      if ((await reads.customers.accountsTaken(tierOneId, accounts)).size > 0)
        throw rule('customer.account_taken', { field: 'account' });
      const customers = values.map(
        (value) =>
          new Customer({
            id: uow.newId(),
            partnerId: actor.partnerId,
            tierOneId,
            ...storedFields(value),
            accountMailOn: null,
            status: 'enabled',
            createdAt: now,
          }),
      );
      await uow.insertAll(Customer, customers);
      added += customers.length;
      part.rows = [];
      await uow.flush();
    }
    taken.finish();
    await emptyFile(uow, taken);
    return { added, view: showImport(taken) };
  },
});
