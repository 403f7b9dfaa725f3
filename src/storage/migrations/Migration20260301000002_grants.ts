import { Migration } from '@mikro-orm/migrations';

/** Rows of the ledger, the audit and a report's history are written once: no role that we run as may change them. */
const appendOnly = ['audit_entry', 'customer_transaction', 'money_line', 'usage_report_event', 'customer_event'];

export class Migration20260301000002_grants extends Migration {
  override up(): void {
    this.addSql('grant usage on schema public to seatwise_app, seatwise_system');
    // Nothing that people do deletes anything.
    this.addSql('grant select, insert, update on all tables in schema public to seatwise_app, seatwise_system');
    this.addSql('grant delete on all tables in schema public to seatwise_system');
    this.addSql('grant usage, select on all sequences in schema public to seatwise_app, seatwise_system');
    for (const table of appendOnly)
      this.addSql(`revoke update, delete, truncate on "${table}" from seatwise_app, seatwise_system`);
    for (const table of ['seen_delivery', 'installation', 'mikro_orm_migrations'])
      this.addSql(`revoke all on "${table}" from seatwise_app`);
  }
}
