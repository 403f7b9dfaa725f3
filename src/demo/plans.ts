/** What every Tier 2 of the demo world offers, and who gets what when. */

/** Input of `plan create`, as a script would write it. */
export const demoPlans = [
  {
    name: 'Endpoint Monthly',
    product: 'Worry-Free Services',
    subscriptionType: 'monthly_plan',
    version: 'full',
    defaultUnits: 25,
    initialMonths: 36,
    autoRenewal: true,
    renewalMonths: 12,
  },
  {
    name: 'Advanced Monthly',
    product: 'Worry-Free Services Advanced',
    subscriptionType: 'monthly_plan',
    version: 'full',
    defaultUnits: 25,
    initialMonths: 36,
    autoRenewal: true,
    renewalMonths: 12,
  },
  {
    name: 'Mail Standard Monthly',
    product: 'Email Security Standard',
    subscriptionType: 'monthly_plan',
    version: 'full',
    defaultUnits: 20,
    initialMonths: 36,
    autoRenewal: true,
    renewalMonths: 1,
  },
  {
    name: 'Encryption Monthly',
    product: 'Endpoint Encryption',
    subscriptionType: 'monthly_plan',
    version: 'full',
    defaultUnits: 10,
    initialMonths: 36,
    autoRenewal: true,
    renewalMonths: 12,
  },
  {
    name: 'Web Monthly',
    product: 'Web Security',
    subscriptionType: 'monthly_plan',
    version: 'full',
    defaultUnits: 25,
    initialMonths: 36,
    autoRenewal: true,
    renewalMonths: 12,
  },
  {
    name: 'Awareness Monthly',
    product: 'Acme Awareness Training',
    subscriptionType: 'monthly_plan',
    version: 'full',
    defaultUnits: 15,
    initialMonths: 24,
    autoRenewal: true,
    renewalMonths: 12,
  },
  {
    name: 'Backup Annual',
    product: 'Acme Backup',
    subscriptionType: 'annual_license',
    version: 'full',
    defaultUnits: 10,
    initialMonths: 24,
    autoRenewal: true,
    renewalMonths: 12,
  },
  {
    name: 'Backup One Year',
    product: 'Acme Backup',
    subscriptionType: 'annual_license',
    version: 'full',
    defaultUnits: 10,
    initialMonths: 12,
    autoRenewal: false,
    notifyDays: [30],
  },
  {
    name: 'Endpoint Trial',
    product: 'Worry-Free Services',
    subscriptionType: 'monthly_plan',
    version: 'trial',
    defaultUnits: 10,
    initialDays: 90,
    autoRenewal: false,
  },
  {
    name: 'Web Bundle Annual',
    product: 'Worry-Free Web Bundle',
    subscriptionType: 'annual_license',
    version: 'full',
    defaultUnits: 25,
    initialMonths: 12,
    autoRenewal: true,
  },
  { name: 'Endpoint NFR', product: 'Worry-Free Services', nfr: true },
] as const;

export type DemoPlanName = (typeof demoPlans)[number]['name'];

/** Six kinds of customer, in turn. */
export const demoBundles: readonly (readonly DemoPlanName[])[] = [
  ['Advanced Monthly'],
  ['Endpoint Monthly', 'Mail Standard Monthly'],
  ['Endpoint Monthly', 'Encryption Monthly'],
  ['Advanced Monthly', 'Backup Annual'],
  ['Mail Standard Monthly', 'Web Monthly', 'Awareness Monthly'],
  ['Endpoint Monthly', 'Backup Annual'],
];

/** The suite that the catalogue gives other products a day before the world opens: the change waits for approval. */
export const demoRecomposed = { suite: 'WF-BUNDLE', components: ['WFS', 'WEB', 'MOB', 'EE'] } as const;
