import { z } from 'zod';
import { Customer } from '../customers/customer.ts';
import { notFound } from '../errors.ts';
import { onlyPage, pageOf } from '../page.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { licenseResult, showLicense } from './license-result.ts';

/** All licences of one customer with their status today, open ones first. */
export const listLicenses = defineUseCase({
  kind: 'query',
  name: 'license list',
  needs: 'see',
  input: z.strictObject({ customer: lineOf(120) }),
  result: pageOf(licenseResult).extend({ account: z.string(), company: z.string() }),

  async run({ uow, reads, now }, { customer }) {
    const customerId = await reads.customers.idOf(customer);
    if (!customerId) throw notFound('customer', 'customer');
    const { account, company } = await uow.get(Customer, customerId, 'customer');
    return { account, company, ...onlyPage((await reads.licenses.list(customerId, now)).map(showLicense)) };
  },
});
