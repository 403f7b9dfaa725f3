/**
 * The limit of the `ack` bench: a bare Bolt app and a bare Teams SDK app behind one port, each with a handler that does
 * nothing. Run as a child process; tells its port.
 */
import { createServer } from 'node:http';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { App as TeamsApp, type HttpRouteHandler, type IHttpServerAdapter } from '@microsoft/teams.apps';
import { PUBLIC } from '@microsoft/teams.api';

const [signingSecret = '', clientId = '', openIdUrl = ''] = process.argv.slice(2);

const quiet = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: console.error,
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};
const receiver = new HTTPReceiver({ signingSecret, endpoints: '/slack/events', logger: quiet });
const slack = new App({
  receiver,
  logger: quiet,
  convoStore: false,
  authorize: async () => ({ botToken: 'xoxb-bare', botId: 'B1', botUserId: 'U1' }),
});
slack.command(/.*/, async ({ ack }) => ack());

class Route implements IHttpServerAdapter {
  handler!: HttpRouteHandler;
  registerRoute(_method: 'POST', _path: string, handler: HttpRouteHandler): void {
    this.handler = handler;
  }
  async stop(): Promise<void> {}
}
const route = new Route();
const teams = new TeamsApp({
  clientId,
  token: () => 'a.b.c',
  clientSecret: '',
  dangerouslyAllowUnauthenticatedRequests: false,
  httpServerAdapter: route,
  cloud: { ...PUBLIC, openIdMetadataUrl: openIdUrl },
} as never);
teams.on('message', async () => {});
await teams.initialize();

const server = createServer((request, response) => {
  if (request.url === '/slack/events') return receiver.requestListener(request, response);
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', async () => {
    const body = JSON.parse(Buffer.concat(parts).toString('utf8'));
    const answer = await route.handler({ body, headers: request.headers as Record<string, string | string[]> });
    response
      .writeHead(answer.status)
      .end(answer.body === undefined || answer.body === null ? undefined : JSON.stringify(answer.body));
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port));
