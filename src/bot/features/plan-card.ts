import type { z } from 'zod';
import { may } from '../../core/permissions.ts';
import type { PlanTermsResult } from '../../core/plans/plan-result.ts';
import { showPlan } from '../../core/plans/show-plan.ts';
import type { Ask } from '../feature.ts';
import {
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
import { bold, type Block, type Button, type Fact, type Message, type Text } from '../view.ts';

type Shown = z.output<typeof showPlan.result>;

const activationWords = { immediately: 'Immediately', on_first_sign_in: 'On first sign-in' } as const;

/** Only an enabled plan is assigned. */
export const assignButton = (ask: Ask, { planId, status: standing }: Pick<Shown, 'planId' | 'status'>): Button[] =>
  standing === 'enabled' && may(ask.actor, 'license')
    ? [{ kind: 'form', label: 'Assign…', form: 'assign', context: { plan: planId }, style: 'primary' }]
    : [];

export const showPlanButton = (planId: string): Button => ({
  kind: 'run',
  label: 'Show',
  action: 'plan.show',
  args: { plan: planId },
});

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

/** When nothing renews by itself, the period is that of a renewal by hand. */
const renewalWords = ({ autoRenewal, renewalMonths, initialMonths }: PlanTermsResult): string =>
  autoRenewal
    ? `Every ${monthsWords(renewalMonths ?? initialMonths ?? 0)}`
    : renewalMonths === null
      ? 'No'
      : `No; by hand for ${monthsWords(renewalMonths)}`;

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

const offerFacts = (plan: PlanTermsResult): Fact[] => [
  { label: 'Product/Service', value: `${plan.productName} (${plan.product})` },
  { label: 'Subscription type', value: subscriptionTypeWords[plan.subscriptionType] },
  { label: 'Version', value: versionWords[plan.version] },
  { label: 'Default units', value: showUnits(plan.defaultUnits, plan.unitType) },
  { label: 'Credits', value: conversion(plan) },
  ...(plan.dataCentre === null ? [] : [{ label: 'Data centre', value: plan.dataCentre }]),
];

const periodFacts = (plan: PlanTermsResult): Fact[] => [
  { label: 'Initial license period', value: periodWords(plan) },
  { label: 'Auto-renewal', value: renewalWords(plan) },
  {
    label: 'Expiration notification',
    value: plan.notifyDays.length > 0 ? `${plan.notifyDays.join(', ')} days before` : 'None',
  },
  { label: 'Grace period', value: showCount(plan.graceDays, 'day') },
];

const activation = (plan: PlanTermsResult): Fact => ({ label: 'Activation', value: activationWords[plan.activation] });
const remoteManager = (plan: PlanTermsResult): Fact => ({
  label: 'Managed by Remote Manager',
  value: showYes(plan.remoteManager),
});
const trialForm = (plan: PlanTermsResult): Fact => ({ label: 'Trial form', value: showYes(plan.trialForm) });
const status = (plan: PlanTermsResult): Fact => ({ label: 'Status', value: planStatusWords[plan.status] });

/** Everything that an edit may change, to be held against another state of the same plan. */
export const planFacts = (plan: PlanTermsResult): Fact[] => [
  { label: 'Name', value: plan.name },
  ...offerFacts(plan),
  ...periodFacts(plan),
  activation(plan),
  remoteManager(plan),
  ...(plan.version === 'trial' ? [trialForm(plan)] : []),
  status(plan),
];

/** A plan's settings, the same before and after it is saved. What is only seldom so is left out where it is not. */
export const termsBlocks = (plan: PlanTermsResult): Block[] => [
  { kind: 'facts', facts: offerFacts(plan) },
  ...componentsBlock(plan),
  {
    kind: 'facts',
    facts: [
      ...periodFacts(plan),
      ...(plan.activation === 'immediately' ? [] : [activation(plan)]),
      ...(plan.remoteManager ? [remoteManager(plan)] : []),
      ...(plan.trialForm ? [trialForm(plan)] : []),
      status(plan),
    ],
  },
];

/** The address of the page on which strangers sign up, to be copied from here and put wherever they come by. */
export const trialLinkBlocks = (link: string | null): Block[] =>
  link === null ? [] : [{ kind: 'text', text: [bold('Sign-up page: '), { text: link, link }] }];

export const trialLinkButton = (link: string | null): Button[] =>
  link === null ? [] : [{ kind: 'link', label: 'Open the sign-up page', url: link }];

/** Why a plan is not assigned as it stands; null: it can be. */
const statusNotice: Readonly<Record<PlanTermsResult['status'], string | null>> = {
  locked: 'Locked: a suite change waits to be approved. Until then it can be neither assigned nor edited.',
  end_of_life: 'Its product is past its end of life: it can be neither assigned nor edited.',
  end_of_sale: 'Its product is past its end of sale: it can be neither assigned nor edited.',
  disabled: 'Disabled: whoever has it keeps it, and nobody new can be given it.',
  enabled: null,
};

const planButtons = (ask: Ask, plan: Shown): Button[] => {
  if (!may(ask.actor, 'license') || (plan.status !== 'enabled' && plan.status !== 'disabled')) return [];
  return [
    ...assignButton(ask, plan),
    { kind: 'form', label: 'Edit…', form: 'plan-edit', context: { plan: plan.planId } },
  ];
};

export const planMessage = async (ask: Ask, named: string): Promise<Message> => {
  const plan = await ask.execute(showPlan, { plan: named });
  const notice = statusNotice[plan.status];
  const buttons = [...planButtons(ask, plan), ...trialLinkButton(plan.trialLink)];
  return {
    title: plan.name,
    blocks: [
      ...(notice === null ? [] : [{ kind: 'notice', tone: 'warning', text: notice } as const]),
      ...termsBlocks(plan),
      ...trialLinkBlocks(plan.trialLink),
      {
        kind: 'context',
        text: plan.customers === 0 ? 'No customer has it yet.' : `Given to ${showCount(plan.customers, 'customer')}.`,
      },
      ...(buttons.length > 0 ? [{ kind: 'buttons', buttons } as const] : []),
    ],
  };
};
