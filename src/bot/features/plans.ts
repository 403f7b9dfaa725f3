import type { z } from 'zod';
import { may } from '../../core/permissions.ts';
import { createPlan, previewPlan } from '../../core/plans/create-plan.ts';
import { listPlans, planChoices, showPlan } from '../../core/plans/show-plan.ts';
import { present, textAnswer } from '../answers.ts';
import type { Ask, Feature, Form, Lookup } from '../feature.ts';
import {
  fitted,
  planStatusWords,
  showCount,
  showCredits,
  showUnits,
  subscriptionTypeWords,
  versionWords,
} from '../format.ts';
import { bold, limits, type Args, type Block, type Button, type Message } from '../view.ts';
import {
  assignButton,
  planMessage,
  showPlanButton,
  termsBlocks,
  trialLinkBlocks,
  trialLinkButton,
} from './plan-card.ts';
import { planEditForms } from './plan-changes.ts';
import {
  isNfr,
  isTrial,
  nameField,
  offerBlock,
  planOf,
  productField,
  settingNames,
  settingsFields,
  subscriptionTypeOf,
  versionFields,
} from './plan-fields.ts';

type Listed = z.output<typeof listPlans.result>['items'][number];

const createButton = (ask: Ask): Button[] =>
  may(ask.actor, 'license')
    ? [{ kind: 'form', label: 'Create plan', form: 'plan-create', context: {}, style: 'primary' }]
    : [];

const detailOf = (plan: Listed): string =>
  [
    plan.productName,
    subscriptionTypeWords[plan.subscriptionType],
    versionWords[plan.version],
    showUnits(plan.defaultUnits, plan.unitType),
    ...(plan.credits === null ? [] : [showCredits(plan.credits)]),
    showCount(plan.customers, 'customer'),
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
              title: [
                bold(plan.name),
                ...(plan.status === 'enabled' ? [] : [' · ', bold(planStatusWords[plan.status])]),
              ],
              detail: detailOf(plan),
              button: showPlanButton(plan.planId),
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
  return { title: search ? fitted(`${counted} for “${search}”`, limits.messageTitle) : counted, blocks };
};

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
          fields: [productField(chosen && { value: chosen.sku, label: chosen.name }), nameField],
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
        return {
          title,
          submit: 'Next',
          intro: [offerBlock(answers, choices)],
          fields: versionFields(choices),
        };
      },
      async check(ask, _context, answers) {
        if (isNfr(answers)) await ask.execute(previewPlan, planOf(answers));
      },
    },
    {
      fields: settingNames,
      applies: (answers) => !isNfr(answers),
      async draw(ask, _context, answers) {
        const choices = await ask.execute(planChoices, { product: textAnswer(answers, 'product') });
        return {
          title,
          submit: 'Next',
          fields: settingsFields(choices, isTrial(answers), subscriptionTypeOf(answers)),
        };
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
          ...trialLinkBlocks(plan.trialLink),
          {
            kind: 'buttons',
            buttons: [...assignButton(ask, plan), showPlanButton(plan.planId), ...trialLinkButton(plan.trialLink)],
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
        message: rest ? await planMessage(ask, rest) : await listMessage(ask, {}),
      }),
    },
    {
      words: 'plan edit',
      usage: 'plan edit PLAN',
      does: 'changes a service plan for new assignments',
      needs: 'license',
      run: async (ask, rest) =>
        rest
          ? { kind: 'form', form: 'plan-edit', context: { plan: rest } }
          : { kind: 'message', message: await listMessage(ask, {}) },
    },
  ],
  forms: [createForm, ...planEditForms],
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
      run: async (ask, { plan = '' }) => ({ kind: 'message', message: await planMessage(ask, plan) }),
    },
  ],
  lookups: [planLookup],
};
