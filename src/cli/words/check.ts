import { checkInvariants, type BrokenInvariant } from '../../storage/check/check-invariants.ts';
import { WrongUse, type Word } from '../word.ts';

const sentenceOf = ({ invariant, says, table, id, partner, what, expected, found }: BrokenInvariant): string =>
  [
    `✗ ${invariant} is broken: ${says}.`,
    `  ${table}${id === null ? '' : ` ${id}`}${partner === null ? '' : ` (${partner})`}: ${what}.`,
    ...(expected === null ? [] : [`  expected: ${expected}`]),
    ...(found === null ? [] : [`  found: ${found}`]),
  ].join('\n');

export const check: Word = {
  name: 'check',
  usage: '',
  does: 'Checks all invariants over the whole database and names the first bad row of each; exit code 1 when one is broken.',
  options: {},

  async run(ground, given) {
    if (given.positionals.length > 0) throw new WrongUse(`"${given.positionals[0]}" means nothing here.`);
    const { database, clock } = await ground.open();
    const { checked, broken } = await checkInvariants(database.orm, clock.now());
    const ok = broken.length === 0;
    const summary = `invariants: ${checked} checked, ${broken.length} broken`;
    return {
      ok,
      text: [...broken.map(sentenceOf), summary].join('\n'),
      data: { ok, ...(!ok && { code: 'invariant.broken' }), checked, broken },
    };
  },
};
