import { systemRole } from '../../storage/walls.ts';
import { WrongUse, type OpenDesk, type Word } from '../word.ts';

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

const rowOf = async <T>({ database }: OpenDesk, query: string): Promise<T> => {
  const em = database.orm.em.fork({ session: { role: systemRole } });
  const [row] = await em.transactional((inner) => (inner as typeof database.orm.em).execute<T[]>(query));
  return row as T;
};

const isNode26 = (): Finding => {
  const major = Number(process.versions.node.split('.')[0]);
  return { name: 'Node', ok: major >= 26, detail: `${process.versions.node}${major >= 26 ? '' : ', 26 is needed'}` };
};

async function* findings(desk: OpenDesk): AsyncGenerator<Finding> {
  yield isNode26();
  const { version } = await rowOf<{ version: string }>(desk, `select current_setting('server_version') as version`);
  yield {
    name: 'Database',
    ok: Number.parseInt(version, 10) >= 18,
    detail: `${desk.database.url === null ? 'embedded ' : ''}PostgreSQL ${version}`,
  };
  const pending = await desk.database.orm.migrator.getPending();
  yield {
    name: 'Migrations',
    ok: pending.length === 0,
    detail: pending.length === 0 ? 'none is waiting' : `${pending.length} are waiting: run migrate`,
  };
  const { open } = await rowOf<{ open: number }>(
    desk,
    `select count(*)::int as open from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)
        and c.relname <> 'mikro_orm_migrations'`,
  );
  yield {
    name: 'Row-level security',
    ok: open === 0,
    detail: open === 0 ? 'forced on every table' : `off on ${open} tables`,
  };
  const people = await rowOf<{ partners: number; people: number; linked: number }>(
    desk,
    `select (select count(*)::int from partner) as partners, (select count(*)::int from person) as people,
            (select count(distinct person_id)::int from linked_identity) as linked`,
  );
  yield {
    name: 'People',
    ok: true,
    detail: `${people.partners} partners, ${people.people} people, ${people.linked} of them linked`,
  };
  const catalog = await rowOf<{ products: number; prices: number }>(
    desk,
    `select (select count(*)::int from product) as products, (select count(*)::int from price) as prices`,
  );
  yield { name: 'Catalogue', ok: true, detail: `${catalog.products} products, ${catalog.prices} prices` };
  const forPlay = await desk.database.isForPlay();
  yield { name: 'Business time', ok: true, detail: `${desk.clock.now()}${forPlay ? ', for play' : ''}` };
}

export const doctor: Word = {
  name: 'doctor',
  usage: '',
  does: 'Says what this desk stands on, and what is wrong with it; exit code 1 when something is.',
  options: {},

  async run(ground, given) {
    if (given.positionals.length > 0) throw new WrongUse(`"${given.positionals[0]}" means nothing here.`);
    const desk = await ground.open();
    const found = await Array.fromAsync(findings(desk));
    const width = Math.max(...found.map(({ name }) => name.length));
    const ok = found.every((finding) => finding.ok);
    return {
      ok,
      text: found
        .map(({ name, ok: well, detail }) => `${well ? '✓' : '✗'} ${name.padEnd(width)}  ${detail}`)
        .join('\n'),
      data: { ok, findings: found },
    };
  },
};
