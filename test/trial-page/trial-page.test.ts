/** The public page of a trial plan, by HTTP as a browser would. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { trialFeature } from '../../src/bot/features/trial-notices.ts';
import { addCustomer } from '../../src/core/customers/add-customer.ts';
import { Customer } from '../../src/core/customers/customer.ts';
import { CustomerTransaction } from '../../src/core/licenses/customer-transaction.ts';
import { License } from '../../src/core/licenses/license.ts';
import { createPlan } from '../../src/core/plans/create-plan.ts';
import { editPlan } from '../../src/core/plans/edit-plan.ts';
import { showPlan } from '../../src/core/plans/show-plan.ts';
import { createExecute, type Execute } from '../../src/core/use-case.ts';
import { verifyAudit } from '../../src/storage/audit-verify.ts';
import { createTrialLinks } from '../../src/trial-page/trial-links.ts';
import { createTrialPage } from '../../src/trial-page/trial-page.ts';
import { drawnMessage } from '../support/drawn.ts';
import { stockCatalog } from '../support/licensing.ts';
import { createWorld, partnerIds, type World } from '../support/world.ts';

let world: World;
let execute: Execute;
let server: Server;
let base: string;
let realTime = Temporal.Instant.from('2026-11-24T12:00:00Z');
let link: string;
let planId: string;
let visitor = 0;
const logged: object[] = [];

const links = (publicUrl = 'http://desk.example') =>
  createTrialLinks({ publicUrl, secretKey: 'k'.repeat(40), previousKeys: [] });

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  server = createServer((request, response) => void page.handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  execute = createExecute(world.host, links(base));
  const page = createTrialPage({
    execute,
    links: links(base),
    publicUrl: base,
    realTime: () => realTime,
    log: { info: (fields) => logged.push(fields), error: (fields) => logged.push(fields) },
  });
  const plan = await execute(createPlan, await world.as('leo@brightside.example'), {
    name: 'Mail trial <b>',
    product: 'EMS-STD',
    subscriptionType: 'monthly_plan',
    version: 'trial',
    defaultUnits: 10,
    initialDays: 30,
    trialForm: true,
    dataCentre: 'Europe',
  });
  planId = plan.planId;
  link = plan.trialLink!;
});
afterAll(async () => {
  server.close();
  await world.close();
});
beforeEach(async () => {
  visitor += 1;
  realTime = realTime.add({ hours: 1 });
  world.jobs.length = 0;
});

const ada = {
  company: 'Alder <script>alert(1)</script> & Sons',
  city: 'Kiel',
  state: 'SH',
  account: 'alder',
  firstName: 'Ada',
  lastName: 'Alder',
  email: 'ada@alder.example',
  country: 'DE',
  language: 'de',
};
const headers = () => ({ 'x-forwarded-for': `203.0.113.${visitor % 250}` });
const open = (address = link, init: RequestInit = {}) =>
  fetch(address, { redirect: 'manual', ...init, headers: { ...headers(), ...(init.headers as object) } });
const markIn = (html: string): string => /name="form" value="([^"]+)"/.exec(html)![1]!;
const freshMark = async (): Promise<string> => markIn(await (await open()).text());
const send = async (fields: Record<string, string>, mark?: string, init: RequestInit = {}) =>
  open(link, {
    method: 'POST',
    body: new URLSearchParams({ form: mark ?? (await freshMark()), ...fields }),
    ...init,
  });
const customers = async () => (await world.all(Customer)).map(({ account }) => account).toSorted();
const edit = async (change: object): Promise<void> => {
  await execute(editPlan, await world.as('leo@brightside.example'), { plan: planId, ...change });
};

describe('the link', () => {
  test('stands where the plan is shown, tells nothing, and is always the same', async () => {
    expect(link).toMatch(new RegExp(`^${base}/trial/[\\w-]{40,80}$`));
    for (const told of [planId, planId.replaceAll('-', ''), partnerIds.brightside, 'Mail', 'brightside'])
      expect(Buffer.from(link.split('/').at(-1)!, 'base64url').toString('latin1') + link).not.toContain(told);
    const shown = await execute(showPlan, await world.as('vera@brightside.example'), { plan: planId });
    expect(shown.trialLink).toBe(link);
    expect(links(base).trialPage(planId)).toBe(link);
  });

  test('of another key, or with one letter changed, opens nothing', () => {
    const token = link.split('/').at(-1)!;
    const turned = createTrialLinks({ publicUrl: base, secretKey: 'n'.repeat(40), previousKeys: ['k'.repeat(40)] });
    expect(turned.planOf(token)).toBe(planId);
    expect(createTrialLinks({ publicUrl: base, secretKey: 'n'.repeat(40), previousKeys: [] }).planOf(token)).toBe(null);
    for (let at = 0; at < token.length - 1; at++)
      expect(links(base).planOf(token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1))).toBe(null);
  });

  test('dies with the switch, with the plan, and answers like one that was made up', async () => {
    const invented = await open(`${base}/trial/${'A'.repeat(59)}`);
    const [status, body] = [invented.status, await invented.text()];
    expect(status).toBe(404);
    expect(body).toContain('This offer is not open');
    for (const [off, on] of [
      [{ trialForm: false }, { trialForm: true }],
      [{ enabled: false }, { enabled: true }],
    ] as const) {
      const mark = await freshMark();
      await edit(off);
      const shown = await execute(showPlan, await world.as('leo@brightside.example'), { plan: planId });
      expect(shown.trialLink).toBe(null);
      const closed = await open();
      expect([closed.status, await closed.text()]).toEqual([status, body]);
      const late = await send(ada, mark);
      expect([late.status, await late.text()]).toEqual([status, body]);
      await edit(on);
    }
    expect(await customers()).toEqual([]);
  });
});

describe('the form', () => {
  test('is plain HTML under a strict policy', async () => {
    const response = await open();
    const html = await response.text();
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/);
    expect(html).not.toMatch(/<script|https?:\/\/|src=|style="/);
    expect(html).toContain('Brightside');
    expect(html).toContain('10 mailboxes');
    for (const name of Object.keys(ada)) expect(html).toContain(`name="${name}"`);
  });

  test('says beside each field what is wrong, and keeps what was typed', async () => {
    const response = await send({ ...ada, email: 'no "address"', city: '', account: 'a b' });
    const html = await response.text();
    expect(response.status).toBe(422);
    expect(html).toContain('id="email-error">This is not an e-mail address.');
    expect(html).toContain('id="city-error">This is needed.');
    expect(html).toContain('id="account-error">An account name is made of letters');
    expect(html).toContain('value="no &quot;address&quot;"');
    expect(html).toContain('value="Alder &lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons"');
    expect(html).not.toContain('<script');
    expect(html).toContain('<option value="DE" selected>');
    expect(await customers()).toEqual([]);
  });

  test('left without an account name suggests one that is free', async () => {
    await world.execute(addCustomer, await world.as('yuki@sakura.example'), {
      ...ada,
      company: 'Birch',
      account: 'birch-co',
      accountMail: 'never',
    });
    const html = await (await send({ ...ada, company: 'Birch & Co.', account: '' })).text();
    expect(html).toContain('value="birch-co-2"');
    expect(html).toContain('We suggest this one');
    expect(html).toContain('Look at what we suggest');
    expect(html).not.toContain('class="error"');
    const without = await (await send({ ...ada, company: '', account: '' })).text();
    expect(without).toContain('One answer needs another look.');
    expect(without).not.toContain('account-error');
    const taken = await (await send({ ...ada, account: 'BIRCH-CO' })).text();
    expect(taken).toContain('id="account-error">This account name is not available.');
    await world.sql('delete from customer');
    // What was written of it goes as well: the audit is looked at later.
    await world.database.orm.em.fork().execute('truncate audit_entry, audit_head');
  });

  test('refuses what is too large, of another kind, from another page, and out of date', async () => {
    expect((await send({ ...ada, company: 'x'.repeat(20_000) })).status).toBe(413);
    expect(
      (await open(link, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).status,
    ).toBe(415);
    expect((await open(link, { method: 'PUT', body: 'x' })).status).toBe(405);
    for (const from of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ] as Record<string, string>[])
      expect((await send(ada, undefined, { headers: from })).status).toBe(403);
    const mark = await freshMark();
    realTime = realTime.add({ hours: 25 });
    const late = await (await send(ada, mark)).text();
    expect(late).toContain('open for too long');
    expect(late).toContain('value="Kiel"');
    for (const forged of ['', 'a.b.c', mark.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))])
      expect((await send(ada, forged)).status).toBe(422);
    expect(await customers()).toEqual([]);
  });

  test('filled in by a program, in the field that nobody sees, does nothing', async () => {
    expect((await send({ ...ada, website: 'http://spam.example' })).status).toBe(303);
    expect(await customers()).toEqual([]);
  });

  test('is sent so often from one address, and no more', async () => {
    const answers: number[] = [];
    for (let time = 0; time < 22; time++) answers.push((await send({ ...ada, email: '' }, 'x')).status);
    expect(answers.slice(0, 20)).toEqual(Array(20).fill(422));
    expect(answers.slice(20)).toEqual([429, 429]);
    const refused = await send(ada, 'x');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);
    visitor += 1;
    expect((await send({ ...ada, email: '' }, 'x')).status).toBe(422);
    visitor -= 1;
    realTime = realTime.add({ minutes: 11 });
    expect((await send({ ...ada, email: '' }, 'x')).status).toBe(422);
  });
});

describe('a sign-up', () => {
  test('makes the customer and the trial, queues the mails, and tells the partner', async () => {
    const mark = await freshMark();
    const answers = await Promise.all([send(ada, mark), send(ada, mark)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    const thanks = await open(new URL(answers[0]!.headers.get('location')!, base).href);
    expect(await thanks.text()).toContain('Thank you');

    const [customer, ...others] = await world.all(Customer);
    expect(others).toEqual([]);
    expect(customer).toMatchObject({
      account: 'alder',
      company: ada.company,
      partnerId: partnerIds.brightside,
      tierOneId: partnerIds.northwind,
      country: 'DE',
      status: 'enabled',
    });
    const [license] = await world.all(License);
    expect(license).toMatchObject({ customerId: customer!.id, version: 'trial', units: 10 });
    expect(license!.endsOn.since(license!.startsOn).days).toBe(30);
    const rows = await world.all(CustomerTransaction);
    expect(rows.map(({ type, delta, personId }) => [type, delta, personId])).toEqual([['New purchase', 10, null]]);
    const topics = world.jobs.map(({ data }) => (data as { topic?: string }).topic).toSorted();
    expect(topics).toEqual(['customer.account_created', 'license.added', 'trial.signed_up']);

    const [entry] = await world.sql<{ partner_id: string; actor_name: string; person_id: string | null }>(
      `select partner_id, actor_name, person_id from audit_entry where use_case = 'trial sign-up'`,
    );
    expect(entry).toEqual({ partner_id: partnerIds.brightside, actor_name: 'trial form', person_id: null });
    expect(await verifyAudit(world.database.orm)).toMatchObject({ broken: null });
  });

  test('is told to those who license, with the way to the customer', async () => {
    const { data } = world.jobs.find(({ data: job }) => (job as { topic?: string }).topic === 'trial.signed_up') ?? {
      data: { data: { signUpId: (await world.sql<{ id: string }>('select id from trial_sign_up'))[0]!.id } },
    };
    const [notice] = trialFeature.notices!;
    const told = await notice!.compose(
      {
        actor: { type: 'system', name: 'test' },
        execute: (useCase, input) => execute(useCase, world.system, input) as never,
        as: () => () => Promise.reject(new Error('not needed')),
        now: world.clock.now(),
      },
      (data as { data: Record<string, string> }).data,
    );
    const people = told.map((each) => (each.to === 'person' ? each.person.email : ''));
    expect(people.toSorted()).toEqual(['leo@brightside.example', 'lise@brightside.example']);
    for (const each of told) drawnMessage(each.message);
    expect(JSON.stringify(told)).toContain('Show customer');
  });

  test('of the same address for the same plan is one within thirty days, and nobody learns it', async () => {
    const again = await send({ ...ada, account: 'other', email: 'ADA@alder.example' });
    expect(again.status).toBe(303);
    expect(await customers()).toEqual(['alder']);
    expect(world.jobs).toEqual([]);
    // Another's account is not available to anybody, whoever is known here.
    await world.execute(addCustomer, await world.as('yuki@sakura.example'), {
      ...ada,
      account: 'theirs',
      accountMail: 'never',
    });
    for (const email of ['ada@alder.example', 'nobody@alder.example']) {
      const refused = await send({ ...ada, account: 'theirs', email });
      expect(refused.status).toBe(422);
      expect(await refused.text()).toContain('This account name is not available.');
    }
    await world.sql(`delete from customer where account = 'theirs'`);
    world.setNow('2026-04-20T09:00:00Z');
    expect((await send({ ...ada, account: 'other' })).status).toBe(303);
    expect(await customers()).toEqual(['alder', 'other']);
    world.setNow('2026-03-05T09:00:00Z');
  });
});
