import type { z } from 'zod';
import type { SubscriptionType } from '../../core/catalog/product.ts';
import { may } from '../../core/permissions.ts';
import { createPlan, previewPlan } from '../../core/plans/create-plan.ts';
import {
  graceLimits,
  monthLimits,
  notificationDays,
  trialDayLimits,
  unitLimits,
} from '../../core/plans/plan-fields.ts';
import type { PlanTermsResult } from '../../core/plans/plan-result.ts';
import { listPlans, planChoices, showPlan } from '../../core/plans/show-plan.ts';
import { listAnswer, numberAnswer, present, textAnswer, toggleAnswer } from '../answers.ts';
import type { Ask, Feature, Form, Lookup } from '../feature.ts';
import {
  fitted,
  none,
  planStatusWords,
  showCount,
  showCredits,
  showNumber,
  showUnits,
  showYes,
  subscriptionTypeWords,
  unitTypeWords,
  versionWords,
} from '../format.ts';
import {
  bold,
  limits,
  type Answers,
  type Args,
  type Block,
  type Button,
  type Fact,
  type Field,
  type Message,
  type Text,
} from '../view.ts';

type Listed = z.output<typeof listPlans.result>['items'][number];

const createButton = (ask: Ask): Button[] =>
  may(ask.actor, 'license')
    ? [{ kind: 'form', label: 'Create plan', form: 'plan-create', context: {}, style: 'primary' }]
    : [];

const assignButton = (ask: Ask, planId: string): Button[] =>
  may(ask.actor, 'license')
    ? [{ kind: 'form', label: 'Assign…', form: 'assign', context: { plan: planId }, style: 'primary' }]
    : [];

const detailOf = (plan: Listed): string =>
  [
    plan.productName,
    subscriptionTypeWords[plan.subscriptionType],
    versionWords[plan.version],
    showUnits(plan.defaultUnits, plan.unitType),
    ...(plan.credits === null ? [] : [showCredits(plan.credits)]),
    showCount(plan.customers, 'customer'),
    ...(plan.status === 'enabled' ? [] : [planStatusWords[plan.status]]),
  ].join(' · ');

const listMessage = async (ask: Ask, { search = '', status = '', page = '1' }: Args): Promise<Message> => {
  const found = await ask.execute(listPlans, { ...(search && { search }), ...(status && { status }), page });
  const { items, total, pages } = found;
  const counted = status
    ? showCount(total, `${status.replaceAll('_', ' ')} service plan`)
    : total === 0
      ? 'No service plans'
      : showCount(total, 'service plan');
  const blocks: Block[] =
    items.length > 0
      ? [
          {
            kind: 'rows',
            rows: items.map((plan) => ({
              title: [bold(plan.name)],
              detail: detailOf(plan),
              button: { kind: 'run', label: 'Show', action: 'plan.show', args: { plan: plan.planId } },
            })),
          },
        ]
      : [
          {
            kind: 'text',
            text: search
              ? 'No plan or product has these letters.'
              : status
                ? 'No plan is like this now.'
                : 'A plan puts a product on offer.',
          },
        ];
  if (pages > 1) {
    const args = { search, ...(status && { status }) };
    blocks.push({ kind: 'pager', action: 'plan.list', args, page: found.page, pages });
  }
  const create = createButton(ask);
  if (create.length > 0) blocks.push({ kind: 'buttons', buttons: create });
  return { title: search ? fitted(`${counted} for "${search}"`, limits.messageTitle) : counted, blocks };
};

const monthsWords = (months: number): string => showCount(months, 'month');

/** `1.6 × 25 seats = 40 credits`: the conversion as it is worked out. */
const conversion = (plan: Pick<PlanTermsResult, 'creditsPerUnit' | 'credits' | 'defaultUnits' | 'unitType'>): Text =>
  plan.creditsPerUnit === null
    ? none
    : [
        `${showNumber(plan.creditsPerUnit)} × ${showUnits(plan.defaultUnits, plan.unitType)} = `,
        bold(showCredits(plan.credits)),
      ];

const periodWords = ({ initialMonths, initialDays }: PlanTermsResult): string =>
  initialDays === null ? monthsWords(initialMonths ?? 0) : showCount(initialDays, 'day');

const renewalWords = ({ autoRenewal, renewalMonths, initialMonths }: PlanTermsResult): string =>
  autoRenewal ? `Every ${monthsWords(renewalMonths ?? initialMonths ?? 0)}` : 'No';

const componentsBlock = ({ kind, components }: PlanTermsResult): Block[] =>
  kind === 'suite'
    ? [
        {
          kind: 'text',
          text: [
            bold('Licenses of: '),
            components.map(({ name, unitType }) => `${name} (${unitTypeWords[unitType].toLowerCase()})`).join(', '),
          ],
        },
      ]
    : [];

/** A plan's settings, the same before and after it is saved. */
const termsBlocks = (plan: PlanTermsResult): Block[] => {
  const offer: Fact[] = [
    { label: 'Product/Service', value: `${plan.productName} (${plan.product})` },
    { label: 'Subscription type', value: subscriptionTypeWords[plan.subscriptionType] },
    { label: 'Version', value: versionWords[plan.version] },
    { label: 'Default units', value: showUnits(plan.defaultUnits, plan.unitType) },
    { label: 'Credits', value: conversion(plan) },
    ...(plan.dataCentre === null ? [] : [{ label: 'Data centre', value: plan.dataCentre }]),
  ];
  const terms: Fact[] = [
    { label: 'Initial license period', value: periodWords(plan) },
    { label: 'Auto-renewal', value: renewalWords(plan) },
    {
      label: 'Expiration notification',
      value: plan.notifyDays.length > 0 ? `${plan.notifyDays.join(', ')} days before` : 'None',
    },
    { label: 'Grace period', value: showCount(plan.graceDays, 'day') },
    ...(plan.activation === 'immediately' ? [] : [{ label: 'Activation', value: 'On first sign-in' }]),
    ...(plan.remoteManager ? [{ label: 'Remote Manager', value: showYes(true) }] : []),
    { label: 'Status', value: planStatusWords[plan.status] },
  ];
  return [{ kind: 'facts', facts: offer }, ...componentsBlock(plan), { kind: 'facts', facts: terms }];
};

const showMessage = async (ask: Ask, named: string): Promise<Message> => {
  const plan = await ask.execute(showPlan, { plan: named });
  return {
    title: plan.name,
    blocks: [
      ...termsBlocks(plan),
      { kind: 'context', text: `Given to ${showCount(plan.customers, 'customer')}.` },
      ...(plan.status === 'enabled' && may(ask.actor, 'license')
        ? [{ kind: 'buttons', buttons: assignButton(ask, plan.planId) } as const]
        : []),
    ],
  };
};

const isNfr = (answers: Answers): boolean => textAnswer(answers, 'version') === 'nfr';
const isTrial = (answers: Answers): boolean => textAnswer(answers, 'version') === 'trial';

/** What was answered, as the use case takes it. An NFR plan is its product and name alone. */
const planOf = (answers: Answers) => {
  const named = { product: textAnswer(answers, 'product'), name: textAnswer(answers, 'name') };
  if (isNfr(answers)) return present({ ...named, nfr: true });
  return present({
    ...named,
    version: textAnswer(answers, 'version'),
    subscriptionType: textAnswer(answers, 'subscriptionType'),
    unitType: textAnswer(answers, 'unitType'),
    dataCentre: textAnswer(answers, 'dataCentre'),
    defaultUnits: numberAnswer(answers, 'defaultUnits'),
    initialMonths: numberAnswer(answers, 'initialMonths'),
    initialDays: numberAnswer(answers, 'initialDays'),
    ...(isTrial(answers)
      ? {}
      : {
          autoRenewal: toggleAnswer(answers, 'autoRenewal'),
          renewalMonths: numberAnswer(answers, 'renewalMonths'),
        }),
    notifyDays: listAnswer(answers, 'notifyDays').map(Number),
    graceDays: numberAnswer(answers, 'graceDays'),
    enabled: toggleAnswer(answers, 'enabled'),
  });
};

const years = [12, 24, 36].map((months) => ({ value: String(months), label: `${months} months` }));

const monthsField = (name: string, label: string, type: SubscriptionType, optional: boolean): Field =>
  type === 'annual_license'
    ? { kind: 'select', name, label, options: years, value: '12', ...(optional && { optional }) }
    : {
        kind: 'number',
        name,
        label: `${label} (months)`,
        value: '12',
        ...monthLimits,
        ...(optional && { optional }),
      };

const settingsFields = (
  { unitTypes, dataCentres }: z.output<typeof planChoices.result>,
  trial: boolean,
  type: SubscriptionType,
): Field[] => [
  ...(unitTypes.length > 1
    ? [
        {
          kind: 'select',
          name: 'unitType',
          label: 'Unit type',
          options: unitTypes.map((unitType) => ({ value: unitType, label: unitTypeWords[unitType] })),
          value: unitTypes[0],
        } as Field,
      ]
    : []),
  ...(dataCentres
    ? [
        {
          kind: 'select',
          name: 'dataCentre',
          label: 'Data centre',
          options: dataCentres.map((centre) => ({ value: centre, label: fitted(centre, limits.optionLabel) })),
        } as Field,
      ]
    : []),
  { kind: 'number', name: 'defaultUnits', label: 'Default units', ...unitLimits },
  ...(trial
    ? [
        {
          kind: 'number',
          name: 'initialDays',
          label: 'Initial license period (days)',
          value: '30',
          ...trialDayLimits,
        } as Field,
      ]
    : [
        monthsField('initialMonths', 'Initial license period', type, false),
        { kind: 'toggle', name: 'autoRenewal', label: 'Auto-renewal', value: true } as Field,
        monthsField('renewalMonths', 'Renewal period', type, true),
      ]),
  {
    kind: 'multi',
    name: 'notifyDays',
    label: 'Expiration notification',
    options: notificationDays.map((days) => ({ value: String(days), label: `${days} days before` })),
    value: [trial ? '7' : '30'],
    optional: true,
  },
  { kind: 'number', name: 'graceDays', label: 'Grace period (days)', value: trial ? '0' : '30', ...graceLimits },
  { kind: 'toggle', name: 'enabled', label: 'Enabled', value: true, caption: 'It can be assigned at once' },
];

const title = 'Create a service plan';
const createForm: Form = {
  name: 'plan-create',
  needs: 'license',
  steps: [
    {
      fields: ['product', 'name'],
      async draw(ask, { product }) {
        const chosen = product ? await ask.execute(planChoices, { product }) : null;
        return {
          title,
          submit: 'Next',
          fields: [
            {
              kind: 'lookup',
              name: 'product',
              label: 'Product/Service',
              source: 'product',
              ...(chosen && { value: { value: chosen.sku, label: fitted(chosen.name, limits.optionLabel) } }),
            },
            { kind: 'text', name: 'name', label: 'Name', maxLength: 80 },
          ],
        };
      },
      async check(ask, _context, answers) {
        await ask.execute(
          planChoices,
          present({ product: textAnswer(answers, 'product'), name: textAnswer(answers, 'name') }),
        );
      },
    },
    {
      fields: ['version', 'subscriptionType'],
      async draw(ask, _context, answers) {
        const choices = await ask.execute(planChoices, { product: textAnswer(answers, 'product') });
        const { versions, nfrUnits } = choices;
        return {
          title,
          submit: 'Next',
          intro: [{ kind: 'text', text: [bold(textAnswer(answers, 'name') ?? ''), ` offers ${choices.name}.`] }],
          fields: [
            {
              kind: 'select',
              name: 'version',
              label: 'Version',
              options: [
                ...versions.map((version) => ({ value: version, label: versionWords[version] })),
                ...(nfrUnits === null
                  ? []
                  : [
                      {
                        value: 'nfr',
                        label: 'NFR',
                        description: `Not for resale: ${showNumber(nfrUnits)} units, 12 months, no charge`,
                      },
                    ]),
              ],
              value: versions.includes('full') ? 'full' : versions[0],
            } as Field,
            {
              kind: 'select',
              name: 'subscriptionType',
              label: 'Subscription type',
              options: (['monthly_plan', 'annual_license'] as const).map((type) => ({
                value: type,
                label: subscriptionTypeWords[type],
              })),
              value: 'monthly_plan',
            },
          ],
        };
      },
      async check(ask, _context, answers) {
        if (isNfr(answers)) await ask.execute(previewPlan, planOf(answers));
      },
    },
    {
      fields: [
        'unitType',
        'dataCentre',
        'defaultUnits',
        'initialMonths',
        'initialDays',
        'autoRenewal',
        'renewalMonths',
        'notifyDays',
        'graceDays',
        'enabled',
      ],
      applies: (answers) => !isNfr(answers),
      async draw(ask, _context, answers) {
        const choices = await ask.execute(planChoices, { product: textAnswer(answers, 'product') });
        const type = textAnswer(answers, 'subscriptionType') === 'annual_license' ? 'annual_license' : 'monthly_plan';
        return { title, submit: 'Next', fields: settingsFields(choices, isTrial(answers), type) };
      },
      async check(ask, _context, answers) {
        await ask.execute(previewPlan, planOf(answers));
      },
    },
    {
      fields: [],
      async draw(ask, _context, answers) {
        const plan = await ask.execute(previewPlan, planOf(answers));
        return {
          title,
          submit: 'Save',
          intro: [{ kind: 'text', text: [bold(plan.name), ' as it will be saved:'] }, ...termsBlocks(plan)],
          fields: [],
        };
      },
    },
  ],

  async submit(ask, answers) {
    const plan = await ask.execute(createPlan, planOf(answers));
    return {
      kind: 'message',
      message: {
        title: 'Service plan saved',
        blocks: [
          {
            kind: 'facts',
            facts: [
              { label: 'Name', value: [bold(plan.name)] },
              { label: 'Status', value: planStatusWords[plan.status] },
              { label: 'Credits', value: showCredits(plan.credits) },
            ],
          },
          {
            kind: 'buttons',
            buttons: [
              ...(plan.status === 'enabled' ? assignButton(ask, plan.planId) : []),
              { kind: 'run', label: 'Show', action: 'plan.show', args: { plan: plan.planId } },
            ],
          },
        ],
      },
    };
  },
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const option = (plan: Pick<Listed, 'planId' | 'name' | 'productName' | 'unitType' | 'defaultUnits'>) => ({
  value: plan.planId,
  label: fitted(plan.name, limits.optionLabel),
  description: fitted(`${plan.productName} · ${showUnits(plan.defaultUnits, plan.unitType)}`, limits.optionLabel),
});

/** Plans that can be assigned today. */
const planLookup: Lookup = {
  source: 'plan',
  needs: 'see',
  async find(ask, typed) {
    const search = typed.trim().slice(0, 120);
    if (uuid.test(search)) return [option(await ask.execute(showPlan, { plan: search }))];
    const { items } = await ask.execute(listPlans, { ...(search && { search }), assignable: true });
    return items.map(option);
  },
};

/** Service plans: the list, one with all its settings, and the form that puts a product on offer. */
export const plansFeature: Feature = {
  commands: [
    {
      words: 'plan create',
      usage: 'plan create [PRODUCT]',
      does: 'puts a product on offer as a service plan',
      needs: 'license',
      shortcut: 'Create plan',
      async run(ask, rest) {
        const context: Args = rest ? { product: (await ask.execute(planChoices, { product: rest })).sku } : {};
        return { kind: 'form', form: 'plan-create', context };
      },
    },
    {
      words: 'plan list',
      usage: 'plan list [SEARCH]',
      does: 'lists your service plans',
      needs: 'see',
      shortcut: 'Plans',
      run: async (ask, rest) => ({ kind: 'message', message: await listMessage(ask, { search: rest.slice(0, 120) }) }),
    },
    {
      words: 'plan show',
      usage: 'plan show PLAN',
      does: 'shows a service plan with all its settings',
      needs: 'see',
      run: async (ask, rest) => ({
        kind: 'message',
        message: rest ? await showMessage(ask, rest) : await listMessage(ask, {}),
      }),
    },
  ],
  forms: [createForm],
  actions: [
    {
      name: 'plan.list',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'replace', message: await listMessage(ask, args) }),
    },
    {
      name: 'plan.open-list',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'message', message: await listMessage(ask, args) }),
    },
    {
      name: 'plan.show',
      needs: 'see',
      run: async (ask, { plan = '' }) => ({ kind: 'message', message: await showMessage(ask, plan) }),
    },
  ],
  lookups: [planLookup],
};
