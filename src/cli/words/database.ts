import { rule } from '../../core/errors.ts';
import { demoStart } from '../../demo/people.ts';
import { seedDemo } from '../../demo/seed.ts';
import { businessTime } from '../../demo/world-clock.ts';
import { systemRole } from '../../storage/walls.ts';
import { WrongUse, type Answer, type Given, type OpenDesk, type Word } from '../word.ts';

const withoutArguments = ({ positionals }: Given): void => {
  if (positionals.length > 0) throw new WrongUse(`"${positionals[0]}" means nothing here.`);
};

const countOf = async ({ database }: OpenDesk, query: string): Promise<number> => {
  const em = database.orm.em.fork({ session: { role: systemRole } });
  const [row] = await em.transactional((inner) =>
    (inner as typeof database.orm.em).execute<{ n: number }[]>(`select count(*)::int as n from ${query}`),
  );
  return row?.n ?? 0;
};

const fillWithDemo = async (desk: OpenDesk): Promise<Answer> => {
  await desk.database.setSetting(businessTime, demoStart);
  await seedDemo(desk.database, desk.enqueue);
  const [partners, customers] = [await countOf(desk, 'partner'), await countOf(desk, 'customer')];
  return {
    text: `The demo world is there: ${partners} partners, ${customers} customers. It begins at ${demoStart}.`,
    data: { ok: true, partners, customers, businessTime: demoStart },
  };
};

export const migrate: Word = {
  name: 'migrate',
  usage: '',
  does: 'Brings the database up to date. Starting the desk does so as well.',
  options: {},

  async run(ground, given) {
    withoutArguments(given);
    const { database } = await ground.open();
    const migrations = (await database.orm.migrator.getExecuted()).map(({ name }) => name);
    return {
      text: `The database is up to date: ${migrations.length} migrations.`,
      data: { ok: true, migrations },
    };
  },
};

export const seed: Word = {
  name: 'seed',
  usage: '',
  does: 'Fills an empty database with the demo world and marks it for play.',
  options: {},

  async run(ground, given) {
    withoutArguments(given);
    const desk = await ground.open();
    if ((await countOf(desk, 'partner')) > 0) throw rule('data.not_empty');
    return fillWithDemo(desk);
  },
};

export const reset: Word = {
  name: 'reset',
  usage: '[--empty]',
  does: 'Throws all data away and starts over with the demo world.',
  notes: ['--empty leaves the database empty, marked for play.', 'Only on a database that is marked for play.'],
  options: { empty: { type: 'boolean' } },

  async run(ground, given) {
    withoutArguments(given);
    if (!ground.startOver) throw rule('data.served');
    const desk = await ground.startOver();
    if (given.values['empty'] !== true) return fillWithDemo(desk);
    await desk.database.setSetting('for_play', 'yes');
    return { text: 'The database is empty and marked for play.', data: { ok: true } };
  },
};
