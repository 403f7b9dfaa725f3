/** The operator's command line: `npm run cli -- WORD …`. */
import { readConfig, type Config } from '../config.ts';
import { createLog } from '../log.ts';
import { openOwnDesk, throwAway, type OwnDesk } from './open.ts';
import { runCli } from './run-cli.ts';
import { passOn, socketPath } from './socket.ts';
import type { Ground, Terminal } from './word.ts';

const credentials = ['SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'CLIENT_ID', 'CLIENT_SECRET'];

// Without platform credentials this is the playground's machine, whose keys guard nothing.
const configOf = (env: Readonly<Record<string, string | undefined>>): Config => {
  const isService = credentials.some((name) => env[name]);
  return readConfig(isService || env['SECRET_KEY'] ? env : { ...env, DEVELOPMENT_IDENTITY: '1' });
};

const terminal: Terminal = {
  cwd: process.cwd(),
  stdin: (async function* () {
    process.stdin.setEncoding('utf8');
    for await (const piece of process.stdin) yield piece as string;
  })(),
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};

// The reader of a pipe may leave early (`| head`): nothing is wrong, and nobody is there to be told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const argv = process.argv.slice(2);
let desk: OwnDesk | null = null;
let config: Config | null = null;
const environment = (): Config => (config ??= configOf(process.env));

const ground: Ground = {
  terminal,
  open: async () => (desk ??= await openOwnDesk(environment())),
  startOver: async () => {
    await throwAway(environment());
    return (desk = await openOwnDesk(environment()));
  },
  // Standard output belongs to the answers: a script reads them line by line.
  defect: (error, reference) =>
    createLog('error', process.stderr).error({ err: error, ref: reference }, 'command line failed'),
};

const needsNoDesk = argv.length === 0 || argv.includes('--help') || argv.includes('-h');
const dataDir = process.env['DATA_DIR']?.trim() || './data';
const exit = needsNoDesk ? null : await passOn(socketPath(dataDir), argv, terminal);
process.exitCode = exit ?? (await runCli(argv, ground));
// The desk was opened inside a closure, which the compiler does not follow.
await (desk as OwnDesk | null)?.close();
process.stdin.destroy();
