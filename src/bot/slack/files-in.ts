import { webApi } from '@slack/bolt';
import { z } from 'zod';
import { fetchBytes, goneFile, tooLargeFile, unfetchedFile, type IncomingFile } from '../fetch-file.ts';

/** Slack's own host for files. Our token goes along, so it goes nowhere else. */
const slackFiles = 'https://files.slack.com';

const info = z.looseObject({
  file: z.looseObject({
    name: z.string().nullish(),
    size: z.number(),
    user: z.string(),
    url_private_download: z.string().optional(),
    url_private: z.string().optional(),
  }),
});

const absent = new Set(['file_not_found', 'file_deleted', 'not_visible']);

/** A file that a person put into a form or sent to the bot: his own, and no other. @throws Refusal with a `file.` code */
export const fetchSlackFile = async (
  {
    client,
    token,
    apiUrl,
  }: { readonly client: webApi.WebClient; readonly token: string; readonly apiUrl: string | null },
  fileId: string,
  userId: string,
  maximumBytes: number,
): Promise<IncomingFile> => {
  let answer: unknown;
  try {
    answer = await client.files.info({ file: fileId });
  } catch (error) {
    if (error instanceof webApi.WebAPIPlatformError && absent.has(error.data.error)) throw goneFile();
    throw unfetchedFile();
  }
  const parsed = info.safeParse(answer);
  if (!parsed.success || parsed.data.file.user !== userId) throw goneFile();
  const { name, size, url_private_download: download, url_private: shown } = parsed.data.file;
  if (size > maximumBytes) throw tooLargeFile(maximumBytes);
  const url = download ?? shown ?? '';
  const hosts = [slackFiles, ...(apiUrl === null ? [] : [new URL(apiUrl).origin])];
  if (!URL.canParse(url) || !hosts.includes(new URL(url).origin)) throw unfetchedFile();
  const bytes = await fetchBytes(url, maximumBytes, { authorization: `Bearer ${token}` });
  return { name: name || fileId, bytes };
};
