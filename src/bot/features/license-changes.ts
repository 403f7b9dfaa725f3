import { z } from 'zod';
import { conversionChoices } from '../../core/licenses/convert-license.ts';
import { listLicenses } from '../../core/licenses/list-licenses.ts';
import { licenseVerbs, type LicenseVerb } from '../../core/licenses/license-verbs.ts';
import { licenseChoices, showOneLicense } from '../../core/licenses/show-license.ts';
import { invalid } from '../../core/errors.ts';
import { reasonText } from '../../texts/refusal-text.ts';
import { textAnswer } from '../answers.ts';
import type { Ask, Command, Feature, Form } from '../feature.ts';
import { fitted, licenseStatusWords, showDay, showUnits, versionWords } from '../format.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Args, type Block, type Message, type Reply } from '../view.ts';
import { beginButton, formOf, licenseMessage } from './license-card.ts';
import { licenseForms } from './license-forms.ts';
import { licenseListMessage } from './licenses.ts';

/** What stands on top of a choice. */
const whichWords: Readonly<Record<LicenseVerb, string>> = {
  seats: 'Which license gets other units?',
  convert: 'Which trial becomes full?',
  renew: 'Which license is renewed?',
  suspend: 'Which license is suspended?',
  resume: 'Which license is resumed?',
  remove: 'Which license is removed?',
};

const noneWords: Readonly<Record<LicenseVerb, string>> = {
  seats: 'No license whose units can be changed',
  convert: 'No trial that can become full',
  renew: 'No license that can be renewed by hand now',
  suspend: 'No license that can be suspended',
  resume: 'No license that is suspended by itself',
  remove: 'No license that can be removed',
};

const shortLabels: Readonly<Record<LicenseVerb, string>> = {
  seats: 'Units…',
  convert: 'Convert…',
  renew: 'Renew…',
  suspend: 'Suspend…',
  resume: 'Resume…',
  remove: 'Remove…',
};

const verbOf = (word: string | undefined): LicenseVerb => {
  const verb = z.enum(licenseVerbs).safeParse(word);
  if (!verb.success) throw invalid('form.expired', 'verb');
  return verb.data;
};

const noPlan = async (ask: Ask, license: string): Promise<Message> => {
  const shown = await ask.execute(showOneLicense, { license });
  return {
    title: 'No plan fits this trial',
    blocks: [
      {
        kind: 'text',
        text: [
          'To make the trial of ',
          bold(fitted(shown.license.productName, 80)),
          ' full takes an enabled plan of the same product with version full, the same unit type and data centre and, where it is annual, a price.',
        ],
      },
      { kind: 'buttons', buttons: [speak('Create plan', 'plan create', 'primary'), speak('Plans', 'plan list')] },
    ],
  };
};

/** Opens the form of a deed; where the license does not allow it any more, it is shown as it stands. */
const begin = async (ask: Ask, verb: LicenseVerb, license: string): Promise<Reply> => {
  const shown = await ask.execute(showOneLicense, { license });
  if (!shown.may.includes(verb))
    return {
      kind: 'message',
      message: await licenseMessage(ask, license, 'The license does not allow this as it stands now.'),
    };
  if (verb === 'convert') {
    const { plans } = await ask.execute(conversionChoices, { license });
    if (plans.length === 0) return { kind: 'message', message: await noPlan(ask, license) };
  }
  return { kind: 'form', form: formOf(verb, shown.others.length === 0), context: { license } };
};

/** So many licenses are told with the reason why nothing can be done with them. */
const shownReasons = 5;

const choiceMessage = async (ask: Ask, verb: LicenseVerb, customer: string, product?: string): Promise<Message> => {
  const { company, items, refused, ...found } = await ask.execute(licenseChoices, {
    customer,
    verb,
    ...(product && { product }),
  });
  const shown = items.slice(0, limits.rows);
  const blocks: Block[] =
    items.length > 0
      ? [
          {
            kind: 'rows',
            rows: shown.map((license) => ({
              title: [
                bold(license.productName),
                ` · ${showUnits(license.units, license.unitType)} · `,
                bold(licenseStatusWords[license.status]),
              ],
              detail: [
                license.plan ?? 'Unbundled',
                ...(license.together ? [fitted(`with ${license.others.join(', ')}`, 200)] : []),
                versionWords[license.version],
                `${showDay(license.startsOn)} to ${showDay(license.expiresOn)}`,
              ].join(' · '),
              button: beginButton(verb, license.licenseId, license.others.length === 0, { label: shortLabels[verb] }),
            })),
          },
          ...(items.length > shown.length
            ? [
                {
                  kind: 'context',
                  text: `The first ${shown.length} of ${items.length}. Name the product behind the account name to narrow them.`,
                } as const,
              ]
            : []),
        ]
      : [
          {
            kind: 'text',
            text: [
              bold(company),
              ` (${found.customer}) has no license${product ? ` of “${fitted(product, 80)}”` : ''} this can be done to now.`,
              refused.length > 0 ? '' : ' The button lists what it has.',
            ],
          },
          ...(refused.length > 0
            ? [
                {
                  kind: 'rows',
                  rows: refused
                    .slice(0, shownReasons)
                    .map((told) => ({ title: [bold(told.productName)], detail: reasonText(told) })),
                } as const,
              ]
            : []),
        ];
  return {
    title: fitted(
      items.length > 0 ? `${whichWords[verb]} · ${company}` : `${noneWords[verb]}: ${company}`,
      limits.messageTitle,
    ),
    blocks: [...blocks, { kind: 'buttons', buttons: [speak('Licenses', `license list ${found.customer}`)] }],
  };
};

/** The first word is the account name, which has no spaces; the rest is the product, by SKU or name. */
const spoken = async (ask: Ask, verb: LicenseVerb, rest: string): Promise<Reply> => {
  if (!rest) return { kind: 'form', form: 'license-pick', context: { verb } };
  const [customer = '', ...words] = rest.split(/\s+/);
  const product = words.join(' ');
  const { items } = await ask.execute(licenseChoices, { customer, verb, ...(product && { product }) });
  const [only, ...others] = items;
  return only && others.length === 0
    ? begin(ask, verb, only.licenseId)
    : { kind: 'message', message: await choiceMessage(ask, verb, customer, product) };
};

const pickForm: Form = {
  name: 'license-pick',
  needs: 'license',
  steps: [
    {
      fields: ['customer'],
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw(_ask, { verb }) {
        return {
          title: 'Choose a license',
          submit: 'Next',
          intro: [{ kind: 'text', text: whichWords[verbOf(verb)] }],
          fields: [{ kind: 'lookup', name: 'customer', label: 'Customer', source: 'customer' }],
        };
      },
    },
  ],
  submit: async (ask, answers, { verb }) => ({
    kind: 'message',
    message: await choiceMessage(ask, verbOf(verb), textAnswer(answers, 'customer') ?? ''),
  }),
};

const commandOf = (verb: LicenseVerb, does: string): Command => ({
  words: `license ${verb}`,
  usage: `license ${verb} [ACCOUNT [PRODUCT]]`,
  does,
  needs: 'license',
  run: (ask, rest) => spoken(ask, verb, rest),
});

const show = async (ask: Ask, { license = '' }: Args): Promise<Reply> => ({
  kind: 'message',
  message: await licenseMessage(ask, license),
});

/** By its id, or as the only one of a customer; of more than one the list has a button each. */
const shown = async (ask: Ask, rest: string): Promise<Reply> => {
  if (!rest) return { kind: 'form', form: 'license-list', context: {} };
  if (z.uuid().safeParse(rest).success) return show(ask, { license: rest });
  const { items, total } = await ask.execute(listLicenses, { customer: rest });
  const [only] = items;
  return only && total === 1
    ? show(ask, { license: only.licenseId })
    : { kind: 'message', message: await licenseListMessage(ask, { customer: rest }) };
};

/** One license with all that can be done with it: units, conversion, renewal, suspension, removal. */
export const licenseChangesFeature: Feature = {
  commands: [
    {
      words: 'license show',
      usage: 'license show [ACCOUNT]',
      does: 'shows a license with its terms and what can be done with it',
      needs: 'see',
      run: shown,
    },
    commandOf('seats', 'changes the number of units, at once or at the next renewal'),
    commandOf('convert', 'makes a trial a full license'),
    commandOf('renew', 'renews a license ahead of its end, or after it'),
    commandOf('suspend', 'suspends one license, or all of a plan'),
    commandOf('resume', 'resumes what was suspended'),
    commandOf('remove', 'removes a license for good'),
  ],
  forms: [pickForm, ...licenseForms],
  actions: [
    { name: 'license.show', needs: 'see', run: show },
    {
      name: 'license.begin',
      needs: 'license',
      run: (ask, { verb, license = '' }: Args) => begin(ask, verbOf(verb), license),
    },
  ],
};
