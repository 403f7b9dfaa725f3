/**
 * Writes the first migration anew from the mappings (`npm run migration`): nothing is released yet, so the schema has
 * one generated migration between the roles and the grants. Read what it wrote before you commit it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openOrm } from '../src/storage/orm.ts';

const folder = fileURLToPath(new URL('../src/storage/migrations/', import.meta.url));
const name = 'Migration20260301000001_schema';

rmSync(`${folder}${name}.ts`, { force: true });
const orm = await openOrm({ memory: {} });
try {
  const made = await orm.migrator.create(undefined, false, false);
  const source = readFileSync(folder + made.fileName, 'utf8')
    .replace(/class \w+ extends/, `class ${name} extends`)
    .replace(/\n {2}override name = .*;\n/, '')
    // A dollar sign needs no escape where no brace follows.
    .replaceAll(/\\\$(?!\{)/g, () => '$');
  rmSync(folder + made.fileName);
  writeFileSync(`${folder}${name}.ts`, source);
  execFileSync('prettier', ['--log-level', 'warn', '--write', `${folder}${name}.ts`]);
} finally {
  await orm.close(true);
}
