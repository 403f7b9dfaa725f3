/** `npm start`: the service when platform credentials are set, else the playground. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const credentials = ['SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'CLIENT_ID', 'CLIENT_SECRET'];
const isService = credentials.some((name) => process.env[name]);
const entry = fileURLToPath(new URL(isService ? '../src/main.ts' : '../playground/main.ts', import.meta.url));

// npm puts node_modules/.bin first on the path: this `node` is ours, whatever started this script.
const child = spawn('node', ['--disable-warning=ExperimentalWarning', entry, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: process.env,
});
// The terminal sends Ctrl-C to both; this one waits for the other to stop cleanly.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 0 : 1)));
