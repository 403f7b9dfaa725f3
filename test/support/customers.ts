/** A customer to be stored past all rules; what its test does not care about stands here. */
import { randomUUID } from 'node:crypto';
import { Customer } from '../../src/core/customers/customer.ts';
import { partnerIds } from './world.ts';

/** Of Brightside, below Northwind, unless told. */
export const customerOf = (account: string, over: Partial<Customer> = {}): Customer =>
  new Customer({
    id: randomUUID(),
    partnerId: partnerIds.brightside,
    tierOneId: partnerIds.northwind,
    account,
    company: `Company ${account}`,
    city: 'Hamburg',
    state: 'HH',
    firstName: 'Al',
    lastName: 'Pha',
    email: `${account}@example.org`,
    emergencyEmail: null,
    phone: null,
    address: null,
    postalCode: null,
    country: null,
    language: null,
    accountMailOn: null,
    status: 'enabled',
    createdAt: Temporal.Instant.from('2025-01-01T00:00:00Z'),
    ...over,
  });
