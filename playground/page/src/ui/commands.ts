import type { Suggestion } from './composer.tsx';

/** The words one can type, with what they do; shown while a command is being typed. */
const words: readonly [string, string][] = [
  ['help', 'all commands, with examples'],
  ['home', 'what waits for you'],
  ['dashboard', 'your figures at a glance'],
  ['customer add', 'add a customer'],
  ['customer list', 'your customers'],
  ['customer show', 'one customer with plans and licenses'],
  ['product list', 'what you can sell'],
  ['product show', 'one product'],
  ['plan create', 'create a service plan'],
  ['plan list', 'your service plans'],
  ['plan show', 'one service plan'],
  ['assign', 'assign a plan to a customer'],
  ['license list', 'a customer’s licenses'],
  ['transactions', 'what changed, and when'],
  ['report list', 'usage reports'],
  ['report show', 'one usage report'],
  ['report edit', 'correct a line of a report'],
  ['report submit', 'send a report to your distributor'],
  ['report review', 'approve or reject a report'],
  ['digest add', 'a weekly summary for this channel'],
  ['digest list', 'the summaries you set up'],
  ['digest pause', 'stop one for a while'],
  ['digest remove', 'end one'],
  ['digest send', 'post one now'],
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
