import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Mail } from '../../../src/core/messages/mail.ts';
import { listMails } from '../../../src/core/messages/send-mail.ts';
import { createLetterbox, createMailJob, type Letterbox } from '../../../src/jobs/mail/post-office.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const log = { info: () => {}, warn: () => {}, error: () => {} };
const givenMail = async (subject = 'Report rejected'): Promise<string> => {
  const id = randomUUID();
  await world.given(
    new Mail({
      id,
      partnerId: partnerIds.brightside,
      noticeKey: id,
      to: 'leo@brightside.example',
      subject,
      html: '<p>Why</p>',
      text: 'Why\n',
      state: 'waiting',
      createdAt: world.clock.now(),
    }),
  );
  return id;
};
const deliver = (letterbox: Letterbox | null, mailId: string): Promise<void> =>
  createMailJob({ execute: world.execute, letterbox, log })(randomUUID(), { mailId });

describe('mail', () => {
  test('is kept and shown where there is no mail server', async () => {
    expect(createLetterbox(null, 'desk@seatwise.example')).toBeNull();
    const id = await givenMail();
    await deliver(null, id);
    expect(await world.stored(Mail, id)).toMatchObject({ state: 'kept' });
    const { items } = await world.execute(listMails, world.system, {});
    expect(items.find(({ mailId }) => mailId === id)).toMatchObject({ to: 'leo@brightside.example', state: 'kept' });
  });

  test('is sent once, however often its job runs', async () => {
    const sent: string[] = [];
    const letterbox: Letterbox = { send: async ({ id }) => void sent.push(id), close: () => {} };
    const id = await givenMail();
    await deliver(letterbox, id);
    await deliver(letterbox, id);
    expect(sent).toEqual([id]);
    expect(await world.stored(Mail, id)).toMatchObject({ state: 'sent' });
  });

  test('stays waiting while the server is away, and is given up when it is refused for good', async () => {
    const id = await givenMail();
    const away: Letterbox = { send: () => Promise.reject(new Error('ECONNREFUSED')), close: () => {} };
    await expect(deliver(away, id)).rejects.toThrow('ECONNREFUSED');
    expect(await world.stored(Mail, id)).toMatchObject({ state: 'waiting' });
    const refused: Letterbox = {
      send: () => Promise.reject(Object.assign(new Error('no such mailbox'), { responseCode: 550 })),
      close: () => {},
    };
    await deliver(refused, id);
    expect(await world.stored(Mail, id)).toMatchObject({ state: 'failed' });
  });

  test('reaches a real server with both parts, and no line of a name becomes a header', async () => {
    const { server, received } = await smtpServer();
    const { port } = server.address() as AddressInfo;
    const letterbox = createLetterbox(`smtp://127.0.0.1:${port}?ignoreTLS=true`, 'Seatwise <desk@seatwise.example>')!;
    const id = await givenMail('Report\r\nBcc: everyone@evil.example');
    await deliver(letterbox, id);
    letterbox.close();
    server.close();
    const [letter = ''] = received;
    const head = letter.slice(0, letter.indexOf('\r\n\r\n'));
    expect(head).toMatch(/^To: leo@brightside\.example$/m);
    expect(head).toMatch(/^From: Seatwise <desk@seatwise\.example>$/m);
    expect(head).toContain(`<${id}@seatwise.example>`);
    expect(head).not.toMatch(/^Bcc:/im);
    expect(letter).toContain('text/plain');
    expect(letter).toContain('text/html');
  });
});

/** Just enough SMTP to take one letter. */
const smtpServer = (): Promise<{ server: Server; received: string[] }> => {
  const received: string[] = [];
  const server = createServer((socket) => {
    let reading = false;
    let letter = '';
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      const text = chunk.toString();
      if (reading) {
        letter += text;
        if (!letter.endsWith('\r\n.\r\n')) return;
        received.push(letter);
        reading = false;
        socket.write('250 taken\r\n');
      } else if (/^DATA/i.test(text)) {
        reading = true;
        socket.write('354 go on\r\n');
      } else if (/^QUIT/i.test(text)) socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ server, received })));
};
