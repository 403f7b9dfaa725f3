/**
 * How much longer a person waits for the acknowledgement because the whole app stands behind it: a Slack command and a
 * Teams message to HTTP 200, against a bare Bolt and a bare Teams SDK handler. 50 requests a second, open loop, warmed
 * up, the two in turn.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoTeams } from '../src/demo/people.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { median, quantile, rounded } from './figures.ts';

const perSecond = 50;
const secondsPerRound = 8;
const rounds = 5;
const warmUps = 600;
const signingSecret = 'bench-signing-secret';
const clientId = '5a1e0000-0000-4000-8000-00000000b0b0';

const agent = new Agent({ keepAlive: true });

/** Milliseconds from the first byte sent to the last received. */
const post = (port: number, path: string, headers: Record<string, string>, body: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const sent = send({ agent, port, path, method: 'POST', headers, host: '127.0.0.1' }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - started);
        else reject(new Error(`${path} answered ${response.statusCode}`));
      });
    });
    sent.on('error', reject).end(body);
  });

const slackCommand = (port: number, platforms: string): Promise<number> => {
  const id = randomUUID();
  const body = new URLSearchParams({
    command: '/lmp',
    text: 'help',
    team_id: 'T0DEMO',
    user_id: 'U0LEO',
    user_name: 'leo',
    channel_id: 'D0LEO',
    channel_name: 'directmessage',
    trigger_id: id,
    response_url: `${platforms}/response/${id}`,
    api_app_id: 'A0',
    is_enterprise_install: 'false',
  }).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return post(
    port,
    '/slack/events',
    {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  );
};

const teamsMessage = (port: number, platforms: string, token: string): Promise<number> => {
  const body = JSON.stringify({
    type: 'message',
    id: randomUUID(),
    text: 'help',
    timestamp: new Date().toISOString(),
    channelId: 'msteams',
    serviceUrl: `${platforms}/teams`,
    from: { id: '29:yuki', name: 'Yuki', aadObjectId: randomUUID() },
    recipient: { id: `28:${clientId}`, name: 'Seatwise' },
    conversation: { id: 'a:yuki', conversationType: 'personal', tenantId: demoTeams.tenantId },
    channelData: { tenant: { id: demoTeams.tenantId } },
  });
  return post(port, '/api/messages', { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body);
};

const first = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) => reject(new Error(`a bench process ended with ${code} before it began`)));
  });

interface Times {
  readonly slack: number[];
  readonly teams: number[];
}

export const run = async (): Promise<object> => {
  const folder = mkdtempSync(join(tmpdir(), 'seatwise-bench-'));
  const file = (name: string): string => new URL(name, import.meta.url).pathname;
  const children: ChildProcess[] = [];
  const start = (name: string, args: string[], env: NodeJS.ProcessEnv = process.env): ChildProcess => {
    const child = fork(file(name), args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.push(child);
    return child;
  };
  const database = await startPostgres(folder, ['max_connections=50']);
  try {
    const { url: platforms, token } = await first<{ url: string; token: string }>(
      start('ack-platforms.ts', [clientId]),
    );
    const openId = `${platforms}/v1/.well-known/openidconfiguration`;
    const bare = await first<number>(start('ack-bare.ts', [signingSecret, clientId, openId]));
    const app = await first<number>(
      start('ack-app.ts', [], {
        ...process.env,
        DATABASE_URL: database.url,
        DATA_DIR: folder,
        SLACK_SIGNING_SECRET: signingSecret,
        SLACK_BOT_TOKEN: 'xoxb-bench',
        SLACK_API_URL: `${platforms}/slack/api/`,
        CLIENT_ID: clientId,
        CLIENT_SECRET: 'bench',
        TENANT_ID: demoTeams.tenantId,
        TEAMS_SERVICE_URL: `${platforms}/teams`,
        TEAMS_LOGIN_URL: platforms,
        TEAMS_OPENID_URL: openId,
      }),
    );
    // The demo world's own news leave first.
    await sleep(5000);

    let errors = 0;
    const measure = async (port: number, count: number): Promise<Times> => {
      const times: Times = { slack: [], teams: [] };
      const open: Promise<void>[] = [];
      const began = performance.now();
      for (let n = 0; n < count; n++) {
        await sleep(Math.max(0, began + (n * 1000) / perSecond - performance.now()));
        const platform = n % 2 === 0 ? 'slack' : 'teams';
        const one = platform === 'slack' ? slackCommand(port, platforms) : teamsMessage(port, platforms, token);
        open.push(
          one.then(
            (ms) => void times[platform].push(ms),
            (error: unknown) => {
              errors += 1;
              console.error(error);
            },
          ),
        );
      }
      await Promise.all(open);
      return times;
    };
    await measure(bare, warmUps);
    await measure(app, warmUps);
    const results: { bare: Times; app: Times }[] = [];
    for (let round = 0; round < rounds; round++) {
      const count = perSecond * secondsPerRound;
      results.push({ bare: await measure(bare, count), app: await measure(app, count) });
      const { bare: b, app: a } = results.at(-1)!;
      console.log(
        `round ${round + 1}: slack p50 ${rounded(median(b.slack))} → ${rounded(median(a.slack))} ms, teams p50 ${rounded(median(b.teams))} → ${rounded(median(a.teams))} ms`,
      );
    }
    const figure = (who: 'bare' | 'app', platform: 'slack' | 'teams', q: number): number =>
      median(results.map((round) => quantile(round[who][platform], q)));
    const ratio = (platform: 'slack' | 'teams'): number =>
      median(results.map((round) => median(round.app[platform]) / median(round.bare[platform])));
    const of = (who: 'bare' | 'app') => ({
      slackP50: rounded(figure(who, 'slack', 0.5)),
      slackP99: rounded(figure(who, 'slack', 0.99)),
      teamsP50: rounded(figure(who, 'teams', 0.5)),
      teamsP99: rounded(figure(who, 'teams', 0.99)),
    });
    return {
      ours: of('app'),
      limit: of('bare'),
      ratio: rounded(Math.max(ratio('slack'), ratio('teams'))),
      slackRatio: rounded(ratio('slack')),
      teamsRatio: rounded(ratio('teams')),
      unit: 'ms',
      rounds,
      errors,
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
