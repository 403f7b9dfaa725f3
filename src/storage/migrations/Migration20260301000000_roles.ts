import { Migration } from '@mikro-orm/migrations';

/**
 * The two roles that statements run as, and what the policies ask. A setting that was never made, or was made empty,
 * shows nothing; it never fails open.
 */
export class Migration20260301000000_roles extends Migration {
  override up(): void {
    for (const role of ['seatwise_app', 'seatwise_system'])
      this.addSql(`do $$ begin
        if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
        if current_user <> '${role}' then execute format('grant ${role} to %I', current_user); end if;
      exception when duplicate_object or unique_violation then null; end $$`);
    this.addSql('create schema if not exists wall');
    this.addSql(`create function wall.partner() returns uuid language sql stable as
      $$ select nullif(current_setting('app.partner', true), '')::uuid $$`);
    this.addSql(`create function wall.person() returns uuid language sql stable as
      $$ select nullif(current_setting('app.person', true), '')::uuid $$`);
    for (const set of ['readable', 'reports', 'prices'])
      this.addSql(`create function wall.${set}() returns uuid[] language sql stable as
        $$ select string_to_array(nullif(current_setting('app.${set}', true), ''), ',')::uuid[] $$`);
    // The next day, after what was settled, on which time does something to a licence: an index of it finds the work.
    this
      .addSql(`create function license_due(ends_on date, notify_days jsonb, grace_days int, settled_on date, removed_on date)
      returns date language sql immutable parallel safe as
      $$ select case when removed_on is null then (
           select min(due) from (select ends_on - n::int as due from jsonb_array_elements_text(notify_days) n
                                 union all select ends_on union all select ends_on + grace_days) x
            where settled_on is null or due > settled_on) end $$`);
    this.addSql('grant usage on schema wall to seatwise_app, seatwise_system');
  }
}
