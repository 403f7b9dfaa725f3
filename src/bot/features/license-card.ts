import type { z } from 'zod';
import { showOneLicense } from '../../core/licenses/show-license.ts';
import type { licenseChangeResult } from '../../core/licenses/license-change.ts';
import type { LicenseVerb } from '../../core/licenses/license-verbs.ts';
import type { Ask } from '../feature.ts';
import { firstRows } from '../first-of.ts';
import {
  fitted,
  licenseStatusWords,
  none,
  showCount,
  showDay,
  showMoney,
  showNumber,
  showUnits,
  subscriptionTypeWords,
  versionWords,
} from '../format.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Block, type Button, type Compared, type Fact, type Message, type Text } from '../view.ts';
import { activateButton } from './activation.ts';
import { showCustomerButton } from './customer-card.ts';

/** How one license looks, and what a change makes of several: before and after side by side, with the money. */

export type Shown = z.output<typeof showOneLicense.result>;
export type Changed = z.output<typeof licenseChangeResult>;
type Listed = Shown['license'];

/** What a button that does it says; the form behind it asks once more. */
const verbLabels: Readonly<Record<LicenseVerb, string>> = {
  seats: 'Change units…',
  convert: 'Convert…',
  renew: 'Renew…',
  suspend: 'Suspend…',
  resume: 'Resume…',
  remove: 'Remove…',
};

/** The form that does it; where a license stands alone, it is not asked about others. */
export const formOf = (verb: LicenseVerb, isAlone: boolean): string =>
  verb === 'remove' && isAlone ? 'license-remove-one' : `license-${verb}`;

/** A conversion looks first whether there is a plan to go to; the others open their form. */
export const beginButton = (
  verb: LicenseVerb,
  license: string,
  isAlone: boolean,
  look: { readonly label?: string; readonly style?: 'danger' } = {},
): Button => {
  const label = verbLabels[verb];
  return verb === 'convert'
    ? { kind: 'run', label, action: 'license.begin', args: { verb, license }, ...look }
    : { kind: 'form', label, form: formOf(verb, isAlone), context: { license }, ...look };
};

export const showButton = (license: string, label = 'Show license'): Button => ({
  kind: 'run',
  label,
  action: 'license.show',
  args: { license },
});

export const historyButton = (license: string, label = 'License history'): Button => ({
  kind: 'run',
  label,
  action: 'transactions.license',
  args: { license },
});

/** `Worry-Free Services of Acme Ltd`, as a title has room for it. */
export const nameOf = ({ license, company }: Pick<Shown, 'license' | 'company'>): string =>
  fitted(`${license.productName} of ${company}`, limits.messageTitle);

const renewalWords = ({ license, customerSuspended }: Shown): string => {
  const { autoRenewal, unitsAtRenewal, endsOn, unitType, status, version } = license;
  if (status === 'removed' || status === 'expired') return none;
  const alone = `by itself on ${showDay(endsOn)}`;
  const renews = autoRenewal
    ? customerSuspended
      ? `${alone}, if the customer is resumed by then`
      : alone
    : 'not by itself';
  return [
    version === 'trial' ? 'a trial never renews' : renews,
    ...(unitsAtRenewal === undefined ? [] : [`then with ${showUnits(unitsAtRenewal, unitType)}`]),
  ].join(', ');
};

const graceWords = ({ license, graceDays, openUntil }: Shown): string => {
  if (license.status === 'removed') return none;
  return graceDays === 0 ? 'None' : `Until ${showDay(openUntil)}`;
};

const factsOf = (shown: Shown): Fact[] => {
  const { license } = shown;
  const given = (label: string, value: string | null): Fact[] => (value === null ? [] : [{ label, value }]);
  return [
    { label: 'Account name', value: shown.customer },
    { label: 'Service plan', value: license.plan ?? 'Unbundled' },
    { label: 'Version', value: `${versionWords[license.version]}, ${subscriptionTypeWords[license.subscriptionType]}` },
    { label: 'Units', value: [bold(showUnits(license.units, license.unitType))] },
    { label: 'License status', value: [bold(licenseStatusWords[license.status])] },
    { label: 'Start date', value: showDay(license.startsOn) },
    { label: 'Expiration date', value: showDay(license.expiresOn) },
    { label: 'Renewal', value: renewalWords(shown) },
    { label: 'Grace', value: graceWords(shown) },
    ...(shown.activationCode === null
      ? given('Data centre', shown.dataCentre)
      : given('Activation code', shown.activationCode)),
  ];
};

/** What its status means for whoever uses it. */
const standing = (shown: Shown): Text | null => {
  const { license, company } = shown;
  switch (license.status) {
    case 'suspended':
      return shown.suspended
        ? ['Suspended until somebody resumes it. Its term runs on.']
        : [bold(company), ' is suspended, and with it all of its licenses.'];
    case 'pending_activation':
      return 'It waits for the first sign-in. Its term runs all the same.';
    case 'scheduled':
      return ['It begins on ', bold(showDay(license.startsOn)), '.'];
    case 'grace':
      return ['Its term is over: it stays in use until ', bold(showDay(shown.openUntil)), '.'];
    case 'expiring':
      return ['It will not renew by itself: its last day is ', bold(showDay(license.expiresOn)), '.'];
    case 'expired':
      return ['It is over since ', bold(showDay(Temporal.PlainDate.from(shown.openUntil).add({ days: 1 }))), '.'];
    case 'removed':
      return 'It was removed. Its history stays.';
    case 'active':
      return null;
  }
};

const tones = { grace: 'warning', expiring: 'warning', suspended: 'warning' } as const;
const toneOf = (status: Listed['status']) =>
  Object.hasOwn(tones, status) ? tones[status as keyof typeof tones] : 'info';

const termBlocks = ({ terms }: Shown): Block[] => {
  const priced = terms.some(({ yearlyPrice }) => yearlyPrice !== null);
  if (terms.length < 2 && !priced) return [];
  const shown = terms.slice(-limits.tableRows);
  return [
    { kind: 'heading', text: 'Terms' },
    {
      kind: 'table',
      columns: [
        { label: 'First day' },
        { label: 'Last day' },
        { label: 'Version' },
        ...(priced ? [{ label: 'Per unit and year', align: 'right' } as const] : []),
      ],
      rows: shown.map((term) => [
        showDay(term.startsOn),
        showDay(term.expiresOn),
        versionWords[term.version],
        ...(priced ? [priceWords(term)] : []),
      ]),
    },
    ...(terms.length > shown.length
      ? [{ kind: 'context', text: `The last ${shown.length} of ${showNumber(terms.length)}.` } as const]
      : []),
    ...(shown.some(({ priceKept }) => priceKept)
      ? [{ kind: 'context', text: '* The list had no price for the term: the old one was kept.' } as const]
      : []),
  ];
};

const priceWords = ({ yearlyPrice, currency, priceKept }: Shown['terms'][number]): string =>
  yearlyPrice === null ? none : `${showNumber(yearlyPrice)} ${currency ?? ''}${priceKept ? ' *' : ''}`;

const deedButtons = ({ license, others, may }: Shown): Button[] =>
  may.map((verb) =>
    beginButton(verb, license.licenseId, others.length === 0, verb === 'remove' ? { style: 'danger' } : {}),
  );

/** The license as it stands, with what this person may do with it. `notice` says why something was not done. */
export const licenseMessage = async (ask: Ask, licenseId: string, notice?: string): Promise<Message> => {
  const shown = await ask.execute(showOneLicense, { license: licenseId });
  const { license, customer, others } = shown;
  const stands = standing(shown);
  const activate = shown.may.length > 0 ? activateButton(ask, license, customer) : null;
  const deeds = [...(activate ? [activate] : []), ...deedButtons(shown)];
  return {
    title: nameOf(shown),
    blocks: [
      ...(notice === undefined ? [] : [{ kind: 'notice', tone: 'danger', text: notice } as const]),
      ...(stands === null ? [] : [{ kind: 'notice', tone: toneOf(license.status), text: stands } as const]),
      { kind: 'facts', facts: factsOf(shown) },
      ...termBlocks(shown),
      ...(others.length > 0
        ? [
            {
              kind: 'context',
              text: fitted(
                `Beside it under ${license.plan ?? 'the plan'}: ${others
                  .map(({ productName, status }) => `${productName} (${licenseStatusWords[status].toLowerCase()})`)
                  .join(', ')}`,
                limits.text,
              ),
            } as const,
          ]
        : []),
      ...(deeds.length > 0 ? [{ kind: 'buttons', buttons: deeds } as const] : []),
      {
        kind: 'buttons',
        buttons: [
          historyButton(license.licenseId, 'History'),
          speak('Licenses', `license list ${customer}`),
          showCustomerButton(customer),
        ],
      },
    ],
  };
};

const sideOf = (license: Listed, other: Listed): string =>
  [
    ...(license.plan === other.plan && license.version === other.version
      ? []
      : [`${license.plan ?? 'Unbundled'}, ${versionWords[license.version].toLowerCase()}`]),
    showUnits(license.units, license.unitType),
    `${showDay(license.startsOn)} to ${showDay(license.expiresOn)}`,
    ...(license.status === other.status ? [] : [licenseStatusWords[license.status]]),
    ...(license.unitsAtRenewal === undefined
      ? []
      : [`${showUnits(license.unitsAtRenewal, license.unitType)} from ${showDay(license.endsOn)}`]),
  ].join('\n');

const compared = ({ before, licenses }: Changed): Compared[] =>
  licenses.map((license, index) => {
    const was = before[index]!;
    return {
      name: [bold(license.productName)],
      before: sideOf(was, license),
      after: license.status === 'removed' ? licenseStatusWords.removed : sideOf(license, was),
    };
  });

const moneyWords: Readonly<Record<NonNullable<Changed['money']>[number]['kind'], string>> = {
  charge: 'Charge',
  credit: 'Credit',
  proration: 'Proration',
  usage: 'Usage',
  correction: 'Correction',
};

const moneyBlocks = ({ money, net, licenses }: Changed): Block[] => {
  if (!money || !net) return [];
  if (money.length === 0) return [{ kind: 'context', text: 'Nothing is charged up front or credited.' }];
  const names = new Map(licenses.map(({ product, productName }) => [product, productName]));
  return [
    ...firstRows(
      [{ label: 'Kind' }, { label: 'Product/Service' }, { label: 'Amount', align: 'right' }],
      money.map(({ kind, product, amount }) => [
        moneyWords[kind],
        fitted(names.get(product) ?? product, 40),
        showMoney(amount),
      ]),
    ),
    { kind: 'text', text: ['Net: ', bold(showMoney(net))] },
  ];
};

/** What takes effect on another day than the day it is written on. */
const laterBlocks = ({ ledger }: Changed, today: string): Block[] => {
  const days = [...new Set(ledger.filter(({ effectiveOn }) => effectiveOn > today).map((row) => row.effectiveOn))];
  return days.length === 0
    ? []
    : [{ kind: 'context', text: `In the ledger this takes effect on ${days.toSorted().map(showDay).join(', ')}.` }];
};

/** A change, before or after it was done. */
export const changedBlocks = (ask: Ask, changed: Changed): Block[] => {
  const rows = compared(changed);
  const today = ask.now.toZonedDateTimeISO(ask.actor.timeZone).toPlainDate().toString();
  return [
    { kind: 'compare', labels: ['Before', 'After'], rows: rows.slice(0, limits.rows) },
    ...(rows.length > limits.rows
      ? [{ kind: 'context', text: `The first ${limits.rows} of ${showCount(rows.length, 'license')}.` } as const]
      : []),
    ...laterBlocks(changed, today),
    ...moneyBlocks(changed),
  ];
};
