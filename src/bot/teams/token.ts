import { z } from 'zod';
import { SendFailure } from '../sender.ts';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenantId: string;
  /** Of the login service, without a path. */
  readonly loginUrl: string;
}

const granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

/** A token is asked for anew this long before it ends, so that none ends on its way. */
const spareSeconds = 300;
const timeoutMs = 5000;

/**
 * The app's own token for the connector, kept until shortly before it ends. The SDK asks for it with every single
 * request and keeps none of a function's. @throws SendFailure, passing: an operator may be changing the secret.
 */
export const createTokenSource = ({ clientId, clientSecret, tenantId, loginUrl }: Credentials) => {
  const kept = new Map<string, { readonly token: string; readonly until: number }>();
  const underWay = new Map<string, Promise<string>>();

  const fetchToken = async (scope: string): Promise<string> => {
    let response: Response;
    try {
      response = await fetch(`${loginUrl}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`, {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
          scope,
        }),
      });
    } catch (cause) {
      throw new SendFailure('token: no answer', { permanent: false, cause });
    }
    if (!response.ok) throw new SendFailure(`token: HTTP ${response.status}`, { permanent: false });
    const answer = granted.safeParse(await response.json().catch(() => null));
    if (!answer.success) throw new SendFailure('token: unreadable answer', { permanent: false });
    const { access_token: token, expires_in: seconds } = answer.data;
    kept.set(scope, { token, until: Date.now() + Math.max(0, seconds - spareSeconds) * 1000 });
    return token;
  };

  return async (scopes: string | readonly string[]): Promise<string> => {
    const scope = [scopes].flat().join(' ');
    const hit = kept.get(scope);
    if (hit && hit.until > Date.now()) return hit.token;
    const waiting = underWay.get(scope) ?? fetchToken(scope).finally(() => underWay.delete(scope));
    underWay.set(scope, waiting);
    return waiting;
  };
};
