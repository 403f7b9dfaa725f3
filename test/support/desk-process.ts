/**
 * The whole product on a data folder, in a process that may be killed. What a person is to do comes from the parent as
 * the name of a scene; the answer is what he read, or that something long is under way: the moment to kill it.
 */
import { customerCsv } from './customer-files.ts';
import { openDesk } from './open-desk.ts';

const [folder] = process.argv.slice(2);
const desk = await openDesk(folder!);
const leo = desk.slack('leo');

/** Looks for longer than a person would: a killed job is taken up again when its time has run out. */
const seen = (texts: readonly string[], ms = 120_000): Promise<string> =>
  leo.until(
    () => {
      const found = leo.messages(leo.dm).findLast((message) => texts.every((text) => leo.text(message).includes(text)));
      return found && leo.text(found);
    },
    `a message with ${texts.join(', ')}`,
    ms,
  );

const scenes = {
  /** Takes over everybody who has a suite, in the background. */
  async accept(suite: string) {
    await leo.command(`suite accept ${suite}`);
    await leo.seesModal('Accept customers');
    await leo.submit();
    await leo.until(() => /Accept \d+/.test(leo.modal()?.text ?? ''), 'how many will be accepted');
    await leo.submit();
    return seen([suite, 'customers get the new products', 'After a restart']);
  },
  accepted: (suite: string) => seen([suite, 'customers get the new products', 'were accepted']),

  async upload(rows: string) {
    await leo.command('customer import');
    await leo.seesModal('Import customers');
    const file = customerCsv(Number(rows), (cells, index) => cells.with(0, `killed-${index}`));
    await leo.attach('CSV or Excel file', 'killed.csv', file);
    await leo.submit();
    return seen(['killed.csv has arrived.']);
  },
  looked: () => seen(['Import of killed.csv', 'new customers, no fault.']),
  async decide(rows: string) {
    await leo.click(`Import ${rows} customers`, { in: leo.dm });
    return 'clicked';
  },
  added: () => seen(['Import of killed.csv', 'customers were added.']),
} as const;

export type Scene = keyof typeof scenes;

process.on('message', ({ scene, about }: { scene: Scene; about: string }) => {
  scenes[scene](about).then(
    (read) => process.send!({ read }),
    (error: unknown) => process.send!({ failed: String(error) }),
  );
});
process.send!({ read: 'ready' });
