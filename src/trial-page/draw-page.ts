import { createHash } from 'node:crypto';
import { showCount, showUnits } from '../bot/format.ts';
import { countryNamesInOrder, languageName } from '../core/places.ts';
import type { TrialOffer } from '../core/plans/trial-sign-up.ts';
import { escapeHtml } from '../html.ts';

/** What stands in the form, by field. */
export type Typed = Readonly<Record<string, string>>;
/** Sentences by field; those of the whole form stand under ''. */
export type Complaints = Readonly<Record<string, string>>;

const style = `
:root{color-scheme:light dark;--back:light-dark(#f5f3ef,#141516);--card:light-dark(#fff,#1d1f21);
--ink:light-dark(#1f1d1a,#e9e7e3);--soft:light-dark(#5f5a51,#a6a198);--line:light-dark(#cfc9be,#44484d);--edge:light-dark(#8a8478,#767b81);
--accent:light-dark(#0b6b57,#36c2a0);--on-accent:light-dark(#fff,#06231c);--bad:light-dark(#b3123d,#f58aa0);
--bad-back:light-dark(#fdeef1,#371820)}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:640px;margin:0 auto;padding:32px 20px 64px}
.brand{display:flex;align-items:center;gap:12px;font-weight:700;font-size:17px}
.brand i{flex:none;width:36px;height:36px;border-radius:9px;background:var(--accent);color:var(--on-accent);display:grid;place-items:center;font-style:normal}
h1{font-size:28px;line-height:1.2;margin:28px 0 8px}
.lead{margin:0 0 24px;color:var(--soft)}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:24px}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:18px 16px}
.wide{grid-column:1/-1}
label{display:block;font-weight:600;margin-bottom:4px}
label span{font-weight:400;color:var(--soft)}
input,select{width:100%;min-height:44px;padding:9px 12px;border:1px solid var(--edge);border-radius:9px;background:var(--card);color:inherit;font:inherit}
input:focus-visible,select:focus-visible,button:focus-visible{outline:3px solid var(--accent);outline-offset:1px}
.hint{margin:4px 0 0;font-size:14px;color:var(--soft)}
.bad input,.bad select{border-color:var(--bad);border-width:2px}
.note{margin:4px 0 0;font-size:14px;font-weight:600}
.error{margin:4px 0 0;font-size:14px;font-weight:600;color:var(--bad)}
.alert{margin:0 0 20px;padding:12px 16px;border-radius:9px;background:var(--bad-back);color:var(--bad);font-weight:600}
.trap{position:absolute;left:-9999px}
button{margin-top:24px;min-height:48px;width:100%;border:0;border-radius:10px;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:700;cursor:pointer}
.small{margin:20px 0 0;font-size:14px;color:var(--soft)}
@media(max-width:520px){.fields{grid-template-columns:1fr}main{padding:20px 16px 48px}.card{padding:18px}h1{font-size:24px}}
`;

/** Nothing but this page's own style, and its form to where it came from. */
export const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

const page = (title: string, body: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body><main>${body}</main></body>
</html>
`;

const brand = (partner: string): string =>
  `<div class="brand"><i aria-hidden="true">${escapeHtml([...partner.trim()][0]?.toUpperCase() ?? '•')}</i><span>${escapeHtml(partner)}</span></div>`;

interface Input {
  readonly name: string;
  readonly label: string;
  readonly most?: number;
  readonly type?: 'text' | 'email';
  readonly complete?: string;
  readonly hint?: string;
  readonly optional?: boolean;
  readonly wide?: boolean;
  readonly options?: readonly (readonly [value: string, label: string])[];
}

const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'pt-BR', 'nb', 'sv', 'da', 'ja', 'ko', 'zh'];

const inputs = (): readonly Input[] => [
  { name: 'company', label: 'Company', most: 120, complete: 'organization', wide: true },
  {
    name: 'account',
    label: 'Account name',
    most: 64,
    complete: 'off',
    wide: true,
    hint: '3 to 64 letters, digits, dots, hyphens and underscores. Left empty, one is suggested.',
  },
  { name: 'city', label: 'City', most: 80, complete: 'address-level2' },
  { name: 'state', label: 'State', most: 80, complete: 'address-level1' },
  {
    name: 'country',
    label: 'Country',
    complete: 'country',
    options: countryNamesInOrder(),
    optional: true,
  },
  {
    name: 'language',
    label: 'Language',
    complete: 'off',
    options: languages.map((tag) => [tag, languageName(tag)] as const),
    optional: true,
  },
  { name: 'firstName', label: 'First name', most: 80, complete: 'given-name' },
  { name: 'lastName', label: 'Last name', most: 80, complete: 'family-name' },
  { name: 'email', label: 'E-mail', most: 254, type: 'email', complete: 'email', wide: true },
];

const drawInput = (input: Input, value: string, complaint: string | undefined, note: string | undefined): string => {
  const { name, label, most, type = 'text', complete, hint, optional, wide, options } = input;
  const described = [
    ...(complaint ? [`${name}-error`] : []),
    ...(note ? [`${name}-note`] : []),
    ...(hint ? [`${name}-hint`] : []),
  ].join(' ');
  const shared =
    `id="${name}" name="${name}"` +
    (complete ? ` autocomplete="${complete}"` : '') +
    (described ? ` aria-describedby="${described}"` : '') +
    (complaint ? ' aria-invalid="true"' : '') +
    (optional ? '' : ' aria-required="true"');
  const control = options
    ? `<select ${shared}><option value="">—</option>${options
        .map(
          ([code, words]) =>
            `<option value="${escapeHtml(code)}"${code === value ? ' selected' : ''}>${escapeHtml(words)}</option>`,
        )
        .join('')}</select>`
    : `<input ${shared} type="${type}" maxlength="${most ?? 200}" value="${escapeHtml(value)}">`;
  return `<div class="${[...(wide ? ['wide'] : []), ...(complaint ? ['bad'] : [])].join(' ')}">
<label for="${name}">${escapeHtml(label)}${optional ? ' <span>(optional)</span>' : ''}</label>
${control}
${complaint ? `<p class="error" id="${name}-error">${escapeHtml(complaint)}</p>` : ''}${note ? `<p class="note" id="${name}-note">${escapeHtml(note)}</p>` : ''}${hint ? `<p class="hint" id="${name}-hint">${escapeHtml(hint)}</p>` : ''}
</div>`;
};

const periodOf = ({ days, months }: TrialOffer): string =>
  days === null ? showCount(months ?? 0, 'month') : showCount(days, 'day');

/** The form, with what was typed, what is wrong with it, and what is to be looked at. `mark` comes back with it. */
export const drawForm = (
  offer: TrialOffer,
  mark: string,
  typed: Typed,
  complaints: Complaints,
  notes: Complaints = {},
): string => {
  const count = Object.keys(complaints).filter((name) => name !== '').length;
  const faults =
    count === 0 ? null : count === 1 ? 'One answer needs another look.' : `${count} answers need another look.`;
  const hasNotes = Object.keys(notes).length > 0;
  const alert = complaints[''] ?? faults ?? (hasNotes ? 'Look at what we suggest, then send it.' : null);
  return page(
    `Try ${offer.product} · ${offer.partner}`,
    `${brand(offer.partner)}
<h1>Try ${escapeHtml(offer.product)} for ${periodOf(offer)}</h1>
<p class="lead">${showUnits(offer.units, offer.unitType)}, free of charge. The trial ends by itself.</p>
<form class="card" method="post" novalidate>
${alert === null ? '' : `<p class="alert" role="alert">${escapeHtml(alert)}</p>`}
<input type="hidden" name="form" value="${escapeHtml(mark)}">
<p class="trap" aria-hidden="true"><label for="website">Leave this empty</label><input id="website" name="website" tabindex="-1" autocomplete="off"></p>
<div class="fields">
${inputs()
  .map((input) => drawInput(input, typed[input.name] ?? '', complaints[input.name], notes[input.name]))
  .join('\n')}
</div>
<button type="submit">Start the trial</button>
<p class="small">${escapeHtml(offer.partner)} keeps what you tell here to give you the trial and to write to you about it.</p>
</form>`,
  );
};

export const drawThanks = (partner: string): string =>
  page(
    `Thank you · ${partner}`,
    `${brand(partner)}
<h1>Thank you</h1>
<p class="lead">Check your e-mail: ${escapeHtml(partner)} has written to the address you gave, with everything you need.</p>
<div class="card"><p class="lead">Nothing after a quarter of an hour? Check your spam folder, or ask ${escapeHtml(partner)}.</p></div>`,
  );

/** The same for what has ended, what is not yet, and what was made up. */
export const drawClosed = (): string =>
  page(
    'This offer is not open',
    `<h1>This offer is not open</h1>
<p class="lead">The trial behind this link is not offered, or not any more. Ask whoever gave you the link for a new one.</p>`,
  );

export const drawProblem = (title: string, text: string): string =>
  page(title, `<h1>${escapeHtml(title)}</h1><p class="lead">${escapeHtml(text)}</p>`);
