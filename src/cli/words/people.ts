import { randomUUID } from 'node:crypto';
import { addPartner } from '../../core/people/add-partner.ts';
import { addPerson } from '../../core/people/add-person.ts';
import { linkPerson } from '../../core/people/link-person.ts';
import { textValue, WrongUse, type Given, type Word } from '../word.ts';

const caller = () => ({ actor: { type: 'system', name: 'cli' } as const, requestId: randomUUID() });

const optionOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Options named after the fields of an input: `firstName` is `--first-name`. Faults are the use case's to tell. */
const optionsOf = (fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [optionOf(field), { type: 'string' as const }]));

const inputOf = (given: Given, fields: readonly string[]): Record<string, string> => {
  if (given.positionals.length > 0) throw new WrongUse(`"${given.positionals[0]}" is not an option.`);
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = textValue(given, optionOf(field));
      return value === undefined ? [] : [[field, value]];
    }),
  );
};

const partnerFields = [
  'slug',
  'company',
  'parent',
  'kind',
  'guid',
  'street',
  'city',
  'state',
  'postalCode',
  'country',
  'contactFirstName',
  'contactLastName',
  'email',
  'phone',
  'timeZone',
  'language',
  'currency',
];

export const partnerAdd: Word = {
  name: 'partner add',
  usage:
    '--slug SLUG --company NAME --city CITY --state STATE --country COUNTRY --contact-first-name NAME --contact-last-name NAME --email ADDRESS --time-zone ZONE --currency CODE [--parent SLUG [--kind msp|reseller]]',
  does: 'Enters a Tier 1, or with --parent a Tier 2 below one.',
  notes: ['Also: --guid, --street, --postal-code, --phone, --language.'],
  options: optionsOf(partnerFields),

  async run(ground, given) {
    const input = inputOf(given, partnerFields);
    const desk = await ground.open();
    const data = await desk.execute()(addPartner, caller(), input);
    return { text: `${data.slug} was added.`, data: { ok: true, ...data } };
  },
};

const personFields = ['partner', 'email', 'firstName', 'lastName', 'roles'];

export const personAdd: Word = {
  name: 'person add',
  usage: '--partner SLUG --email ADDRESS --first-name NAME --last-name NAME --roles admin,licensing,billing,viewer',
  does: 'Enters a person who acts for a partner.',
  options: optionsOf(personFields),

  async run(ground, given) {
    const { roles, ...input } = inputOf(given, personFields);
    const desk = await ground.open();
    const data = await desk.execute()(addPerson, caller(), {
      ...input,
      ...(roles !== undefined && { roles: roles.split(',').map((role) => role.trim()) }),
    });
    return { text: `${data.email} was added.`, data: { ok: true, ...data } };
  },
};

const linkFields = ['email', 'platform', 'workspace', 'userId'];

export const link: Word = {
  name: 'link',
  usage: '--email ADDRESS --platform slack|teams --workspace ID --user-id ID',
  does: 'Lets a chat account act as a person.',
  notes: ['The workspace is the Slack team id or the Entra tenant id.'],
  options: optionsOf(linkFields),

  async run(ground, given) {
    const input = inputOf(given, linkFields);
    const desk = await ground.open();
    const data = await desk.execute()(linkPerson, caller(), input);
    return {
      text: data.linked ? 'The account is linked.' : 'The account was linked already.',
      data: { ok: true, ...data },
    };
  },
};
