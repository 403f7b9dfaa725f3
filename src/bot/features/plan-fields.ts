import type { z } from 'zod';
import type { SubscriptionType } from '../../core/catalog/product.ts';
import {
  graceLimits,
  monthLimits,
  notificationDays,
  trialDayLimits,
  unitLimits,
} from '../../core/plans/plan-fields.ts';
import type { planChoices } from '../../core/plans/show-plan.ts';
import { listAnswer, numberAnswer, present, textAnswer, toggleAnswer } from '../answers.ts';
import { fitted, showNumber, subscriptionTypeWords, unitTypeWords, versionWords } from '../format.ts';
import { bold, limits, type Answers, type Block, type Field, type Option } from '../view.ts';

/** What forms ask of a plan. */

type Choices = z.output<typeof planChoices.result>;

export const isNfr = (answers: Answers): boolean => textAnswer(answers, 'version') === 'nfr';
export const isTrial = (answers: Answers): boolean => textAnswer(answers, 'version') === 'trial';

/** Names of the answers of the step that asks for settings. */
export const settingNames = [
  'unitType',
  'dataCentre',
  'activation',
  'remoteManager',
  'defaultUnits',
  'initialMonths',
  'initialDays',
  'autoRenewal',
  'renewalMonths',
  'notifyDays',
  'graceDays',
  'trialForm',
  'enabled',
] as const;

/** What was answered, as the use case takes it. An NFR plan is its product and name alone. */
export const planOf = (answers: Answers) => {
  const named = { product: textAnswer(answers, 'product'), name: textAnswer(answers, 'name') };
  if (isNfr(answers)) return present({ ...named, nfr: true });
  return present({
    ...named,
    version: textAnswer(answers, 'version'),
    subscriptionType: textAnswer(answers, 'subscriptionType'),
    unitType: textAnswer(answers, 'unitType'),
    dataCentre: textAnswer(answers, 'dataCentre'),
    activation: toggleAnswer(answers, 'activation') ? 'on_first_sign_in' : 'immediately',
    remoteManager: toggleAnswer(answers, 'remoteManager'),
    defaultUnits: numberAnswer(answers, 'defaultUnits'),
    initialMonths: numberAnswer(answers, 'initialMonths'),
    initialDays: numberAnswer(answers, 'initialDays'),
    ...(isTrial(answers)
      ? { trialForm: toggleAnswer(answers, 'trialForm') }
      : {
          autoRenewal: toggleAnswer(answers, 'autoRenewal'),
          renewalMonths: numberAnswer(answers, 'renewalMonths'),
        }),
    notifyDays: listAnswer(answers, 'notifyDays').map(Number),
    graceDays: numberAnswer(answers, 'graceDays'),
    enabled: toggleAnswer(answers, 'enabled'),
  });
};

/** The product that is offered; `chosen`: what stands in the field when it opens. */
export const productField = (chosen: Option | null): Field => ({
  kind: 'lookup',
  name: 'product',
  label: 'Product/Service',
  source: 'product',
  ...(chosen && { value: { ...chosen, label: fitted(chosen.label, limits.optionLabel) } }),
});

export const nameField: Field = { kind: 'text', name: 'name', label: 'Name', maxLength: 80 };

/** Above the version, which depends on the product: what the plan is called, and what it offers. */
export const offerBlock = (answers: Answers, { name }: Choices): Block => ({
  kind: 'text',
  text: [bold(textAnswer(answers, 'name') ?? ''), ` offers ${name}.`],
});

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

export const settingsFields = (
  { unitTypes, dataCentres, remoteManager }: Choices,
  trial: boolean,
  type: SubscriptionType,
  /** Of a trial: what its initial period is counted in. */
  period: 'days' | 'months' = 'days',
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
        {
          kind: 'toggle',
          name: 'activation',
          label: 'Activation',
          value: false,
          caption: 'On first sign-in, not immediately',
        } as Field,
      ]
    : []),
  ...(remoteManager
    ? [
        {
          kind: 'toggle',
          name: 'remoteManager',
          label: 'Managed by Remote Manager',
          value: false,
          caption: 'The service is run from Remote Manager',
        } as Field,
      ]
    : []),
  { kind: 'number', name: 'defaultUnits', label: 'Default units', ...unitLimits },
  ...(trial && period === 'months' ? [monthsField('initialMonths', 'Initial license period', type, false)] : []),
  ...(trial && period === 'days'
    ? [
        {
          kind: 'number',
          name: 'initialDays',
          label: 'Initial license period (days)',
          value: '30',
          ...trialDayLimits,
        } as Field,
      ]
    : []),
  ...(trial
    ? []
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
  ...(trial
    ? [
        {
          kind: 'toggle',
          name: 'trialForm',
          label: 'Trial form',
          value: false,
          caption: 'Customers sign up by themselves, by a link',
        } as Field,
      ]
    : []),
  { kind: 'toggle', name: 'enabled', label: 'Enabled', value: true, caption: 'It can be assigned at once' },
];

/** How a product is offered: later fields depend on it. */
export const versionFields = ({ versions, nfrUnits }: Choices): Field[] => [
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
    ...(versions.length > 0 && { value: versions.includes('full') ? 'full' : versions[0]! }),
  },
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
];

export const subscriptionTypeOf = (answers: Answers): SubscriptionType =>
  textAnswer(answers, 'subscriptionType') === 'annual_license' ? 'annual_license' : 'monthly_plan';
