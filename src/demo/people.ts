/**
 * The people, workspaces and channels of the demo world. The playground draws these as personas, and the
 * seed links them, so that both speak of the same user ids.
 */

export const demoSlack = { teamId: 'T0DEMO', teamName: 'Licensing Guild' } as const;
export const demoTeams = { tenantId: '5a1e0000-0000-4000-8000-000000000001', tenantName: 'Licensing Guild' } as const;

/** The first moment of the demo world: a Thursday, one day before February's reports are due. */
export const demoStart = '2026-03-05T09:00:00Z';

export interface DemoPerson {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Slug of the partner this person acts for. */
  readonly partner: string;
  readonly roles: readonly ('admin' | 'licensing' | 'billing' | 'viewer')[];
  /** What the playground says under the name. */
  readonly title: string;
  readonly slackUserId?: string;
  readonly teamsUserId?: string;
}

export const demoPeople: readonly DemoPerson[] = [
  {
    email: 'mia@northwind.example',
    firstName: 'Mia',
    lastName: 'Torres',
    partner: 'northwind',
    roles: ['billing'],
    title: 'Tier 1 approver in Slack, Northwind Distribution',
    slackUserId: 'U0MIA',
  },
  {
    email: 'jonas@northwind.example',
    firstName: 'Jonas',
    lastName: 'Weber',
    partner: 'northwind',
    roles: ['billing'],
    title: 'Tier 1 approver in Teams, Northwind Distribution',
    teamsUserId: '29:jonas',
  },
  {
    email: 'ada@northwind.example',
    firstName: 'Ada',
    lastName: 'Okafor',
    partner: 'northwind',
    roles: ['admin'],
    title: 'Tier 1 admin, Northwind Distribution',
    slackUserId: 'U0ADA',
    teamsUserId: '29:ada',
  },
  {
    email: 'leo@brightside.example',
    firstName: 'Leo',
    lastName: 'Martin',
    partner: 'brightside',
    roles: ['admin'],
    title: 'Tier 2 partner in Slack, Brightside IT',
    slackUserId: 'U0LEO',
  },
  {
    email: 'yuki@sakura.example',
    firstName: 'Yuki',
    lastName: 'Tanaka',
    partner: 'sakura',
    roles: ['admin'],
    title: 'Tier 2 partner in Teams, Sakura Managed Services',
    teamsUserId: '29:yuki',
  },
  {
    email: 'vera@brightside.example',
    firstName: 'Vera',
    lastName: 'Lindt',
    partner: 'brightside',
    roles: ['viewer'],
    title: 'Tier 2 viewer, Brightside IT',
    slackUserId: 'U0VERA',
    teamsUserId: '29:vera',
  },
  {
    email: 'olga@fjord.example',
    firstName: 'Olga',
    lastName: 'Novak',
    partner: 'fjord',
    roles: ['admin'],
    title: 'Outsider: admin of another Tier 1, Fjord Distribution',
    slackUserId: 'U0OLGA',
    teamsUserId: '29:olga',
  },
];

export interface DemoChannel {
  readonly platform: 'slack' | 'teams';
  readonly id: string;
  readonly name: string;
  /** User ids (of that platform) of the people in it. */
  readonly members: readonly string[];
  /** Whether the bot was invited. */
  readonly botIsMember: boolean;
}

export const demoChannels: readonly DemoChannel[] = [
  { platform: 'slack', id: 'C0LICENCES', name: 'licences', members: ['U0LEO', 'U0VERA'], botIsMember: true },
  { platform: 'slack', id: 'C0APPROVALS', name: 'approvals', members: ['U0MIA', 'U0ADA'], botIsMember: true },
  { platform: 'slack', id: 'C0LOUNGE', name: 'lounge', members: ['U0LEO', 'U0MIA', 'U0OLGA'], botIsMember: false },
  {
    platform: 'teams',
    id: '19:licences@thread.tacv2',
    name: 'Licences',
    members: ['29:yuki', '29:vera'],
    botIsMember: true,
  },
  {
    platform: 'teams',
    id: '19:approvals@thread.tacv2',
    name: 'Approvals',
    members: ['29:jonas', '29:ada'],
    botIsMember: true,
  },
];
