import type { PersonActor, Role, Tier } from '../../core/caller.ts';
import type { PeopleReads } from '../../core/people/reads.ts';
import type { Platform } from '../../core/people/linked-identity.ts';
import { permissions } from '../../core/permissions.ts';
import type { Em } from '../orm.ts';
import { isId } from '../unit-of-work.ts';

interface ActorRow {
  person_id: string;
  email: string;
  name: string;
  roles: string[];
  partner_id: string;
  tier: Tier;
  parent_id: string | null;
  time_zone: string;
  currency: string;
  prices_published: boolean;
  child_ids: string[] | null;
  managed_ids: string[] | null;
}

const selectActor = `
  select p.id as person_id, p.email, p.first_name || ' ' || p.last_name as name, to_json(p.roles) as roles,
         o.id as partner_id, o.tier, o.parent_id, o.time_zone, o.currency, o.prices_published,
         (select json_agg(c.id order by c.id) from partner c where c.parent_id = o.id) as child_ids,
         (select json_agg(c.id order by c.id) from partner c
           where c.parent_id = o.id and c.managed_by_distributor) as managed_ids
    from person p join partner o on o.id = p.partner_id`;

const toActor = (row: ActorRow): PersonActor => ({
  type: 'person',
  personId: row.person_id,
  email: row.email,
  name: row.name,
  partnerId: row.partner_id,
  tier: row.tier,
  parentId: row.parent_id,
  childIds: row.child_ids ?? [],
  managedIds: row.managed_ids ?? [],
  pricesPublished: row.prices_published,
  roles: row.roles as Role[],
  timeZone: row.time_zone,
  currency: row.currency,
});

/** People and partners. Finding out who somebody is comes before any wall, so callers run these as the system. */
export const peopleReads = (em: Em): PeopleReads => {
  const actors = async (where: string, parameters: readonly unknown[]): Promise<PersonActor[]> =>
    (await em.execute<ActorRow[]>(`${selectActor} where p.active and ${where}`, parameters as unknown[])).map(toActor);
  const first = async (where: string, parameters: readonly unknown[]): Promise<PersonActor | null> =>
    (await actors(where, parameters))[0] ?? null;

  return {
    actorByIdentity: (platform: Platform, workspace: string, userId: string) =>
      first(`p.id = (select person_id from linked_identity where platform = ? and workspace = ? and user_id = ?)`, [
        platform,
        workspace,
        userId,
      ]),
    async identityId(platform, workspace, userId) {
      const [row] = await em.execute<{ id: string }[]>(
        'select id from linked_identity where platform = ? and workspace = ? and user_id = ?',
        [platform, workspace, userId],
      );
      return row?.id ?? null;
    },
    actorByEmail: (email) => first('p.email = lower(?)', [email]),
    actorById: async (personId) => (isId(personId) ? first('p.id = ?::uuid', [personId]) : null),
    decidersFor: (partnerId) =>
      actors(
        `p.partner_id = (select parent_id from partner where id = ?::uuid) and p.roles && string_to_array(?, ',') order by p.email`,
        [partnerId, permissions.decide.tier_1.join(',')],
      ),
    reportersOf: (partnerId) =>
      actors(`p.partner_id = ?::uuid and p.roles && string_to_array(?, ',') order by p.email`, [
        partnerId,
        permissions.report.tier_2.join(','),
      ]),
    licensersOf: (partnerId) =>
      actors(`p.partner_id = ?::uuid and p.roles && string_to_array(?, ',') order by p.email`, [
        partnerId,
        permissions.license.tier_2.join(','),
      ]),
    async emailTaken(email) {
      const rows = await em.execute<unknown[]>('select 1 from person where email = lower(?)', [email]);
      return rows.length > 0;
    },
    async partnerIdBySlug(slug) {
      const [row] = await em.execute<{ id: string }[]>('select id from partner where slug = ?', [slug]);
      return row?.id ?? null;
    },
    async identitiesOf(personId) {
      const rows = await em.execute<
        { platform: Platform; workspace: string; user_id: string; address: Record<string, string> | null }[]
      >(
        'select platform, workspace, user_id, address from linked_identity where person_id = ?::uuid order by platform, id',
        [personId],
      );
      return rows.map(({ platform, workspace, user_id, address }) => ({
        platform,
        workspace,
        userId: user_id,
        address,
      }));
    },
  };
};
