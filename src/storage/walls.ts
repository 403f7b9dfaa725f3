import type { PolicyDef } from '@mikro-orm/core';

/** The two roles that statements run as; neither can log in, neither is above row-level security. */
export const appRole = 'seatwise_app';
export const systemRole = 'seatwise_system';

/** The system sees all rows: jobs, imports, the operator. */
const system: PolicyDef = { name: 'system_all', command: 'all', roles: [systemRole], using: 'true', check: 'true' };

const app = (name: string, command: PolicyDef['command'], using: string | null, check: string | null): PolicyDef => ({
  name,
  command: command ?? 'all',
  roles: [appRole],
  ...(using && { using }),
  ...(check && { check }),
});

interface Wall {
  readonly rowLevelSecurity: 'force';
  readonly policies: PolicyDef[];
}
const wall = (...policies: PolicyDef[]): Wall => ({ rowLevelSecurity: 'force', policies: [system, ...policies] });

/** Asked once for a statement, not once for a row: a subquery is what tells the planner so. */
const mine = 'partner_id = (select wall.partner())';
const oneOf = (column: string, set: 'readable' | 'reports' | 'prices'): string =>
  `${column} = any ((select wall.${set}())::uuid[])`;

/** Rows that are read by a set of partners which the own one is always of, and written by the own alone. */
const readBy = (set: 'readable' | 'prices'): Wall =>
  wall(
    // One policy for each command: two would both be asked, for every row.
    app('within_reach', 'select', oneOf('partner_id', set), null),
    app('own_new', 'insert', null, mine),
    app('own', 'update', mine, mine),
    app('own_gone', 'delete', mine, null),
  );

/** Rows of the own partner alone. */
export const ownRows = wall(app('own', 'all', mine, mine));

/** Customers and what hangs on them: the own, and to read those of managed Tier 2 partners. */
export const customerRows = readBy('readable');

/** Usage reports: the own, and as Tier 1 those of its Tier 2 partners. */
export const reportRows = wall(app('reports', 'all', oneOf('partner_id', 'reports'), oneOf('partner_id', 'reports')));

/** Price lists: the own; a Tier 2 is charged by its Tier 1's. Who may see an amount is core's to say. */
export const priceRows = readBy('prices');

const person = 'person_id = (select wall.person())';

/** What only one person sees. */
export const personalRows = wall(app('own', 'all', person, person));

const ownPartner = 'id = (select wall.partner())';

/** Partners: itself, its Tier 1 and its Tier 2s to read; itself to change. */
export const partnerRows = wall(
  app('known', 'select', `${oneOf('id', 'reports')} or ${oneOf('id', 'prices')}`, null),
  app('own', 'update', ownPartner, ownPartner),
);

/** The catalogue: read by all, written by the system. */
export const sharedRows = wall(app('read', 'select', 'true', null));

/** Kept by the system alone. */
export const systemRows = wall();
