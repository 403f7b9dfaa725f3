import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';

// In the frame's own document: no script, no form, nothing loaded from elsewhere; links open in a new tab.
const guard =
  '<base target="_blank">' +
  '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data: blob:; style-src \'unsafe-inline\'">' +
  '<meta name="color-scheme" content="light">';

const guarded = (html: string): string => {
  const head = /<head[^>]*>/i.exec(html);
  return head
    ? html.slice(0, head.index + head[0].length) + guard + html.slice(head.index + head[0].length)
    : `<!doctype html><html><head>${guard}</head><body>${html}</body></html>`;
};

/** A mail's HTML where it can do no harm. */
export const MailFrame = ({ html, title }: { html: string; title: string }): JSX.Element => {
  const document = useMemo(() => guarded(html), [html]);
  return (
    <iframe
      class="mail-frame"
      title={title}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerpolicy="no-referrer"
      srcdoc={document}
    />
  );
};
