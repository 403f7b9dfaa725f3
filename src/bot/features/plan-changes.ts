import type { z } from 'zod';
import { editPlan, previewPlanEdit } from '../../core/plans/edit-plan.ts';
import type { PlanTermsResult } from '../../core/plans/plan-result.ts';
import { planChoices } from '../../core/plans/show-plan.ts';
import { present, textAnswer } from '../answers.ts';
import { changeBlocks, changedFacts } from '../compare.ts';
import { keepStored, storedAnswers, withStored } from '../edit-context.ts';
import type { Ask, Form, Step } from '../feature.ts';
import { subscriptionTypeWords, unitTypeWords, versionWords } from '../format.ts';
import { bold, type Answers, type Args, type Block, type Compared, type Field } from '../view.ts';
import { assignButton, planFacts, showPlanButton } from './plan-card.ts';
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

/** A plan as the answers that would have made it. */
const asAnswered = (plan: PlanTermsResult): Answers => ({
  product: plan.product,
  name: plan.name,
  version: plan.version,
  subscriptionType: plan.subscriptionType,
  unitType: plan.unitType,
  dataCentre: plan.dataCentre ?? '',
  activation: String(plan.activation === 'on_first_sign_in'),
  remoteManager: String(plan.remoteManager),
  defaultUnits: String(plan.defaultUnits),
  initialMonths: String(plan.initialMonths ?? ''),
  initialDays: String(plan.initialDays ?? ''),
  autoRenewal: String(plan.autoRenewal),
  renewalMonths: String(plan.renewalMonths ?? ''),
  notifyDays: plan.notifyDays.map(String),
  graceDays: String(plan.graceDays),
  trialForm: String(plan.trialForm),
  enabled: String(plan.enabled),
});

const storedPlan = (context: Args): Answers => storedAnswers(context, ['notifyDays']);

/** All answers together; what a form does not ask is as it is stored. */
const answered = (context: Args, answers: Answers): Answers => {
  const { product = '', version = '', subscriptionType = '' } = storedPlan(context);
  return { product, version, subscriptionType, ...answers };
};

/** Whether the version is as it is stored: else everything that depends on it begins anew. */
const sameVersion = (context: Args, answers: Answers): boolean =>
  textAnswer(answered(context, answers), 'version') === textAnswer(storedPlan(context), 'version');

/** What the person changed, as the use case takes it. A renewal period that was emptied follows the initial one again. */
const changesOf = (context: Args, answers: Answers): object => {
  const all = answered(context, answers);
  const [is, was] = [planOf(all), planOf(storedPlan(context))] as [Record<string, unknown>, Record<string, unknown>];
  const isSame = sameVersion(context, answers);
  const changed = Object.entries(is).filter(
    ([name, value]) => !isSame || JSON.stringify(value) !== JSON.stringify(was[name]),
  );
  const emptied = !isNfr(all) && !isTrial(all) && was.renewalMonths !== undefined && is.renewalMonths === undefined;
  return { plan: context.plan, ...Object.fromEntries(changed), ...(emptied && { renewalMonths: null }) };
};

/** What the plan may choose from; what it has stays among it. */
const choicesOf = async (ask: Ask, context: Args, answers: Answers): Promise<z.output<typeof planChoices.result>> => {
  const product = textAnswer(answered(context, answers), 'product');
  const choices = await ask.execute(planChoices, { product });
  const stored = storedPlan(context);
  if (choices.sku !== textAnswer(stored, 'product')) return choices;
  const dataCentre = textAnswer(stored, 'dataCentre');
  return {
    ...choices,
    dataCentres: choices.dataCentres && [...new Set([...choices.dataCentres, ...(dataCentre ? [dataCentre] : [])])],
  };
};

const title = 'Edit a service plan';

const settings = async (ask: Ask, context: Args, answers: Answers): Promise<Field[]> => {
  const all = answered(context, answers);
  const choices = await choicesOf(ask, context, answers);
  const stored = storedPlan(context);
  const isSame = sameVersion(context, answers);
  const inMonths = isSame && textAnswer(stored, 'initialMonths') !== undefined;
  const fields = settingsFields(choices, isTrial(all), subscriptionTypeOf(all), inMonths ? 'months' : 'days');
  const anew = ['initialMonths', 'initialDays', 'autoRenewal', 'renewalMonths', 'notifyDays', 'graceDays'];
  return fields.map((field) => (isSame || !anew.includes(field.name) ? withStored(field, context) : field));
};

const kept: Block = {
  kind: 'context',
  text: 'Customers who have it keep what they were given: only new assignments get what is saved here.',
};

/** The last step: the plan as it is and as it would be saved. */
const previewStep: Step = {
  fields: [],
  async draw(ask, context, answers) {
    const { before, after, assigned } = await ask.execute(previewPlanEdit, changesOf(context, answers));
    const changed = changesBetween(before, after);
    return {
      title,
      submit: 'Save',
      intro: [
        { kind: 'text', text: [bold(before.name), ...(changed.length > 0 ? [' as it will be saved:'] : [])] },
        ...changeBlocks(changed, 'Nothing is changed yet. Go back to change something.'),
        ...(assigned ? [kept] : []),
      ],
      fields: [],
    };
  },
};

const changesBetween = (before: PlanTermsResult, after: PlanTermsResult): readonly Compared[] =>
  changedFacts(planFacts(before), planFacts(after));

const checked: Pick<Step, 'check'> = {
  async check(ask, context, answers) {
    await ask.execute(previewPlanEdit, changesOf(context, answers));
  },
};

const submit: Form['submit'] = async (ask, answers, context) => {
  const { planId, name, status, before, after } = await ask.execute(editPlan, changesOf(context, answers));
  const changed = changesBetween(before, after);
  return {
    kind: 'message',
    message: {
      title: changed.length > 0 ? 'Service plan changed' : 'Nothing was changed',
      blocks: [
        { kind: 'text', text: [bold(name)] },
        ...changeBlocks(changed, 'It is stored as it was.'),
        {
          kind: 'buttons',
          buttons: [...assignButton(ask, { planId, status }), showPlanButton(planId)],
        },
      ],
    },
  };
};

/** Of an NFR plan the name can change, and nothing else. */
const renameForm: Form = {
  name: 'plan-rename',
  needs: 'license',
  steps: [
    {
      fields: ['name'],
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw(_ask, context) {
        return {
          title,
          submit: 'Next',
          intro: [{ kind: 'text', text: 'Of an NFR plan only the name can be changed.' }],
          fields: [withStored(nameField, context)],
        };
      },
      ...checked,
    },
    previewStep,
  ],
  submit,
};

/** Once a customer was given it, what it offers stays. */
const givenForm: Form = {
  name: 'plan-edit-given',
  needs: 'license',
  steps: [
    {
      fields: ['name', ...settingNames],
      async draw(ask, context, answers) {
        return {
          title,
          submit: 'Next',
          intro: [
            {
              kind: 'text',
              text: [
                bold(context.productName ?? ''),
                ` (${context.fixed ?? ''}): that stays, since customers were given the plan.`,
              ],
            },
          ],
          fields: [
            withStored(nameField, context),
            ...(await settings(ask, context, answers)).filter(({ name }) => name !== 'unitType'),
          ],
        };
      },
      ...checked,
    },
    previewStep,
  ],
  submit,
};

/** What is stored when the form is opened; which form it is depends on what may still change. */
const openEdit: NonNullable<Form['opens']> = async (ask, { plan: named }) => {
  const { planId, assigned, before } = await ask.execute(previewPlanEdit, { plan: named });
  return {
    kind: 'form',
    form: before.nfr ? 'plan-rename' : assigned ? 'plan-edit-given' : 'plan-edit',
    context: {
      plan: planId,
      productName: before.productName,
      fixed: [
        subscriptionTypeWords[before.subscriptionType],
        versionWords[before.version],
        unitTypeWords[before.unitType].toLowerCase(),
      ].join(', '),
      ...keepStored(asAnswered(before)),
    },
  };
};

/** A plan that nobody was given may become anything that a new one may be. */
const editForm: Form = {
  name: 'plan-edit',
  needs: 'license',
  opens: openEdit,
  steps: [
    {
      fields: ['product', 'name'],
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw(_ask, context) {
        const product = textAnswer(storedPlan(context), 'product') ?? '';
        return {
          title,
          submit: 'Next',
          fields: [
            productField({ value: product, label: context.productName ?? product }),
            withStored(nameField, context),
          ],
        };
      },
      async check(ask, context, answers) {
        await ask.execute(
          planChoices,
          present({
            product: textAnswer(answers, 'product'),
            name: textAnswer(answers, 'name'),
            plan: context.plan,
          }),
        );
      },
    },
    {
      fields: ['version', 'subscriptionType'],
      async draw(ask, context, answers) {
        const choices = await choicesOf(ask, context, answers);
        return {
          title,
          submit: 'Next',
          intro: [offerBlock(answers, choices)],
          fields: versionFields(choices).map((field) => withStored(field, context)),
        };
      },
      async check(ask, context, answers) {
        if (isNfr(answers)) await ask.execute(previewPlanEdit, changesOf(context, answers));
      },
    },
    {
      fields: settingNames,
      applies: (answers) => !isNfr(answers),
      draw: async (ask, context, answers) => ({
        title,
        submit: 'Next',
        fields: await settings(ask, context, answers),
      }),
      ...checked,
    },
    previewStep,
  ],
  submit,
};

export const planEditForms: readonly Form[] = [editForm, givenForm, renameForm];
