/** The lines of a text that comes in pieces. A last line without its end is a line; nothing behind the last end is none. */
export async function* linesOf(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let kept = '';
  for await (const piece of pieces) {
    kept += piece;
    const lines = kept.split('\n');
    kept = lines.pop()!;
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  if (kept !== '') yield kept;
}
