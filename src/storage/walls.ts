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

/** Rows of the own partner alone. */
export const ownRows = wall(app('own', 'all', 'partner_id = wall.partner()', 'partner_id = wall.partner()'));

/** Customers and what hangs on them: the own, and to read those of managed Tier 2 partners. */
export const customerRows = wall(
  app('own', 'all', 'partner_id = wall.partner()', 'partner_id = wall.partner()'),
  app('managed', 'select', 'partner_id = any (wall.readable())', null),
);

/** Usage reports: the own, and as Tier 1 those of its Tier 2 partners. */
export const reportRows = wall(
  app('reports', 'all', 'partner_id = any (wall.reports())', 'partner_id = any (wall.reports())'),
);

/** Price lists: the own; a Tier 2 is charged by its Tier 1's. Who may see an amount is core's to say. */
export const priceRows = wall(
  app('own', 'all', 'partner_id = wall.partner()', 'partner_id = wall.partner()'),
  app('charged_by', 'select', 'partner_id = any (wall.prices())', null),
);

/** What only one person sees. */
export const personalRows = wall(app('own', 'all', 'person_id = wall.person()', 'person_id = wall.person()'));

/** Partners: itself, its Tier 1 and its Tier 2s to read; itself to change. */
export const partnerRows = wall(
  app('known', 'select', 'id = any (wall.reports()) or id = any (wall.prices())', null),
  app('own', 'update', 'id = wall.partner()', 'id = wall.partner()'),
);

/** The catalogue: read by all, written by the system. */
export const sharedRows = wall(app('read', 'select', 'true', null));

/** Kept by the system alone. */
export const systemRows = wall();
