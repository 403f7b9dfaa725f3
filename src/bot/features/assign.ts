import type { z } from 'zod';
import { dayAt } from '../../core/calendar.ts';
import { Refusal } from '../../core/errors.ts';
import { assign, draftCrossgrade, previewAssign } from '../../core/licenses/assign.ts';
import { unitLimits } from '../../core/plans/plan-fields.ts';
import { numberAnswer, present, textAnswer } from '../answers.ts';
import type { Feature, Form } from '../feature.ts';
import { firstRows } from '../first-of.ts';
import { fitted, licenseStatusWords, none, showCount, showDay, showMoney } from '../format.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Answers, type Block } from '../view.ts';
import { customerAndPlanFields, customerAndPlanIn } from './customer-and-plan.ts';
import { showCustomerButton } from './customer-card.ts';
import { licenseAdded, licenseDiscontinued } from './license-notices.ts';
import { licenseCells, licenseColumns } from './license-table.ts';

type Preview = z.output<typeof previewAssign.result>;
type Assigned = z.output<typeof assign.result>['licenses'];

const assignmentOf = (answers: Answers) =>
  present({
    customer: textAnswer(answers, 'customer'),
    plan: textAnswer(answers, 'plan'),
    units: numberAnswer(answers, 'units'),
    startsOn: textAnswer(answers, 'startsOn'),
  });

const previewBlocks = ({ customer, plan, licenses, total, startsOn }: Preview): Block[] => [
  {
    kind: 'text',
    text: [
      bold(plan.name),
      ' gives ',
      bold(customer.company),
      ` ${showCount(licenses.length, 'license')} from ${showDay(startsOn)}:`,
    ],
  },
  ...firstRows(
    [...licenseColumns, ...(total ? [{ label: 'Amount', align: 'right' } as const] : [])],
    licenses.map((license) => [...licenseCells(license), ...(total ? [showMoney(license.amount)] : [])]),
  ),
  ...(total ? [{ kind: 'text', text: ['Charged for the first term: ', bold(showMoney(total))] } as const] : []),
];

const issuedTable = (licenses: Assigned): Block[] =>
  firstRows(
    [...licenseColumns, { label: 'License status' }],
    licenses.map((license) => [...licenseCells(license), licenseStatusWords[license.status]]),
  );

const title = 'Assign a plan';
const assignForm: Form = {
  name: 'assign',
  needs: 'license',
  steps: [
    {
      fields: ['customer', 'plan', 'units', 'startsOn'],
      async draw(ask, context) {
        return {
          title,
          submit: 'Next',
          fields: [
            ...(await customerAndPlanFields(ask, context, 'Service plan')),
            {
              kind: 'number',
              name: 'units',
              label: 'Units',
              hint: "Left empty: the plan's default units",
              optional: true,
              ...unitLimits,
            },
            {
              kind: 'date',
              name: 'startsOn',
              label: 'Start date',
              hint: `Left empty: today, ${showDay(dayAt(ask.now, ask.actor.timeZone))}`,
              optional: true,
            },
          ],
        };
      },
      async check(ask, _context, answers) {
        const asked = assignmentOf(answers);
        try {
          await ask.execute(previewAssign, asked);
        } catch (error) {
          // A reading keeps nothing; the draft of what only a crossgrade can bring is kept by a command of its own.
          if (error instanceof Refusal && error.code === 'license.duplicate') await ask.execute(draftCrossgrade, asked);
          throw error;
        }
      },
    },
    {
      fields: [],
      async draw(ask, _context, answers) {
        const preview = await ask.execute(previewAssign, assignmentOf(answers));
        return { title, submit: 'Assign', intro: previewBlocks(preview), fields: [] };
      },
    },
  ],

  wayOn({ code, params }, answers) {
    if (code !== 'license.duplicate' || params.crossgrade !== 'yes') return null;
    const { customer = '', plan = '', units } = assignmentOf(answers);
    const context = { customer, plan, ...(units !== undefined && { units: String(units) }) };
    return { label: 'Open the crossgrade', form: 'crossgrade', context };
  },

  async submit(ask, answers) {
    const { licenses } = await ask.execute(assign, assignmentOf(answers));
    const account = textAnswer(answers, 'customer') ?? '';
    return {
      kind: 'message',
      message: {
        title: fitted(`${licenses[0]?.plan ?? none} assigned`, limits.messageTitle),
        blocks: [
          {
            kind: 'text',
            text: [
              bold(account),
              ` has ${showCount(licenses.length, 'new license')}`,
              ...licenses.slice(0, 1).map(({ startsOn }) => ` from ${showDay(startsOn)}`),
              '.',
            ],
          },
          ...issuedTable(licenses),
          {
            kind: 'buttons',
            buttons: [
              speak('Licenses', `license list ${account}`),
              speak('Transactions', `transactions ${account}`),
              showCustomerButton(account),
            ],
          },
        ],
      },
    };
  },
};

/** Giving a plan to a customer: the form with its preview, and the mails about licences to the customer. */
export const assignFeature: Feature = {
  commands: [
    {
      words: 'assign',
      usage: 'assign [ACCOUNT [PLAN]]',
      does: 'gives a service plan to a customer',
      needs: 'license',
      shortcut: 'Assign a plan',
      run: async (ask, rest) => ({ kind: 'form', form: 'assign', context: await customerAndPlanIn(ask, rest) }),
    },
  ],
  forms: [assignForm],
  notices: [licenseAdded, licenseDiscontinued],
};
