import { Migration } from '@mikro-orm/migrations';

/** A Tier 1 sees how many customers its partners have, and nothing else of them: one figure passes the wall. */
export class Migration20260301000003_customer_counts extends Migration {
  override up(): void {
    this.addSql(`create function wall.customer_counts() returns table (partner_id uuid, customers int)
      language sql stable security definer set search_path = public, pg_temp as
      $$ select c.partner_id, count(*)::int from customer c
          where c.status = 'enabled' and c.partner_id = any (wall.reports()) group by c.partner_id $$`);
    // It counts as the system, whom the walls let through; the setting it reads is still the caller's.
    this.addSql('grant create on schema wall to seatwise_system');
    this.addSql('alter function wall.customer_counts() owner to seatwise_system');
    this.addSql('revoke create on schema wall from seatwise_system');
  }
}
