/** Slack's mrkdwn read into a small tree. No HTML is made here: whoever draws it makes text nodes. */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { kind: 'link'; url: string; label?: string }
  | { kind: 'user'; id: string; label?: string }
  | { kind: 'channel'; id: string; label?: string }
  | { kind: 'broadcast'; name: string; label?: string }
  | { kind: 'date'; seconds: number; format: string; url?: string; fallback: string };

export type Paragraph =
  { kind: 'lines'; lines: Inline[][] } | { kind: 'quote'; lines: Inline[][] } | { kind: 'pre'; text: string };

/** Undoes the three escapes Slack knows, in the order that never unescapes twice. */
export const unescapeText = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

// Marks count only at word edges: `snake_case_name` and `2*3*4` stay as they are.
const marked = (mark: string): string =>
  `(?<![\\p{L}\\p{N}${mark}])${mark}(?=[^\\s${mark}])([^${mark}\\n]*[^\\s${mark}])${mark}(?![\\p{L}\\p{N}${mark}])`;
const inlinePattern = new RegExp(
  ['`([^`\\n]+)`', '<([^<>\\n]+)>', marked('\\*'), marked('_'), marked('~')].join('|'),
  'gu',
);

const angle = (body: string): Inline => {
  const bar = body.indexOf('|');
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? undefined : unescapeText(body.slice(bar + 1));
  if (target.startsWith('@')) return { kind: 'user', id: target.slice(1), ...(label && { label }) };
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1), ...(label && { label }) };
  if (target.startsWith('!date^')) {
    const [, seconds = '', format = '', url] = target.split('^');
    return { kind: 'date', seconds: Number(seconds), format, ...(url && { url }), fallback: label ?? '' };
  }
  if (target.startsWith('!')) {
    const [name = ''] = target.slice(1).split('^');
    return { kind: 'broadcast', name, ...(label && { label }) };
  }
  return { kind: 'link', url: unescapeText(target), ...(label && { label }) };
};

export const parseInline = (text: string): Inline[] => {
  const out: Inline[] = [];
  let done = 0;
  for (const match of text.matchAll(inlinePattern)) {
    if (match.index > done) out.push({ kind: 'text', text: unescapeText(text.slice(done, match.index)) });
    const [whole, code, inAngle, bold, italic, strike] = match;
    if (code !== undefined) out.push({ kind: 'code', text: unescapeText(code) });
    else if (inAngle !== undefined) out.push(angle(inAngle));
    else if (bold !== undefined) out.push({ kind: 'bold', children: parseInline(bold) });
    else if (italic !== undefined) out.push({ kind: 'italic', children: parseInline(italic) });
    else if (strike !== undefined) out.push({ kind: 'strike', children: parseInline(strike) });
    done = match.index + whole.length;
  }
  if (done < text.length) out.push({ kind: 'text', text: unescapeText(text.slice(done)) });
  return out;
};

const quoteMark = /^(?:&gt;|>) ?/;

const parseLines = (text: string): Paragraph[] => {
  const out: Paragraph[] = [];
  for (const line of text.split('\n')) {
    const kind = quoteMark.test(line) ? 'quote' : 'lines';
    const parsed = parseInline(line.replace(quoteMark, ''));
    const last = out.at(-1);
    if (last?.kind === kind) last.lines.push(parsed);
    else out.push({ kind, lines: [parsed] });
  }
  return out;
};

/** Reads a whole text. The line breaks next to a fence belong to the fence; one never closed is plain text. */
export const parseMrkdwn = (text: string): Paragraph[] => {
  const out: Paragraph[] = [];
  let done = 0;
  for (const match of text.matchAll(/\n?```\n?([\s\S]+?)\n?```\n?/g)) {
    if (match.index > done) out.push(...parseLines(text.slice(done, match.index)));
    out.push({ kind: 'pre', text: unescapeText(match[1] ?? '') });
    done = match.index + match[0].length;
  }
  if (done < text.length) out.push(...parseLines(text.slice(done)));
  return out;
};
