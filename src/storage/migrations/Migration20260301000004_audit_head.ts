import { Migration } from '@mikro-orm/migrations';

/**
 * Each chain of the audit has its head beside it, moved by the database itself: whoever writes an entry cannot touch
 * the head. It only ever moves forward.
 */
export class Migration20260301000004_audit_head extends Migration {
  override up(): void {
    this.addSql('revoke all on "audit_head" from seatwise_app');
    this.addSql('revoke delete, truncate on "audit_head" from seatwise_system');
    this.addSql(`create function wall.keep_audit_head() returns trigger
      language plpgsql security definer set search_path = public, pg_temp as
      $$ begin
        insert into audit_head (chain, sequence, hash)
        values (coalesce(new.partner_id::text, 'system'), new.sequence, new.hash)
        on conflict (chain) do update set sequence = excluded.sequence, hash = excluded.hash
         where audit_head.sequence < excluded.sequence;
        return null;
      end $$`);
    // A person learns where the own partner's chain ends, and nothing of the others'.
    this.addSql(`create function wall.audit_head() returns table (sequence bigint, hash text)
      language sql stable security definer set search_path = public, pg_temp as
      $$ select h.sequence, h.hash from audit_head h where h.chain = wall.partner()::text $$`);
    this.addSql('grant create on schema wall to seatwise_system');
    for (const name of ['keep_audit_head', 'audit_head'])
      this.addSql(`alter function wall.${name}() owner to seatwise_system`);
    this.addSql('revoke create on schema wall from seatwise_system');
    this.addSql(
      'create trigger keep_audit_head after insert on audit_entry for each row execute function wall.keep_audit_head()',
    );
  }
}
