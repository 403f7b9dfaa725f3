/** Files of customers by both platforms, from signed request to what a person reads. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRunningDesk, type RunningDesk } from '../support/running-desk.ts';
import { customerCsv, customerXlsx } from '../support/customer-files.ts';

let desk: RunningDesk;
beforeAll(async () => {
  desk = await startRunningDesk();
}, 300_000);
afterAll(() => desk.stop());

const named = (prefix: string) => (cells: string[], index: number) => cells.with(0, `${prefix}-${index}`);

describe('Slack', () => {
  test('a workbook in the form: looked through, decided on by a click, added', { timeout: 60_000 }, async () => {
    const leo = desk.slack('leo');
    await leo.command('customer import');
    await leo.seesModal('Import customers');
    await leo.submit();
    expect(leo.screen()).toContain('Please complete this required field.');
    await leo.attach('CSV or Excel file', 'new customers.xlsx', await customerXlsx(40, named('slack')));
    await leo.submit();
    await leo.sees('new customers.xlsx has arrived.');
    await leo.sees(['Import of new customers.xlsx', '40 new customers, no fault.', 'Company 1 GmbH']);
    await leo.click('Import 40 customers');
    await leo.sees(['Import of new customers.xlsx', '40 customers were added.']);
    await leo.command('customer show slack-17');
    await leo.sees('Company 17 GmbH');
  });

  test('faults stand on the card, and the workbook has them', { timeout: 60_000 }, async () => {
    const leo = desk.slack('leo');
    await leo.command('customer import');
    await leo.seesModal('Import customers');
    const bytes = customerCsv(30, (cells, index) => cells.with(0, `bad-${index}`).with(6, 'nobody'));
    await leo.attach('CSV or Excel file', 'bad <!channel>.csv', bytes);
    await leo.submit();
    const message = await leo.sees(['Nothing was added: 30 faults in 30 rows.', 'Line 2', 'Found “nobody”.']);
    expect(JSON.stringify(message)).not.toContain('"<!channel>');
    const address = /http[^"]*\/files\/[^"]*/.exec(JSON.stringify(message))![0];
    expect((await fetch(address)).headers.get('content-disposition')).toContain('seatwise-import-faults.xlsx');
  });
});

describe('Teams', () => {
  test('a file with the words: looked through, decided on, added', { timeout: 60_000 }, async () => {
    const yuki = desk.teams('yuki');
    await yuki.say('customer import');
    await yuki.sees(['Import customers', 'Attach a CSV or Excel file']);
    await yuki.say('customer import', { file: { name: 'yuki.csv', bytes: customerCsv(25, named('teams')) } });
    await yuki.sees(['Import of yuki.csv', '25 new customers, no fault.']);
    await yuki.click('Import 25 customers');
    await yuki.sees(['Import of yuki.csv', '25 customers were added.']);
  });
});
