/**
 * The line on which each place of a JSON text stands, by path (`vendors.0.products.3.sku`), so that a complaint about
 * a value can say where it is. The text must be JSON already.
 */
export const jsonLines = (text: string): Record<string, number> => {
  const lines: Record<string, number> = {};
  let at = 0;
  let line = 1;
  const step = (): void => {
    if (text[at] === '\n') line++;
    at++;
  };
  const skipBlanks = (): void => {
    while (at < text.length && /\s/.test(text[at]!)) step();
  };
  const readString = (): string => {
    const from = at;
    at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at++;
    return JSON.parse(text.slice(from, at)) as string;
  };
  const walk = (path: string): void => {
    skipBlanks();
    lines[path] = line;
    const below = (name: string | number): string => (path === '' ? `${name}` : `${path}.${name}`);
    const opening = text[at];
    if (opening === '"') readString();
    else if (opening === '{' || opening === '[') {
      const closing = opening === '{' ? '}' : ']';
      at++;
      skipBlanks();
      for (let place = 0; text[at] !== closing; place++) {
        let name: string | number = place;
        if (opening === '{') {
          name = readString();
          skipBlanks();
          at++;
        }
        walk(below(name));
        skipBlanks();
        if (text[at] === ',') at++;
        skipBlanks();
      }
      at++;
    } else while (at < text.length && !/[\s,\]}]/.test(text[at]!)) at++;
  };
  walk('');
  return lines;
};
