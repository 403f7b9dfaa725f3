/** `npm run bench -- NAME`: one measurement; its last line is one JSON object. */
import { readdirSync } from 'node:fs';

const benches = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''));
const [name = ''] = process.argv.slice(2);

if (!benches.includes(name)) {
  console.error(`Say which: npm run bench -- ${benches.join(' | ')}`);
  process.exit(2);
}
const { run } = (await import(`./${name}.bench.ts`)) as { run(args: readonly string[]): Promise<object> };
console.log(JSON.stringify({ bench: name, ...(await run(process.argv.slice(3))) }));
process.exit(0);
