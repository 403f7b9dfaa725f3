import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { Refusal } from '../core/errors.ts';
import {
  checkSignUp,
  showTrialOffer,
  signUpFields,
  signUpForTrial,
  suggestAccount,
  type TrialOffer,
} from '../core/plans/trial-sign-up.ts';
import { inputRefusal, type Execute } from '../core/use-case.ts';
import { refusalText } from '../texts/refusal-text.ts';
import {
  contentSecurityPolicy,
  drawClosed,
  drawForm,
  drawProblem,
  drawThanks,
  type Complaints,
  type Typed,
} from './draw-page.ts';
import { createRateLimit } from './rate-limit.ts';
import { isSameMark, type TrialLinks } from './trial-links.ts';

export interface TrialPageParts {
  readonly execute: Execute;
  readonly links: TrialLinks;
  readonly publicUrl: string;
  /** Real time: forms and limits do not age when a playground turns its clock. */
  readonly realTime: () => Temporal.Instant;
  readonly log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

export interface TrialPage {
  /** Answers `/trial/…`: the form, and what was sent with it. */
  handler(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const bodyLimit = 16 * 1024;
const path = /^\/trial\/([\w-]{1,200})(\/thanks)?$/;
/** A form that stood open longer than a day is given anew, with what was typed. */
const formLifeMs = 24 * 3600 * 1000;
const looks = { times: 120, ms: 60_000 };
const sendings = { times: 20, ms: 10 * 60_000 };

const fieldNames = Object.keys(signUpFields) as (keyof typeof signUpFields)[];
const schema = z.object(signUpFields);

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // With no-referrer a browser would hide where the form was sent from.
  'referrer-policy': 'same-origin',
} as const;

const give = (response: ServerResponse, status: number, html: string, more: Record<string, string> = {}): void => {
  response.writeHead(status, { ...headers, ...more });
  response.end(response.req.method === 'HEAD' ? undefined : html);
};

/** Whose request it is. Behind a proxy on this machine it is the one that the proxy names last. */
const addressOf = (request: IncomingMessage): string => {
  const peer = request.socket.remoteAddress ?? '';
  const isHere = /^(?:::1|127\.|::ffff:127\.)/.test(peer);
  const [forwarded] = [request.headers['x-forwarded-for'] ?? []].flat();
  return isHere && forwarded ? (forwarded.split(',').at(-1)?.trim() ?? peer) : peer;
};

class TooLarge extends Error {}

const readForm = async (request: IncomingMessage): Promise<URLSearchParams> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bodyLimit) throw new TooLarge();
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
};

/** NUL and halves of surrogate pairs are stored by no database, and typed by nobody. */
const typedIn = (form: URLSearchParams): Typed =>
  Object.fromEntries(fieldNames.map((name) => [name, (form.get(name) ?? '').replaceAll('\0', '').toWellFormed()]));

const complaintsOf = (typed: Typed): { complaints: Complaints; told: z.output<typeof schema> | null } => {
  const filled = Object.fromEntries(Object.entries(typed).filter(([, value]) => value.trim() !== ''));
  const parsed = schema.safeParse(filled, { reportInput: true });
  if (parsed.success) return { complaints: {}, told: parsed.data };
  const complaints: Record<string, string> = {};
  for (const issue of parsed.error.issues) complaints[String(issue.path[0] ?? '')] ??= refusalText(inputRefusal(issue));
  return { complaints, told: null };
};

/**
 * The public page of a trial plan. It asks no rights of anybody and has none: whoever has the link may sign up once.
 * It keeps no session; its form carries a mark of ours, which makes the same form one request.
 */
export const createTrialPage = ({ execute, links, publicUrl, realTime, log }: TrialPageParts): TrialPage => {
  const nowMs = (): number => realTime().epochMilliseconds;
  const lookLimit = createRateLimit(looks.times, looks.ms, nowMs);
  const sendLimit = createRateLimit(sendings.times, sendings.ms, nowMs);

  const offerOf = async (planId: string | null): Promise<TrialOffer | null> => {
    if (planId === null) return null;
    try {
      const caller = { actor: { type: 'system', name: 'trial form' }, requestId: `trial:${randomUUID()}` } as const;
      return (await execute(showTrialOffer, caller, { planId })).offer;
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  };

  const newMark = (planId: string): string => {
    const [formId, at] = [randomUUID(), nowMs()];
    return `${formId}.${at}.${links.formMark(planId, formId, at)}`;
  };
  /** The form's own id; null: none of ours, or too old. */
  const formIdOf = (planId: string, mark: string): string | null => {
    const [formId = '', at = '', seal = ''] = mark.split('.');
    const made = Number(at);
    if (!Number.isSafeInteger(made) || nowMs() - made > formLifeMs) return null;
    return isSameMark(seal, links.formMark(planId, formId, made)) ? formId : null;
  };

  /** A page of somebody else's may not send our form in its reader's name. */
  const isForeign = (request: IncomingMessage): boolean => {
    const { origin, host } = request.headers;
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
    if (origin === undefined) return false;
    if (!URL.canParse(origin)) return true;
    return new URL(origin).host !== host && origin !== new URL(publicUrl).origin;
  };

  const signUp = async (
    request: IncomingMessage,
    response: ServerResponse,
    planId: string,
    offer: TrialOffer,
  ): Promise<void> => {
    if (isForeign(request))
      return give(response, 403, drawProblem('Not sent', 'Open the page itself and send its form.'));
    const type = request.headers['content-type']?.split(';')[0]!.trim().toLowerCase();
    if (type !== 'application/x-www-form-urlencoded')
      return give(response, 415, drawProblem('Not sent', 'Open the page and send its form.'));
    const form = await readForm(request);
    const typed = typedIn(form);
    const again = (complaints: Complaints, mark = form.get('form') ?? ''): void =>
      give(response, 422, drawForm(offer, mark, typed, complaints));
    const thanks = (): void => {
      // A reload of what follows sends nothing again.
      response
        .writeHead(303, { ...headers, location: `${new URL(request.url ?? '', publicUrl).pathname}/thanks` })
        .end();
    };

    const formId = formIdOf(planId, form.get('form') ?? '');
    if (formId === null)
      return again(
        { '': 'This page was open for too long. All you typed is still here: send it again.' },
        newMark(planId),
      );
    // A field that no person sees was filled in: a program did it, and need not know.
    if ((form.get('website') ?? '') !== '') return thanks();

    const { complaints, told } = complaintsOf(typed);
    if (typed.account?.trim() === '') {
      const system = { actor: { type: 'system', name: 'trial form' }, requestId: `trial:${randomUUID()}` } as const;
      const company = (typed.company ?? '').slice(0, 120);
      const { account } = await execute(suggestAccount, system, { planId, company });
      const { account: missing, ...others } = complaints;
      // Left empty it is no fault, unless nothing can be made of a company that is there.
      const faults = account === '' && missing && !('company' in others) ? complaints : others;
      const suggested = { account: 'We suggest this one, which is free: keep it, or type your own.' };
      const notes: Complaints = account === '' ? {} : suggested;
      return give(response, 422, drawForm(offer, form.get('form') ?? '', { ...typed, account }, faults, notes));
    }
    if (!told) return again(complaints);
    try {
      const requestId = `trial:${formId}`;
      const system = { type: 'system', name: 'trial form' } as const;
      const { account, email } = told;
      await execute(checkSignUp, { actor: system, requestId }, { planId, account, email });
      const actor = { ...system, partnerId: offer.partnerId };
      const done = await execute(signUpForTrial, { actor, requestId }, { planId, ...told });
      log.info({ plan: planId, partner: offer.partnerId, signUp: done.signUpId }, 'trial form sent');
      thanks();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === 'trial.closed') return give(response, 404, drawClosed());
      again({ [error.field ?? '']: refusalText(error) });
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET' } = request;
    if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
      response.writeHead(405, { allow: 'GET, HEAD, POST' }).end();
      return;
    }
    const wait = (method === 'POST' ? sendLimit : lookLimit).waitFor(addressOf(request));
    if (wait !== null) {
      const text = `Too much was sent from your address. Try again in ${Math.ceil(wait / 60)} min.`;
      return give(response, 429, drawProblem('One moment', text), { 'retry-after': `${wait}`, connection: 'close' });
    }
    const [, token = '', thanks] = path.exec(new URL(request.url ?? '/', publicUrl).pathname) ?? [];
    const planId = links.planOf(token);
    const offer = await offerOf(planId);
    if (!offer || planId === null)
      return give(response, 404, drawClosed(), method === 'POST' ? { connection: 'close' } : {});
    if (method === 'POST') return signUp(request, response, planId, offer);
    give(response, 200, thanks ? drawThanks(offer.partner) : drawForm(offer, newMark(planId), {}, {}));
  };

  return {
    async handler(request, response) {
      try {
        await serve(request, response);
      } catch (error) {
        if (error instanceof TooLarge)
          return give(response, 413, drawProblem('Not sent', 'That is more than the form asks for.'), {
            connection: 'close',
          });
        if (request.destroyed && !request.complete) return;
        log.error({ err: error }, 'trial page failed');
        if (!response.headersSent)
          give(response, 500, drawProblem('Something broke on our side', 'Nothing was saved. Try again in a moment.'));
      }
    },
  };
};
