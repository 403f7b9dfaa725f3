import type { Suggestion } from './composer.tsx';

/** The words one can type, with what they do; shown while a command is being typed. */
const words: readonly [string, string][] = [
  ['help', 'lists what you can do'],
  ['home', 'shows what waits for you'],
  ['dashboard', 'shows your figures at a glance'],
  ['customer add', 'adds a customer'],
  ['customer list', 'lists your customers'],
  ['customer show', 'shows one customer with plans and licenses'],
  ['customer edit', 'changes what is stored of a customer'],
  ['customer suspend', 'suspends a customer'],
  ['customer resume', 'ends a suspension'],
  ['customer import', 'adds customers from a CSV or Excel file'],
  ['product list', 'lists what you can sell'],
  ['product show', 'shows one product'],
  ['plan create', 'creates a service plan'],
  ['plan list', 'lists your service plans'],
  ['plan show', 'shows one service plan'],
  ['plan edit', 'changes a service plan for new assignments'],
  ['plan approve', 'approves the suite change that locks a plan'],
  ['suite list', 'lists changes of suites'],
  ['suite approve', 'approves the new products of a suite'],
  ['suite accept', 'gives customers the new products'],
  ['assign', 'assigns a plan to a customer'],
  ['crossgrade', 'moves what a customer has to another plan'],
  ['crossgrade list', 'shows the crossgrades that wait'],
  ['license list', 'lists a customer’s licenses'],
  ['license show', 'shows one license'],
  ['license seats', 'changes the number of units'],
  ['license convert', 'makes a trial a full license'],
  ['license renew', 'renews a license by hand'],
  ['license suspend', 'suspends a license'],
  ['license resume', 'resumes a license'],
  ['license remove', 'removes a license for good'],
  ['license credits', 'lists what converts into credits'],
  ['license activate', 'tells of the first sign-in to a service'],
  ['transactions', 'shows what changed, and when'],
  ['usage show', 'shows usage against provisioned units'],
  ['report list', 'lists usage reports'],
  ['report show', 'shows one usage report'],
  ['report edit', 'corrects a line of a report'],
  ['report submit', 'sends a report to your distributor'],
  ['report review', 'approves, rejects or questions a report'],
  ['digest add', 'posts a weekly summary in this channel'],
  ['digest list', 'lists the summaries you set up'],
  ['digest pause', 'stops one for a while'],
  ['digest remove', 'ends one'],
  ['digest send', 'posts one now'],
  ['audit verify', 'recomputes the audit of your company'],
];

/** The commands that begin as typed. `prefix` is what a platform wants before the words (`/lmp ` in Slack). */
export const suggestCommands = (typed: string, prefix: string): Suggestion[] => {
  const text = typed.trimStart();
  if (text === '' || text.includes('\n')) return [];
  const lead = prefix.trim();
  if (lead !== '' && !text.startsWith('/')) return [];
  const matching = words.map(([word, hint]) => ({ text: `${prefix}${word}`, hint }));
  return text.length <= lead.length
    ? matching.filter((one) => one.text.startsWith(text))
    : matching.filter((one) => one.text.startsWith(text.toLowerCase()) && one.text !== text);
};
