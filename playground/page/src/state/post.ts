import type { EndpointPath, Endpoints } from '../../../protocol.ts';

export type Refused = { readonly ok: false; readonly error: string };

/** Posts to the playground server; what goes wrong on the way is an answer too. */
export const post = async <P extends EndpointPath>(
  path: P,
  body: Endpoints[P]['body'],
): Promise<Endpoints[P]['answer']> => {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Endpoints[P]['answer'];
  } catch {
    return { ok: false, error: 'The playground server does not answer. Is it still running?' } satisfies Refused;
  }
};
