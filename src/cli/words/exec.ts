import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { execLine, execSchema } from '../exec.ts';
import { linesOf } from '../lines.ts';
import { newReference } from '../../reference.ts';
import { jsonValue } from '../output.ts';
import { WrongUse, type Word } from '../word.ts';

export const exec: Word = {
  name: 'exec',
  usage: '[FILE|-] [--stop-on-error] | --schema',
  does: 'Runs one JSON object per line through the desk and prints one answer per line, in order.',
  notes: [
    'A line: {"id":"1","as":"mia@northwind.example","do":"customer list","input":{}}',
    '--schema prints the JSON Schema of every operation; --stop-on-error ends at the first refusal with exit code 1.',
  ],
  options: { schema: { type: 'boolean' }, 'stop-on-error': { type: 'boolean' } },

  async run(ground, { values, positionals }) {
    const { terminal } = ground;
    if (values['schema'] === true) {
      terminal.out(JSON.stringify(execSchema(), null, 2));
      return 0;
    }
    if (positionals.length > 1) throw new WrongUse('One file at a time.');
    const [file = '-'] = positionals;
    const path = resolve(terminal.cwd, file);
    if (file !== '-') await access(path);
    const desk = await ground.open();
    const door = {
      execute: desk.execute,
      isForPlay: () => desk.database.isForPlay(),
      defect: (error: unknown): string => {
        const reference = newReference();
        ground.defect(error, reference);
        return reference;
      },
    };
    const pieces = file === '-' ? terminal.stdin : createReadStream(path, 'utf8');
    for await (const line of linesOf(pieces)) {
      const answer = await execLine(line, door);
      terminal.out(JSON.stringify(answer, jsonValue));
      if (!answer.ok && values['stop-on-error'] === true) return 1;
    }
    return 0;
  },
};
