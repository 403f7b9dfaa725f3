import { beginImport } from '../../core/customers/begin-import.ts';
import { importLimits } from '../../core/customers/customer-import.ts';
import { confirmImport, discardImport } from '../../core/customers/decide-import.ts';
import type { ImportView } from '../../core/customers/show-import.ts';
import { Refusal } from '../../core/errors.ts';
import type { Fault } from '../../core/import/fault.ts';
import { Content } from '../../core/messages/content.ts';
import { refusalText } from '../../texts/refusal-text.ts';
import { textAnswer } from '../answers.ts';
import type { Ask, Feature, Form } from '../feature.ts';
import { fitted, showCount, showNumber } from '../format.ts';
import { bold, limits, type Block, type Message, type Reply, type Row } from '../view.ts';
import { progressMessage } from './progress.ts';

/** So many faults stand on the card; when there are more, all that are told are in a workbook below them. */
export const faultsOnCard = 10;

const stages = ['Reading', 'Checking', 'Saving'] as const;
const columns = 'account, company, city, state, first_name, last_name, email';
const moreColumns = 'emergency_email, phone, address, postal_code, country, language';

const sentence = (code: string, params: Refusal['params']): string =>
  refusalText(new Refusal('invalid', code, { params }));

const faultRow = ({ line, column, found, code, params }: Fault): Row => ({
  title: [bold(`Line ${showNumber(line)}`), column === '' ? '' : ` · ${column}`],
  detail: `${found === '' ? 'Empty.' : `Found “${found}”.`} ${sentence(code, params)}`,
});

const passedOver = ({ ignored }: Pick<ImportView, 'ignored'>): Block[] =>
  ignored.length === 0
    ? []
    : [{ kind: 'context', text: `Passed over, since no customer has it: ${fitted(ignored.join(', '), 500)}.` }];

const faultBlocks = ({ rows, faults, faultCount, faultFileId, ...view }: ImportView): Block[] => [
  {
    kind: 'notice',
    tone: 'danger',
    text: `Nothing was added: ${showCount(faultCount, 'fault')} in ${showCount(rows ?? 0, 'row')}. Correct the file and send it again.`,
  },
  { kind: 'rows', rows: faults.slice(0, faultsOnCard).map(faultRow) },
  ...(faultCount > faultsOnCard
    ? [
        {
          kind: 'context',
          text:
            faultCount > faults.length
              ? `The first ${faultsOnCard} of ${showNumber(faultCount)}. The workbook has the first ${faults.length}.`
              : `The first ${faultsOnCard} of ${showNumber(faultCount)}. The workbook has them all.`,
        } as const,
      ]
    : []),
  ...passedOver(view),
  ...(faultFileId === null
    ? []
    : [{ kind: 'file', fileId: faultFileId, name: 'seatwise-import-faults.xlsx' } as const]),
];

const readyBlocks = (view: ImportView): Block[] => {
  const { importId, rows, sample } = view;
  const more = (rows ?? 0) - sample.length;
  return [
    {
      kind: 'notice',
      tone: 'success',
      text: `${showCount(rows ?? 0, 'new customer')}, no fault. Nothing was added yet.`,
    },
    {
      kind: 'rows',
      rows: sample.map(({ company, account, city }) => ({ title: [bold(company), ` · ${account}`], detail: city })),
    },
    ...(more > 0 ? [{ kind: 'context', text: `… and ${showNumber(more)} more.` } as const] : []),
    ...passedOver(view),
    {
      kind: 'buttons',
      buttons: [
        {
          kind: 'run',
          label: `Import ${showCount(rows ?? 0, 'customer')}`,
          action: 'customer.import',
          args: { importId },
          style: 'primary',
          decides: true,
        },
        { kind: 'run', label: 'Discard', action: 'customer.import-discard', args: { importId }, decides: true },
      ],
    },
  ];
};

const addedBlocks = ({ rows }: ImportView): Block[] => [
  {
    kind: 'notice',
    tone: 'success',
    text: `${showCount(rows ?? 0, 'customer was', 'customers were')} added. Nobody was mailed.`,
  },
  {
    kind: 'buttons',
    buttons: [
      { kind: 'run', label: 'Customers', action: 'command', args: { text: 'customer list' }, style: 'primary' },
    ],
  },
];

/** An import as it stands: the same card from the first look at its file to the last customer. */
export const importMessage = (view: ImportView): Message => {
  const title = `Import of ${fitted(view.fileName, limits.messageTitle - 10)}`;
  const plain = (...blocks: Block[]): Message => ({ title, blocks });
  switch (view.state) {
    case 'looking':
      return progressMessage({
        title,
        stages,
        stage: view.rows === null ? 0 : 1,
        counted: view.rows === null ? null : { done: view.done, total: view.rows },
        note: 'Nothing is added before you say so. You can go on with other things: this card keeps itself true.',
      });
    case 'saving':
      return progressMessage({
        title,
        stages,
        stage: 2,
        counted: { done: view.done, total: view.rows ?? 0 },
        note: 'All of them are added, or none: they appear together at the end. A restart loses nothing.',
      });
    case 'ready':
      return plain(...readyBlocks(view));
    case 'faulty':
      return view.reason === null
        ? plain(...faultBlocks(view))
        : plain(
            { kind: 'notice', tone: 'danger', text: sentence(view.reason.code, view.reason.params) },
            { kind: 'context', text: 'Nothing was added.' },
          );
    case 'done':
      return plain(...addedBlocks(view));
    case 'discarded':
      return plain({ kind: 'context', text: 'Discarded. Nothing was added.' });
  }
};

const limitsWords = `At most ${showNumber(importLimits.rows)} rows and ${importLimits.bytes / 1024 / 1024} MB. It is looked through first; nothing is added before you say so.`;

const howTo: Message = {
  title: 'Import customers',
  blocks: [
    {
      kind: 'text',
      text: ['Attach a CSV or Excel file to a message here that says ', bold('customer import'), '.'],
    },
    { kind: 'text', text: [bold('Columns: '), columns] },
    { kind: 'text', text: [bold('If you have them: '), moreColumns] },
    { kind: 'context', text: limitsWords },
  ],
};

const begin = async (ask: Ask, ref: string): Promise<Reply> => {
  const { name, bytes } = await ask.fetchFile(ref, importLimits.bytes);
  // Control characters in a file's name mean nothing to anybody.
  const fileName = fitted(name.replaceAll(/[\p{Cc}\p{Cs}]/gu, '').trim() || 'customers', 200);
  await ask.execute(beginImport, { fileName, content: new Content(bytes) });
  return {
    kind: 'message',
    message: {
      title: 'The file is being looked through',
      blocks: [
        {
          kind: 'text',
          text: [bold(fileName), ' has arrived. The card that I sent you shows the progress and what was found.'],
        },
      ],
    },
  };
};

const importForm: Form = {
  name: 'customer-import',
  needs: 'license',
  steps: [
    {
      fields: ['file'],
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw() {
        return {
          title: 'Import customers',
          submit: 'Look through',
          intro: [
            { kind: 'text', text: [bold('Columns: '), columns] },
            { kind: 'text', text: [bold('If you have them: '), moreColumns] },
          ],
          fields: [
            { kind: 'file', name: 'file', label: 'CSV or Excel file', types: ['csv', 'xlsx'], hint: limitsWords },
          ],
        };
      },
    },
  ],
  submit: (ask, answers) => begin(ask, textAnswer(answers, 'file') ?? ''),
};

/** Customers by the file: looked through, decided on, added whole or not at all. */
export const customerImportFeature: Feature = {
  commands: [
    {
      words: 'customer import',
      usage: 'customer import',
      does: 'adds customers from a CSV or Excel file',
      needs: 'license',
      async run(ask) {
        const [attached] = ask.attached;
        if (attached) return begin(ask, attached.ref);
        return ask.platform === 'slack'
          ? { kind: 'form', form: 'customer-import', context: {} }
          : { kind: 'message', message: howTo };
      },
    },
  ],
  forms: [importForm],
  actions: [
    {
      name: 'customer.import',
      needs: 'license',
      run: async (ask, { importId = '' }) => ({
        kind: 'replace',
        message: importMessage(await ask.execute(confirmImport, { importId })),
      }),
    },
    {
      name: 'customer.import-discard',
      needs: 'license',
      run: async (ask, { importId = '' }) => ({
        kind: 'replace',
        message: importMessage(await ask.execute(discardImport, { importId })),
      }),
    },
  ],
};
