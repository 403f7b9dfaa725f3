import type { Answer, EndpointPath, Endpoints } from '../../../protocol.ts';

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

export interface Uploaded {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

/** Gives a file to the playground in a person's name, to be sent along or put into a form. */
export const upload = async (persona: string, file: File): Promise<Answer<{ readonly file: Uploaded }>> => {
  try {
    const response = await fetch(`/api/upload?${new URLSearchParams({ persona, name: file.name })}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
    });
    if (response.status === 413) return { ok: false, error: 'The playground takes files of 32 MB at most.' };
    return (await response.json()) as Answer<{ readonly file: Uploaded }>;
  } catch {
    return { ok: false, error: 'The playground server does not answer. Is it still running?' };
  }
};
