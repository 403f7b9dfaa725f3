/** The three jobs through both adapters: signed requests in, what a person reads out. One story, told in order. */
import Excel from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SlackMessage, TeamsActivity } from '../../playground/protocol.ts';
import { startRunningDesk, within, type RunningDesk } from '../support/running-desk.ts';

let desk: RunningDesk;
beforeAll(async () => {
  desk = await startRunningDesk();
}, 300_000);
afterAll(() => desk?.stop());

describe('a partner sells, in Slack', () => {
  test('adds a customer; what was wrong is said beside its field, what was typed stays', async () => {
    const leo = desk.slack('leo');
    await leo.command('customer add');
    await leo.seesModal('Add a customer');
    await leo.fill('Company', 'Morgenstern GmbH <!channel>');
    await leo.fill('Account name', 'x');
    await leo.fill('City', 'Berlin');
    await leo.fill('State', 'Berlin');
    await leo.fill('First name', 'Nora');
    await leo.fill('Last name', 'Stern');
    await leo.fill('E-mail', 'nora@morgenstern.example');
    await leo.submit();
    await within(() => expect(leo.modal()?.errors['Account name']).toContain('3'));
    // Only the wrong field is typed again: Slack keeps the rest as long as the view stands.
    await leo.fill('Account name', 'morgenstern');
    await leo.submit();
    await within(() => expect(leo.modal()?.text).toContain('Step 2 of 2'));
    await leo.submit();
    const receipt = await leo.sees(['morgenstern']);
    expect(leo.text(receipt)).toContain('Morgenstern GmbH <!channel>');
  });

  test('creates a plan; the preview shows the credit conversion before it is saved', async () => {
    const leo = desk.slack('leo');
    await leo.command('plan create');
    await leo.seesModal('Create a service plan');
    await leo.choose('Product/Service', 'Worry-Free Services Advanced');
    await leo.fill('Name', 'Advanced Plus');
    await leo.submit();
    await within(() => expect(leo.modal()?.text).toContain('Step 2 of 4'));
    await leo.submit();
    await within(() => expect(leo.modal()?.text).toContain('Step 3 of 4'));
    await leo.choose('Data centre', 'Europe');
    await leo.fill('Default units', '25');
    await leo.submit();
    await within(() => expect(leo.modal()?.text).toMatch(/\b40\b/));
    await leo.submit();
    await leo.sees(['Advanced Plus', 'credits']);
  });

  test('assigns it, and reads licences and ledger', async () => {
    const leo = desk.slack('leo');
    await leo.command('assign morgenstern Advanced Plus');
    await leo.seesModal('Assign a plan');
    await leo.submit();
    await within(() => expect(leo.modal()?.text).toContain('Cloud App Security'));
    await leo.submit();
    const receipt = await leo.sees(['Advanced Plus assigned']);
    for (const product of ['Worry-Free Services', 'Email Security Standard', 'Cloud App Security'])
      expect(leo.text(receipt)).toContain(product);
    await leo.command('license list morgenstern');
    await leo.sees(['Cloud App Security', 'Active']);
    await leo.command('transactions');
    await leo.sees(['New purchase', 'morgenstern', '+25']);
  });

  test('a duplicate stops with the sentence that a crossgrade is needed, and waits on the work list', async () => {
    const leo = desk.slack('leo');
    await leo.command('assign morgenstern Endpoint Monthly');
    await leo.seesModal('Assign a plan');
    await leo.submit();
    await within(() => expect(JSON.stringify(leo.modal())).toMatch(/crossgrade/i));
    await leo.dismiss();
    expect(await leo.home()).toContain('Morgenstern GmbH <!channel>');
  });

  test('a viewer is refused before any form opens, and an outsider finds nothing', async () => {
    const [vera, olga] = [desk.slack('vera'), desk.slack('olga')];
    await vera.command('customer add');
    await vera.sees(['You do not have the right']);
    expect(vera.modal()).toBeUndefined();
    await olga.command('customer show morgenstern');
    const theirs = olga.text(await olga.sees(['There is no such customer']));
    await olga.command('customer show invented-name');
    await within(() => {
      const said = olga.messages().filter((message) => olga.text(message).includes('There is no such customer'));
      expect(said).toHaveLength(2);
      expect(olga.text(said[1]!)).toBe(theirs);
    });
  });
});

const webSecurity = async (leo: ReturnType<RunningDesk['slack']>): Promise<string> =>
  (await leo.choices('Product/Service')).find((line) => line.includes('Web Security'))!;

describe('a distributor decides', () => {
  const cards = (who: 'mia' | 'jonas', title: string): (SlackMessage | TeamsActivity)[] =>
    who === 'mia'
      ? desk
          .slack('mia')
          .messages()
          .filter((one) => desk.slack('mia').text(one).includes(title))
      : desk
          .teams('jonas')
          .messages()
          .filter((one) => desk.teams('jonas').text(one).includes(title));

  test('a submitted report arrives by itself on both platforms; rejected in Teams, every copy shows it', async () => {
    const [leo, mia, jonas] = [desk.slack('leo'), desk.slack('mia'), desk.teams('jonas')];
    await leo.command('report edit 2026-02');
    await within(() => expect(leo.modal()).toBeDefined());
    await leo.choose('Product/Service', await webSecurity(leo));
    await leo.submit();
    await leo.fill('Comment', 'Checked *with* the <customer>.');
    await leo.submit();
    await leo.command('report submit 2026-02');
    await within(() => expect(leo.modal()).toBeDefined());
    // A line above the threshold asks why before it goes.
    await leo.submit();
    await within(() => expect(Object.keys(leo.modal()?.errors ?? {})).toEqual(['Comment: Cloud App Security']));
    await leo.fill('Comment: Cloud App Security', 'Test tenants, they end this month.');
    await leo.submit();
    await within(() => expect(leo.modal()).toBeUndefined());
    const title = 'Brightside IT';
    const card = await mia.sees([title, 'Feb 2026', 'Checked *with* the <customer>.']);
    await jonas.sees([title, 'Feb 2026']);
    expect(mia.canClick('Approve', { message: card })).toBe(true);

    await jonas.click('Reject…', { beside: 'Checked' });
    await within(() => expect(jonas.dialog()).toBeDefined());
    await jonas.click('Reject');
    await within(() => expect(jonas.dialog()?.text).toMatch(/needed/i));
    await jonas.fill('Reason', 'Please check Web Security.');
    await jonas.click('Reject');
    await within(() => {
      const now = mia.messages().find(({ ts }) => ts === card.ts)!;
      expect(mia.text(now)).toContain('Jonas Weber');
      expect(mia.canClick('Approve', { message: now })).toBe(false);
    });
    await within(() => {
      const copy = cards('jonas', 'Feb 2026').findLast((one) => JSON.stringify(one).includes('Brightside'))!;
      expect(jonas.canClick('Approve', { message: copy })).toBe(false);
    });
    await leo.sees(['rejected', 'Please check Web Security.']);
    await within(async () => {
      const mails = await desk.service.keptMails();
      expect(
        mails.find(({ to, text }) => to === 'leo@brightside.example' && text.includes('Please check Web Security.')),
      ).toBeDefined();
    });
  });

  test('corrected and submitted again, the new card shows what changed; approved in Slack, once', async () => {
    const [leo, mia] = [desk.slack('leo'), desk.slack('mia')];
    await leo.command('report edit 2026-02');
    await within(() => expect(leo.modal()).toBeDefined());
    await leo.choose('Product/Service', await webSecurity(leo));
    await leo.submit();
    await leo.fill('Chargeable', '100');
    await leo.fill('Comment', 'Eleven seats were test seats.');
    await leo.submit();
    await leo.command('report submit 2026-02');
    await within(() => expect(leo.modal()).toBeDefined());
    await leo.submit();
    const card = await mia.sees(['Feb 2026', 'Brightside IT', 'Eleven seats were test seats.']);
    expect(mia.text(card)).not.toContain('Endpoint Encryption');
    await mia.click('Approve', { message: card });
    await mia.sees(['Mia Torres', 'approved', 'Brightside IT']);
    await leo.sees(['approved']);
    const decided = mia.messages().find(({ ts }) => ts === card.ts)!;
    await within(() =>
      expect(mia.canClick('Approve', { message: mia.messages().find(({ ts }) => ts === decided.ts)! })).toBe(false),
    );
  });
});

describe('a channel stays informed', () => {
  test('a digest is added in the channel; on Monday at nine it appears once, with picture and Excel file', async () => {
    const leo = desk.slack('leo');
    const channel = 'C0LICENCES';
    await leo.command('digest add', channel);
    await leo.seesModal('Add a digest');
    await leo.submit();
    await within(() => expect(leo.modal()?.text).toContain('9 Mar'));
    await leo.submit();
    await within(() => expect(leo.modal()).toBeUndefined());
    await desk.playground.desk.turnClock({ by: 'instant', instant: '2026-03-09T08:00:00Z' });
    const file = await within(() => {
      const found = leo.messages().find((message) => (message.files ?? []).length > 0 && message.channel === channel);
      expect(found).toBeDefined();
      return found!;
    }, 20_000);
    const workbook = new Excel.Workbook();
    await workbook.xlsx.load(Buffer.from(leo.file(file)) as never);
    const sheet = workbook.worksheets[0]!;
    expect(sheet.getRow(1).getCell(1).value).toBe('Company');
    const companies = sheet.getColumn(1).values.map(String);
    expect(companies).toContain('Morgenstern GmbH <!channel>');
    await desk.service.tick();
    await new Promise((done) => setTimeout(done, 1500));
    expect(
      leo.messages().filter((message) => message.channel === channel && (message.files ?? []).length > 0),
    ).toHaveLength(1);
  });
});

describe('the same words in Teams', () => {
  test('a partner adds a customer in a dialog; the outsider finds nothing', async () => {
    const [yuki, olga] = [desk.teams('yuki'), desk.teams('olga')];
    await yuki.say('customer add');
    await yuki.sees(['Add a customer']);
    await yuki.click('Open the form');
    await yuki.seesDialog('Add a customer');
    await yuki.fill('Company', '名前 *Co* [x](http://evil.example)');
    await yuki.fill('Account name', 'namae');
    await yuki.fill('City', 'Tokyo');
    await yuki.fill('State', 'Tokyo');
    await yuki.fill('First name', 'Ken');
    await yuki.fill('Last name', 'Sato');
    await yuki.fill('E-mail', 'not an address');
    await yuki.click('Next');
    await within(() => expect(yuki.dialog()?.text).toContain('not an e-mail address'));
    await yuki.fill('E-mail', 'ken@namae.example');
    await yuki.click('Next');
    await within(() => expect(yuki.dialog()?.text).toContain('Step 2 of 2'));
    await yuki.click('Save');
    const receipt = await yuki.sees(['namae']);
    expect(yuki.text(receipt)).toContain('名前 *Co* [x](http://evil.example)');
    await olga.say('customer show namae');
    await olga.sees(['There is no such customer']);
  });
});
