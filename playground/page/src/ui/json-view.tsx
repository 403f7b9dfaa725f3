import type { JSX } from 'preact';

const tokens = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const colour = (json: string): JSX.Element[] => {
  const out: JSX.Element[] = [];
  let done = 0;
  for (const match of json.matchAll(tokens)) {
    if (match.index > done) out.push(<>{json.slice(done, match.index)}</>);
    const [whole, text, colon, word] = match;
    const kind = colon !== undefined ? 'key' : text !== undefined ? 'string' : word !== undefined ? 'word' : 'number';
    out.push(<span class={`json-${kind}`}>{text ?? whole}</span>);
    if (colon !== undefined) out.push(<>{colon}</>);
    done = match.index + whole.length;
  }
  out.push(<>{json.slice(done)}</>);
  return out;
};

/** Pretty JSON in quiet colours. */
export const JsonView = ({ value }: { value: unknown }): JSX.Element => {
  const json = JSON.stringify(value, null, 2) ?? 'undefined';
  // Colouring costs a node per token; a very long answer is readable without.
  return (
    <pre class="json" tabIndex={0}>
      {json.length > 60_000 ? json : colour(json)}
    </pre>
  );
};
