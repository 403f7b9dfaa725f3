import { defineUseCase } from '../use-case.ts';
import { findRenewed } from './automatic-renewal.ts';
import { tellDiscontinued } from './discontinued-mail.ts';
import { applyChanges, licenseChangeResult, showChanges, type LicenseChange } from './license-change.ts';
import type { LicenseGround } from './license-ground.ts';
import { oneOrAll, oneOrAllInput } from './one-or-all.ts';
import { removal } from './removal.ts';
import { ledgerWriter } from './write-ledger.ts';

/**
 * What removing does: to one licence, or to all open ones of the assignment.
 * @throws Refusal where it was removed before, or is over.
 */
export const planRemoval = (ground: LicenseGround, { all }: { readonly all: boolean }): LicenseChange[] =>
  oneOrAll(ground, all).map((held) => ({ held, ...removal(held, ground.today, 'removal') }));

/** What a removal would take and credit, without doing it. */
export const previewRemoval = defineUseCase({
  kind: 'rehearsal',
  name: 'license remove preview',
  needs: 'license',
  input: oneOrAllInput,
  result: licenseChangeResult,

  async run(context, { license, all }) {
    const ground = await findRenewed(context, license, { hold: false });
    return showChanges(ground, planRemoval(ground, { all }), context.actor);
  },
});

/**
 * Removes a licence as of today, for good, or all of its assignment: the ledger says so, the customer is told, and
 * nothing is refunded save what was charged for one that never began. An assignment without any licence left ends.
 */
export const removeLicense = defineUseCase({
  kind: 'command',
  name: 'license remove',
  needs: 'license',
  input: oneOrAllInput,
  result: licenseChangeResult,

  async run(context, { license, all }) {
    const { uow, actor } = context;
    const ground = await findRenewed(context, license, { hold: true });
    const { customer, assignment, together } = ground;
    const changes = planRemoval(ground, { all });

    const write = ledgerWriter(context, { partnerId: customer.partnerId, customerId: customer.id });
    const written: string[] = [];
    applyChanges(changes, (licenseId, row) => {
      const id = write(licenseId, row);
      written.push(id);
      return id;
    });
    if (assignment && together.every((held) => held.license.removedOn !== null)) assignment.status = 'ended';

    tellDiscontinued(uow, {
      customerId: customer.id,
      transactionId: written[0]!,
      licenseIds: changes.map(({ held }) => held.license.id),
    });
    return showChanges(ground, changes, actor);
  },
});
