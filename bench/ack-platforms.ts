/** What Slack and Teams answer to a bench: yes to everything, at once. Run as a child process; tells its address. */
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', use: 'sig', alg: 'RS256' }] };
const clientId = process.argv[2] ?? '';

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const path = request.url ?? '';
    const json = (value: object): unknown =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (path.endsWith('/keys')) return json(keys);
    if (path.endsWith('/token')) return json({ access_token: token, expires_in: 3600 });
    if (path.includes('/auth.test')) return json({ ok: true, team_id: 'T0DEMO', user_id: 'U0BOT', bot_id: 'B0BOT' });
    return json({ ok: true, id: '1', ts: '1.1', channel: { id: 'D1' } });
  });
});
server.listen(0, '127.0.0.1');
await new Promise((done) => server.once('listening', done));
const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
/** Bearer of every delivery, and the app's own token: both only have to verify. */
const token = await new SignJWT({ serviceurl: `${url}/teams` })
  .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
  .setIssuer('https://api.botframework.com')
  .setAudience(clientId)
  .setExpirationTime('2h')
  .sign(privateKey);
process.send?.({ url, token });
