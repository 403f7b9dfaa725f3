import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptanceMessage, failuresOnCard } from '../../../src/bot/features/suite-card.ts';
import { Mail } from '../../../src/core/messages/mail.ts';
import type { Jobs } from '../../../src/core/unit-of-work.ts';
import { createSuiteAcceptanceJob } from '../../../src/jobs/suite-acceptance.ts';
import { deskOn, formOf, hostile, labelsOf, messageOf, textIn } from '../../support/desk-on.ts';
import { givenPrice } from '../../support/licensing.ts';
import { noticesOn } from '../../support/notices.ts';
import { emptied, manyOn, parts, suite, suiteScript } from '../../support/suites.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof suiteScript>;
let taken = 0;
const { desk, from, say, home, act, press, submit } = deskOn(() => world);
const { tell, sent } = noticesOn(() => world);

beforeAll(async () => {
  world = await createWorld();
  as = suiteScript(world);
  await world.sql('update partner set prices_published = true');
});
afterAll(() => world.close());
beforeEach(async () => {
  await emptied(world);
  await world.sql('delete from outgoing');
  await world.sql('delete from mail');
  world.setNow('2026-03-05T09:00:00Z');
  await as.take(...parts(), suite('S', ['A', 'B'], { name: hostile }));
  await as.plan('One', 'S');
  world.jobs.splice(0);
});

const recomposed = async (...components: string[]) => as.take(suite('S', components, { name: hostile }));

/** Does what the queues would do. */
const work = async (): Promise<void> => {
  const accept = createSuiteAcceptanceJob({
    execute: world.execute,
    acceptanceCard: { draw: acceptanceMessage, failures: failuresOnCard },
  });
  while (world.jobs.length > 0)
    for (const job of world.jobs.splice(0)) {
      if (job.name === 'notify') await tell(job.data as Jobs['notify']);
      if (job.name === 'suite_acceptance') await accept(`acceptance-${++taken}`, job.data as never);
    }
};

describe('a change that opens', () => {
  test('is told to licensing people by card and by mail, with amounts for who sees them', async () => {
    await as.plan('Year', 'S', { subscriptionType: 'annual_license' });
    for (const sku of ['A', 'B', 'C']) await givenPrice(world, sku, '2025-01-01', '10.00');
    await as.customer('anna', { company: hostile });
    await as.assign('anna', 'Year', { units: 3 });
    await work();
    await recomposed('A', 'C');
    await work();
    for (const [who, sees] of [
      ['U0LEO', true],
      ['U0LISE', false],
    ] as const) {
      const [card] = await sent(who);
      expect(card!.title).toBe(`${hostile}: its products have changed`);
      expect(labelsOf(card!)).toEqual(['Approve…', 'Customers']);
      expect(textIn(card)).toContain('Service C');
      expect(textIn(card).includes('30.00 EUR')).toBe(sees);
    }
    for (const who of ['U0VERA', 'U0BOB', 'U0ADA', 'U0YUKI']) expect(await sent(who)).toEqual([]);
    const mailed = (await world.all(Mail)).map(({ to }) => to).filter((to) => to.endsWith('@brightside.example'));
    expect(mailed.toSorted()).toEqual(['leo@brightside.example', 'lise@brightside.example']);
    const workList = await home();
    expect(textIn(workList)).toContain('Suite changes (1)');
    expect(labelsOf(workList)).toContain('Approve…');
    expect(messageOf(await press(workList, 'Suite changes')).title).toBe('1 suite change');
  });

  test('is looked at by who may not approve it, without the buttons', async () => {
    await as.customer('anna');
    await as.assign('anna', 'One');
    await recomposed('A', 'C');
    const list = messageOf(await say('suite list', 'U0VERA'));
    const opened = messageOf(await press(list, 'Open', 'U0VERA'));
    expect(labelsOf(opened)).toEqual(['Customers']);
    expect(labelsOf(messageOf(await press(opened, 'Customers', 'U0VERA')))).not.toContain('Accept…');
    expect((await say('suite approve', 'U0VERA')).kind).toBe('refused');
    expect((await desk().openForm(from('U0VERA'), 'suite-approve', { change: 'S' })).kind).toBe('refused');
    expect((await act('suite.retry', { change: 'S' }, 'U0VERA')).kind).toBe('refused');
  });

  test('without any, the list says what will stand there', async () => {
    expect(messageOf(await say('suite list')).title).toBe('No suite changes');
    expect(messageOf(await say('suite accept')).title).toBe('No suite changes');
  });
});

describe('approval', () => {
  test.for(['suite approve', 'suite approve S', 'plan approve One', 'plan approve'])('%s opens it', async (words) => {
    await recomposed('A', 'C');
    const form = formOf(await say(words));
    expect(form.view).toMatchObject({ title: 'Approve a suite change', submit: 'Approve', fields: [] });
    const receipt = messageOf(await submit(form));
    expect(receipt.title).toBe(`Approved: ${hostile}`);
    expect(textIn(receipt)).toContain('1 service plan unlocked');
    expect((await say('suite approve S')).kind).toBe('refused');
    await work();
  });

  test('asks for a data centre where a plan stands elsewhere, and keeps standing until it is chosen', async () => {
    await recomposed('A', 'F');
    const form = formOf(await say('suite approve'));
    expect(form.view.fields).toMatchObject([
      { kind: 'select', name: 'centre.F', label: 'Service F: data centre', options: [{ value: 'Japan' }] },
    ]);
    const again = formOf(await submit(form));
    expect(Object.keys(again.errors)).toEqual(['centre.F']);
    expect(messageOf(await submit(again, { 'centre.F': 'Japan' })).title).toContain('Approved');
    expect(await as.plan('Two', 'S', { dataCentre: 'Japan' })).toMatchObject({ status: 'enabled' });
  });
});

describe('acceptance', () => {
  const approved = async () => {
    await recomposed('A', 'C');
    await as.approve('S');
    await work();
    await world.sql('delete from outgoing');
  };

  test('in bulk, but for those left out; what failed is named with its reason and tried again', async () => {
    for (const account of ['anna', 'bert', 'carl']) {
      await as.customer(account, { company: `${account} ${hostile}` });
      await as.assign(account, 'One');
    }
    await approved();
    await world.sql(`update customer set status = 'suspended' where account = 'bert'`);
    const first = formOf(await say('suite accept'));
    expect(textIn(first.view.intro)).toContain('cannot be accepted now');
    expect(first.view.fields).toMatchObject([{ kind: 'multi', name: 'except', optional: true }]);
    const none = formOf(await submit(first, { except: ['anna', 'bert', 'carl'] }));
    expect(none.errors).toEqual({ except: 'Nobody is left to be accepted.' });
    const second = formOf(await submit(none, { except: ['carl'] }));
    expect(second.view).toMatchObject({ submit: 'Accept 1', fields: [] });
    expect(textIn(second.view.intro)).toContain('Left out: carl');
    expect(textIn(messageOf(await submit(second)))).toContain('2 customers');
    await work();

    const cards = (await sent('U0LEO')).filter(({ title }) => title.includes('get the new products'));
    const end = cards.at(-1)!;
    expect(end.blocks.find(({ kind }) => kind === 'progress')).toEqual({ kind: 'progress', done: 2, total: 2 });
    expect(textIn(end)).toContain('1 customer was accepted. 2 customers keep the old products until accepted.');
    expect(textIn(end)).toContain('is suspended: nothing can be assigned until it is resumed.');
    expect(labelsOf(end)).toEqual(['Try 1 again', 'All that failed', 'Customers left', 'Open the suite change']);
    expect(messageOf(await press(end, 'All that failed')).title).toContain('1 customer failed');
    expect(labelsOf(messageOf(await press(end, 'Customers left')))).toEqual([
      'Accept…',
      'Accept…',
      'Accept customers…',
      'Failed',
      'Accepted',
      'Open the suite change',
    ]);

    await world.sql(`update customer set status = 'enabled' where account = 'bert'`);
    world.setNow('2026-03-05T09:05:00Z');
    const again = await press(end, 'Try 1 again');
    expect(again.kind).toBe('replace');
    expect(labelsOf(messageOf(again))).toEqual([]);
    await work();
    const last = (await sent('U0LEO')).filter(({ title }) => title.includes('get the new products')).at(-1)!;
    expect(textIn(last)).toContain('1 customer was accepted. 1 customer keeps the old products');
    expect(labelsOf(last)).toEqual(['Customers left', 'Open the suite change']);
  });

  test('one by one, by what the customer’s licences become', async () => {
    await as.customer('anna', { company: hostile });
    await as.assign('anna', 'One', { units: 7 });
    await approved();
    const list = messageOf(await press(messageOf(await say('suite list')), 'Open'));
    const customers = messageOf(await press(list, 'One by one'));
    const form = formOf(await press(customers, 'Accept…'));
    expect(form.view.intro).toContainEqual(
      expect.objectContaining({
        kind: 'table',
        rows: [
          ['Service C', 'New', '7 seats', '4 Mar 2027'],
          ['Service B', 'Without a plan, until it expires', '7 seats', '4 Mar 2027'],
        ],
      }),
    );
    await world.sql(`update customer set status = 'suspended'`);
    const refused = await submit(form);
    expect(textIn(refused)).toContain('is suspended');
    await world.sql(`update customer set status = 'enabled'`);
    expect(messageOf(await submit(formOf(await press(customers, 'Accept…')))).title).toBe('Accepted: anna');
    await work();
    const done = (await sent('U0LEO')).at(-1);
    expect(done === undefined || textIn(done).includes('Everybody has the new products')).toBe(true);
    expect((await desk().openForm(from('U0LEO'), 'suite-accept-one', { change: 'S', customer: 'anna' })).kind).toBe(
      'refused',
    );
    expect((await desk().openForm(from('U0LEO'), 'suite-accept', { change: 'S' })).kind).toBe('refused');
  });

  test(
    'of more than can be ticked, the account names are typed; the bar goes on and many failures are paged',
    {
      timeout: 60_000,
    },
    async () => {
      await manyOn(world, 'One', 110);
      await approved();
      await world.sql(`update customer set status = 'suspended' where account like 'many-1_'`);
      await world.sql(`update customer set status = 'suspended' where account like 'many-10_'`);
      await world.sql(`update customer set status = 'suspended' where account = 'many-5'`);
      const first = formOf(await say('suite accept'));
      expect(first.view.fields).toMatchObject([{ kind: 'text', name: 'except', multiline: true }]);
      const wrong = formOf(await submit(first, { except: 'many-5, many-6\nnobody' }));
      expect(wrong.errors).toEqual({ except: 'There is no such customer nobody.' });
      const second = formOf(await submit(wrong, { except: 'many-5, many-6\n' }));
      expect(second.view.submit).toBe('Accept 88');
      await submit(second);
      await work();
      const end = (await sent('U0LEO')).filter(({ title }) => title.includes('get the new products')).at(-1)!;
      expect(textIn(end)).toContain('88 customers were accepted. 22 customers keep the old products');
      const all = messageOf(await press(end, 'All that failed'));
      expect(all.title).toContain('20 customers failed');
      expect(all.blocks).toContainEqual(expect.objectContaining({ kind: 'pager', page: 1, pages: 2 }));
      const pager = all.blocks.find((block) => block.kind === 'pager')!;
      const next = await act(pager.action, { ...pager.args, page: '2' });
      expect(next.kind).toBe('replace');
    },
  );
});
