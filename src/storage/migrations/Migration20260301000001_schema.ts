import { Migration } from '@mikro-orm/migrations';

export class Migration20260301000001_schema extends Migration {
  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_head" ("chain" text not null, "sequence" bigint not null, "hash" text not null, primary key ("chain"));`,
    );

    this.addSql(`create table "installation" ("key" text not null, "value" text not null, primary key ("key"));`);

    this.addSql(
      `create table "partner" ("id" uuid not null, "slug" text not null, "tier" text not null, "kind" text null, "parent_id" uuid null, "company" text not null, "guid" text not null, "street" text null, "city" text not null, "state" text not null, "postal_code" text null, "country" text not null, "contact_first_name" text not null, "contact_last_name" text not null, "email" text not null, "phone" text null, "time_zone" text not null, "language" text not null, "currency" text not null, "managed_by_distributor" boolean not null, "auto_submit_days" int not null, "over_provision_threshold_pct" int not null, "auto_approve_uncommented" boolean not null, "four_eyes_above" bigint null, "prices_published" boolean not null, "crossgrade_undo_minutes" int not null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`alter table "partner" add constraint "partner_slug_unique" unique ("slug");`);
    this.addSql(`create index "partner_parent" on "partner" ("parent_id");`);

    this.addSql(
      `create table "mail" ("id" uuid not null, "partner_id" uuid not null, "notice_key" text not null, "to" text not null, "subject" text not null, "html" text not null, "text" text not null, "state" text not null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create index "mail_created" on "mail" ("created_at");`);
    this.addSql(`create index "mail_waiting" on "mail" ("created_at") where state = 'waiting';`);
    this.addSql(`alter table "mail" add constraint "mail_notice_unique" unique ("notice_key", "to");`);

    this.addSql(
      `create table "customer" ("id" uuid not null, "partner_id" uuid not null, "tier_one_id" uuid not null, "account" text not null, "company" text not null, "city" text not null, "state" text not null, "first_name" text not null, "last_name" text not null, "email" text not null, "emergency_email" text null, "phone" text null, "address" text null, "postal_code" text null, "country" text null, "language" text null, "account_mail_on" date null, "status" text not null, "created_at" timestamptz(6) not null, "account_mail_settled" boolean not null default false, primary key ("id"));`,
    );
    this.addSql(`create unique index "customer_account_unique" on "customer" ("tier_one_id", lower("account"));`);
    this.addSql(`create index "customer_company" on "customer" ("partner_id", lower("company"));`);
    this.addSql(
      `create index "customer_mail_waiting" on "customer" ("account_mail_on") where not account_mail_settled;`,
    );

    this.addSql(
      `create table "channel_claim" ("id" uuid not null, "partner_id" uuid not null, "platform" text not null, "workspace" text not null, "channel_id" text not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "channel_claim" add constraint "channel_claim_unique" unique ("platform", "workspace", "channel_id");`,
    );

    this.addSql(
      `create table "person" ("id" uuid not null, "partner_id" uuid not null, "email" text not null, "first_name" text not null, "last_name" text not null, "roles" text[] not null, "active" boolean not null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create index "person_partner" on "person" ("partner_id");`);
    this.addSql(`alter table "person" add constraint "person_email_unique" unique ("email");`);

    this.addSql(
      `create table "linked_identity" ("id" uuid not null, "partner_id" uuid not null, "person_id" uuid not null, "platform" text not null, "workspace" text not null, "user_id" text not null, "address" jsonb null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create index "linked_identity_person" on "linked_identity" ("person_id");`);
    this.addSql(
      `alter table "linked_identity" add constraint "linked_identity_unique" unique ("platform", "workspace", "user_id");`,
    );

    this.addSql(
      `create table "form_draft" ("id" uuid not null, "partner_id" uuid not null, "person_id" uuid not null, "form" text not null, "context" jsonb not null, "answers" jsonb not null, "step" int not null, "origin" jsonb null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create index "form_draft_person" on "form_draft" ("person_id");`);

    this.addSql(
      `create table "digest" ("id" uuid not null, "partner_id" uuid not null, "platform" text not null, "workspace" text not null, "channel_id" text not null, "channel_name" text not null, "address" jsonb not null, "weekday" int not null, "time" text not null, "time_zone" text not null, "paused" boolean not null, "owner_id" uuid not null, "next_slot_at" timestamptz(6) not null, "created_at" timestamptz(6) not null, "removed_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`create index "digest_partner" on "digest" ("partner_id");`);
    this.addSql(`create index "digest_due" on "digest" ("next_slot_at") where removed_at is null and not paused;`);

    this.addSql(
      `create table "customer_event" ("id" uuid not null, "partner_id" uuid not null, "customer_id" uuid not null, "kind" text not null, "at" timestamptz(6) not null, "person_id" uuid not null, "request_id" text not null, primary key ("id"));`,
    );
    this.addSql(`create index "customer_event_customer" on "customer_event" ("customer_id");`);

    this.addSql(
      `create table "audit_entry" ("id" uuid not null, "partner_id" uuid null, "sequence" bigint not null, "at" timestamptz(6) not null, "use_case" text not null, "actor_name" text not null, "person_id" uuid null, "request_id" text not null, "input" jsonb not null, "input_hash" text not null, "answer" jsonb not null, "written" jsonb null, "previous_hash" text not null, "hash" text not null, primary key ("id"));`,
    );
    this.addSql(
      `create unique index "audit_entry_request_unique" on "audit_entry" ("person_id", "request_id") where person_id is not null;`,
    );
    this.addSql(
      `create unique index "audit_entry_sequence_unique" on "audit_entry" ("partner_id", "sequence") nulls not distinct;`,
    );

    this.addSql(
      `create table "seen_delivery" ("key" text not null, "seen_at" timestamptz(6) not null, primary key ("key"));`,
    );
    this.addSql(`create index "seen_delivery_at" on "seen_delivery" ("seen_at");`);

    this.addSql(
      `create table "stored_file" ("id" uuid not null, "partner_id" uuid not null, "name" text not null, "content_type" text not null, "bytes" bytea not null, "created_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, primary key ("id"));`,
    );

    this.addSql(
      `create table "outgoing" ("id" uuid not null, "position" bigserial, "partner_id" uuid not null, "platform" text not null, "lane" text not null, "address" jsonb not null, "kind" text not null, "message" jsonb null, "file_id" uuid null, "updates_id" uuid null, "tag" text null, "person_id" uuid null, "notice_key" text null, "state" text not null, "attempts" int not null, "not_before" timestamptz(6) null, "message_id" text null, "error" text null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "outgoing_waiting" on "outgoing" ("lane", "position") where state in ('waiting', 'sending');`,
    );
    this.addSql(`create index "outgoing_tag" on "outgoing" ("tag");`);
    this.addSql(`create index "outgoing_updates" on "outgoing" ("updates_id");`);
    this.addSql(
      `create unique index "outgoing_notice_unique" on "outgoing" ("lane", "notice_key") where notice_key is not null;`,
    );

    this.addSql(
      `create table "digest_post" ("id" uuid not null, "partner_id" uuid not null, "digest_id" uuid not null, "slot_at" timestamptz(6) not null, "late" boolean not null, "outgoing_id" uuid null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create index "digest_post_waiting" on "digest_post" ("created_at") where outgoing_id is null;`);
    this.addSql(`alter table "digest_post" add constraint "digest_post_slot_unique" unique ("digest_id", "slot_at");`);

    this.addSql(
      `create table "customer_import" ("id" uuid not null, "partner_id" uuid not null, "person_id" uuid not null, "file_id" uuid not null, "file_name" text not null, "state" text not null, "rows" int null, "done" int not null, "ignored" jsonb not null, "sample" jsonb not null, "faults" jsonb not null, "fault_count" int not null, "reason" jsonb null, "fault_file_id" uuid null, "attempts" int not null, "held_until" timestamptz(6) null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "customer_import_waiting" on "customer_import" ("held_until") where state in ('looking', 'saving');`,
    );

    this.addSql(
      `create table "customer_import_part" ("id" uuid not null, "partner_id" uuid not null, "import_id" uuid not null, "place" int not null, "rows" jsonb not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "customer_import_part" add constraint "customer_import_part_place_unique" unique ("import_id", "place");`,
    );

    this.addSql(
      `create table "usage_report" ("id" uuid not null, "partner_id" uuid not null, "cycle_from" date not null, "cycle_to" date not null, "status" text not null, "submission" text null, "version" int not null, "due_on" date not null, "auto_submit_days" int not null, "over_provision_threshold_pct" int not null, "auto_approve_uncommented" boolean not null, "four_eyes_above" bigint null, "currency" text not null, "submitted_by" uuid null, "submitted_at" timestamptz(6) null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create index "usage_report_status" on "usage_report" ("status", "due_on");`);
    this.addSql(
      `alter table "usage_report" add constraint "usage_report_cycle_unique" unique ("partner_id", "cycle_from");`,
    );

    this.addSql(
      `create table "usage_report_event" ("id" uuid not null, "partner_id" uuid not null, "report_id" uuid not null, "version" int not null, "kind" text not null, "status_before" text null, "status_after" text not null, "at" timestamptz(6) not null, "person_id" uuid null, "by" text not null, "reason" text null, "lines" jsonb not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "usage_report_event" add constraint "usage_report_event_version_unique" unique ("report_id", "version");`,
    );

    this.addSql(`create table "vendor" ("id" uuid not null, "name" text not null, primary key ("id"));`);
    this.addSql(`alter table "vendor" add constraint "vendor_name_unique" unique ("name");`);

    this.addSql(
      `create table "product" ("id" uuid not null, "sku" text not null, "name" text not null, "vendor_id" uuid not null, "kind" text not null, "unit_types" text[] not null, "versions" text[] not null, "nfr_allowed" boolean not null, "nfr_units" int null, "data_centres" text[] not null, "usage_basis" text not null, "credits_per_unit" numeric null, "end_of_sale_on" date null, "end_of_life_on" date null, "provisioning" text not null, "remote_manager" boolean not null, "component_ids" text[] not null, primary key ("id"));`,
    );
    this.addSql(`alter table "product" add constraint "product_sku_unique" unique ("sku");`);

    this.addSql(
      `create table "usage_report_line" ("id" uuid not null, "partner_id" uuid not null, "report_id" uuid not null, "product_id" uuid not null, "version" text not null, "unit_type" text not null, "provisioned" int not null, "used" int null, "used_within" int not null, "proposed" int not null, "chargeable" int not null, "edited" boolean not null, "penalty" int not null, "comment" text null, "mark" text null, "unit_price" numeric null, "amount_minor" bigint null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "usage_report_line" add constraint "usage_report_line_unique" unique ("report_id", "product_id", "version", "unit_type");`,
    );

    this.addSql(
      `create table "usage_day" ("id" uuid not null, "partner_id" uuid not null, "product_id" uuid not null, "customer_id" uuid not null, "day" date not null, "provisioned" int not null, "used" int null, primary key ("id"));`,
    );
    this.addSql(
      `create unique index "usage_day_unique" on "usage_day" ("partner_id", "product_id", "customer_id", "day") include ("provisioned", "used");`,
    );

    this.addSql(
      `create table "suite_change" ("id" uuid not null, "partner_id" uuid not null, "product_id" uuid not null, "before" jsonb not null, "after" jsonb not null, "opened_at" timestamptz(6) not null, "approved_at" timestamptz(6) null, "approved_by" uuid null, "replaced_at" timestamptz(6) null, "data_centres" jsonb not null, primary key ("id"));`,
    );
    this.addSql(
      `create unique index "suite_change_waiting_unique" on "suite_change" ("partner_id", "product_id") where approved_at is null and replaced_at is null;`,
    );
    this.addSql(`create index "suite_change_partner" on "suite_change" ("partner_id", "product_id");`);

    this.addSql(
      `create table "service_plan" ("id" uuid not null, "partner_id" uuid not null, "name" text not null, "enabled" boolean not null, "locked" boolean not null, "product_id" uuid not null, "subscription_type" text not null, "nfr" boolean not null, "version" text not null, "unit_type" text not null, "trial_form" boolean not null, "default_units" int not null, "settings" jsonb not null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create unique index "service_plan_name_unique" on "service_plan" ("partner_id", lower("name"));`);
    this.addSql(
      `create unique index "service_plan_nfr_unique" on "service_plan" ("partner_id", "product_id") where nfr;`,
    );

    this.addSql(
      `create table "plan_assignment" ("id" uuid not null, "partner_id" uuid not null, "customer_id" uuid not null, "plan_id" uuid not null, "status" text not null, "units" int not null, "starts_on" date not null, "composition" jsonb not null, "settings" jsonb not null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create index "plan_assignment_customer" on "plan_assignment" ("customer_id");`);
    this.addSql(`create index "plan_assignment_plan" on "plan_assignment" ("plan_id");`);

    this.addSql(
      `create table "trial_sign_up" ("id" uuid not null, "partner_id" uuid not null, "plan_id" uuid not null, "customer_id" uuid not null, "assignment_id" uuid not null, "email" text not null, "request_id" text not null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create index "trial_sign_up_email" on "trial_sign_up" ("plan_id", "email");`);
    this.addSql(
      `alter table "trial_sign_up" add constraint "trial_sign_up_request_unique" unique ("plan_id", "request_id");`,
    );

    this.addSql(
      `create table "suite_acceptance" ("id" uuid not null, "partner_id" uuid not null, "suite_change_id" uuid not null, "customer_id" uuid not null, "assignment_id" uuid not null, "status" text not null, "code" text null, "params" jsonb null, "person_id" uuid not null, "queued_at" timestamptz(6) not null, "done_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(
      `create index "suite_acceptance_queued" on "suite_acceptance" ("suite_change_id", "person_id") where status = 'queued';`,
    );
    this.addSql(
      `alter table "suite_acceptance" add constraint "suite_acceptance_once" unique ("suite_change_id", "assignment_id");`,
    );

    this.addSql(
      `create table "crossgrade" ("id" uuid not null, "partner_id" uuid not null, "customer_id" uuid not null, "plan_id" uuid not null, "assignment_id" uuid not null, "person_id" uuid not null, "at" timestamptz(6) not null, "former" jsonb not null, "undone_at" timestamptz(6) null, "undone_by_id" uuid null, "undo_closed_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`create index "crossgrade_customer" on "crossgrade" ("customer_id");`);
    this.addSql(
      `create index "crossgrade_undo_open" on "crossgrade" ("at") where undone_at is null and undo_closed_at is null;`,
    );

    this.addSql(
      `create table "price" ("id" uuid not null, "partner_id" uuid not null, "product_id" uuid not null, "version" text not null, "subscription_type" text not null, "currency" text not null, "valid_from" date not null, "from_units" int not null, "price" numeric not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "price" add constraint "price_unique" unique ("partner_id", "product_id", "version", "subscription_type", "currency", "valid_from", "from_units");`,
    );

    this.addSql(
      `create table "license" ("id" uuid not null, "partner_id" uuid not null, "customer_id" uuid not null, "assignment_id" uuid null, "plan_id" uuid null, "product_id" uuid not null, "version" text not null, "subscription_type" text not null, "unit_type" text not null, "units" int not null, "units_at_renewal" int null, "terms" jsonb not null, "starts_on" date not null, "ends_on" date not null, "auto_renewal" boolean not null, "notify_days" jsonb not null, "grace_days" int not null, "activation" text not null, "activated_at" timestamptz(6) null, "activation_code" text null, "data_centre" text null, "suspended" boolean not null, "removed_on" date null, "settled_on" date null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create index "license_customer" on "license" ("customer_id", "product_id");`);
    this.addSql(`create index "license_partner" on "license" ("partner_id", "customer_id");`);
    this.addSql(`create index "license_assignment" on "license" ("assignment_id");`);
    this.addSql(`create index "license_nfr" on "license" ("partner_id", "product_id") where version = 'nfr';`);
    this.addSql(
      `create index "license_due" on "license" (license_due("ends_on", "notify_days", "grace_days", "settled_on", "removed_on"));`,
    );
    this.addSql(
      `create index "license_units_ahead" on "license" ("id") where jsonb_path_exists("terms", '$[*].units');`,
    );
    this.addSql(
      `create index "license_hindered" on "license" ("ends_on") where auto_renewal and removed_on is null and settled_on >= ends_on;`,
    );
    this.addSql(
      `create index "license_price_kept" on "license" ("partner_id") where terms @> '[{"priceKept": true}]';`,
    );

    this.addSql(
      `create table "customer_transaction" ("id" uuid not null, "at" timestamptz(6) not null, "effective_on" date not null, "partner_id" uuid not null, "customer_id" uuid not null, "license_id" uuid not null, "product_id" uuid not null, "plan_before_id" uuid null, "plan_after_id" uuid null, "type" text not null, "reason" text not null, "units_before" int not null, "delta" int not null, "units_after" int not null, "term_before" jsonb null, "term_after" jsonb null, "person_id" uuid null, "request_id" text not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "customer_transaction_partner_at" on "customer_transaction" ("partner_id", "at" desc, "id" desc);`,
    );
    this.addSql(`create index "customer_transaction_license" on "customer_transaction" ("license_id");`);
    this.addSql(`create index "customer_transaction_customer" on "customer_transaction" ("customer_id");`);
    this.addSql(
      `create index "customer_transaction_moved" on "customer_transaction" ("plan_before_id") where plan_before_id <> plan_after_id;`,
    );

    this.addSql(
      `create table "money_line" ("id" uuid not null, "partner_id" uuid not null, "customer_id" uuid not null, "license_id" uuid not null, "transaction_id" uuid not null, "product_id" uuid not null, "kind" text not null, "amount_minor" bigint not null, "currency" text not null, "effective_on" date not null, primary key ("id"));`,
    );
    this.addSql(`create index "money_line_license" on "money_line" ("license_id");`);
    this.addSql(`create index "money_line_transaction" on "money_line" ("transaction_id");`);

    this.addSql(
      `create table "waiting_crossgrade" ("id" uuid not null, "partner_id" uuid not null, "customer_id" uuid not null, "plan_id" uuid not null, "units" int not null, "person_id" uuid not null, "created_at" timestamptz(6) not null, "resolved_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(
      `create unique index "waiting_crossgrade_unique" on "waiting_crossgrade" ("customer_id", "plan_id") where resolved_at is null;`,
    );
    this.addSql(
      `create index "waiting_crossgrade_partner" on "waiting_crossgrade" ("partner_id") where resolved_at is null;`,
    );

    this.addSql(`alter table "audit_head" enable row level security;`);
    this.addSql(`alter table "audit_head" force row level security;`);
    this.addSql(`create policy "system_all" on "audit_head" to "seatwise_system" using (true) with check (true);`);

    this.addSql(`alter table "installation" enable row level security;`);
    this.addSql(`alter table "installation" force row level security;`);
    this.addSql(`create policy "system_all" on "installation" to "seatwise_system" using (true) with check (true);`);

    this.addSql(
      `alter table "partner" add constraint "partner_parent_id_foreign" foreign key ("parent_id") references "partner" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "partner" add constraint "partner_tier_two_has_parent" check ((tier = 'tier_2') = (parent_id is not null));`,
    );
    this.addSql(
      `alter table "partner" add constraint "partner_auto_submit_days" check (auto_submit_days >= 1 and auto_submit_days <= 28);`,
    );
    this.addSql(`alter table "partner" enable row level security;`);
    this.addSql(`alter table "partner" force row level security;`);
    this.addSql(`create policy "system_all" on "partner" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "known" on "partner" for select to "seatwise_app" using (id = any ((select wall.reports())::uuid[]) or id = any ((select wall.prices())::uuid[]));`,
    );
    this.addSql(
      `create policy "own" on "partner" for update to "seatwise_app" using (id = (select wall.partner())) with check (id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "mail" add constraint "mail_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(`alter table "mail" enable row level security;`);
    this.addSql(`alter table "mail" force row level security;`);
    this.addSql(`create policy "system_all" on "mail" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "own" on "mail" to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "customer" add constraint "customer_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "customer" add constraint "customer_tier_one_id_foreign" foreign key ("tier_one_id") references "partner" ("id");`,
    );
    this.addSql(`alter table "customer" enable row level security;`);
    this.addSql(`alter table "customer" force row level security;`);
    this.addSql(`create policy "system_all" on "customer" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "within_reach" on "customer" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "customer" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "customer" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "customer" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "channel_claim" add constraint "channel_claim_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(`alter table "channel_claim" enable row level security;`);
    this.addSql(`alter table "channel_claim" force row level security;`);
    this.addSql(`create policy "system_all" on "channel_claim" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "own" on "channel_claim" to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "person" add constraint "person_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(`alter table "person" enable row level security;`);
    this.addSql(`alter table "person" force row level security;`);
    this.addSql(`create policy "system_all" on "person" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "own" on "person" to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "linked_identity" add constraint "linked_identity_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "linked_identity" add constraint "linked_identity_person_id_foreign" foreign key ("person_id") references "person" ("id");`,
    );
    this.addSql(`alter table "linked_identity" enable row level security;`);
    this.addSql(`alter table "linked_identity" force row level security;`);
    this.addSql(`create policy "system_all" on "linked_identity" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "own" on "linked_identity" to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "form_draft" add constraint "form_draft_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "form_draft" add constraint "form_draft_person_id_foreign" foreign key ("person_id") references "person" ("id");`,
    );
    this.addSql(`alter table "form_draft" enable row level security;`);
    this.addSql(`alter table "form_draft" force row level security;`);
    this.addSql(`create policy "system_all" on "form_draft" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "own" on "form_draft" to "seatwise_app" using (person_id = (select wall.person())) with check (person_id = (select wall.person()));`,
    );

    this.addSql(
      `alter table "digest" add constraint "digest_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "digest" add constraint "digest_owner_id_foreign" foreign key ("owner_id") references "person" ("id");`,
    );
    this.addSql(`alter table "digest" add constraint "digest_weekday" check (weekday >= 1 and weekday <= 7);`);
    this.addSql(`alter table "digest" enable row level security;`);
    this.addSql(`alter table "digest" force row level security;`);
    this.addSql(`create policy "system_all" on "digest" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "own" on "digest" to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "customer_event" add constraint "customer_event_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "customer_event" add constraint "customer_event_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "customer_event" add constraint "customer_event_person_id_foreign" foreign key ("person_id") references "person" ("id");`,
    );
    this.addSql(`alter table "customer_event" enable row level security;`);
    this.addSql(`alter table "customer_event" force row level security;`);
    this.addSql(`create policy "system_all" on "customer_event" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "within_reach" on "customer_event" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "customer_event" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "customer_event" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "customer_event" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "audit_entry" add constraint "audit_entry_partner_id_foreign" foreign key ("partner_id") references "partner" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "audit_entry" add constraint "audit_entry_person_id_foreign" foreign key ("person_id") references "person" ("id") on delete set null;`,
    );
    this.addSql(`alter table "audit_entry" enable row level security;`);
    this.addSql(`alter table "audit_entry" force row level security;`);
    this.addSql(`create policy "system_all" on "audit_entry" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "own" on "audit_entry" to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );

    this.addSql(`alter table "seen_delivery" enable row level security;`);
    this.addSql(`alter table "seen_delivery" force row level security;`);
    this.addSql(`create policy "system_all" on "seen_delivery" to "seatwise_system" using (true) with check (true);`);

    this.addSql(
      `alter table "stored_file" add constraint "stored_file_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(`alter table "stored_file" enable row level security;`);
    this.addSql(`alter table "stored_file" force row level security;`);
    this.addSql(`create policy "system_all" on "stored_file" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "own" on "stored_file" to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "outgoing" add constraint "outgoing_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "outgoing" add constraint "outgoing_file_id_foreign" foreign key ("file_id") references "stored_file" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "outgoing" add constraint "outgoing_updates_id_foreign" foreign key ("updates_id") references "outgoing" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "outgoing" add constraint "outgoing_person_id_foreign" foreign key ("person_id") references "person" ("id") on delete set null;`,
    );
    this.addSql(`alter table "outgoing" enable row level security;`);
    this.addSql(`alter table "outgoing" force row level security;`);
    this.addSql(`create policy "system_all" on "outgoing" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "own" on "outgoing" to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "digest_post" add constraint "digest_post_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "digest_post" add constraint "digest_post_digest_id_foreign" foreign key ("digest_id") references "digest" ("id");`,
    );
    this.addSql(
      `alter table "digest_post" add constraint "digest_post_outgoing_id_foreign" foreign key ("outgoing_id") references "outgoing" ("id") on delete set null;`,
    );
    this.addSql(`alter table "digest_post" enable row level security;`);
    this.addSql(`alter table "digest_post" force row level security;`);
    this.addSql(`create policy "system_all" on "digest_post" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "own" on "digest_post" to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "customer_import" add constraint "customer_import_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "customer_import" add constraint "customer_import_person_id_foreign" foreign key ("person_id") references "person" ("id");`,
    );
    this.addSql(
      `alter table "customer_import" add constraint "customer_import_file_id_foreign" foreign key ("file_id") references "stored_file" ("id");`,
    );
    this.addSql(
      `alter table "customer_import" add constraint "customer_import_fault_file_id_foreign" foreign key ("fault_file_id") references "stored_file" ("id") on delete set null;`,
    );
    this.addSql(`alter table "customer_import" enable row level security;`);
    this.addSql(`alter table "customer_import" force row level security;`);
    this.addSql(`create policy "system_all" on "customer_import" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "own" on "customer_import" to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "customer_import_part" add constraint "customer_import_part_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "customer_import_part" add constraint "customer_import_part_import_id_foreign" foreign key ("import_id") references "customer_import" ("id");`,
    );
    this.addSql(`alter table "customer_import_part" enable row level security;`);
    this.addSql(`alter table "customer_import_part" force row level security;`);
    this.addSql(
      `create policy "system_all" on "customer_import_part" to "seatwise_system" using (true) with check (true);`,
    );
    this.addSql(
      `create policy "own" on "customer_import_part" to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "usage_report" add constraint "usage_report_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "usage_report" add constraint "usage_report_submitted_by_foreign" foreign key ("submitted_by") references "person" ("id") on delete set null;`,
    );
    this.addSql(`alter table "usage_report" enable row level security;`);
    this.addSql(`alter table "usage_report" force row level security;`);
    this.addSql(`create policy "system_all" on "usage_report" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "reports" on "usage_report" to "seatwise_app" using (partner_id = any ((select wall.reports())::uuid[])) with check (partner_id = any ((select wall.reports())::uuid[]));`,
    );

    this.addSql(
      `alter table "usage_report_event" add constraint "usage_report_event_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "usage_report_event" add constraint "usage_report_event_report_id_foreign" foreign key ("report_id") references "usage_report" ("id");`,
    );
    this.addSql(
      `alter table "usage_report_event" add constraint "usage_report_event_person_id_foreign" foreign key ("person_id") references "person" ("id") on delete set null;`,
    );
    this.addSql(`alter table "usage_report_event" enable row level security;`);
    this.addSql(`alter table "usage_report_event" force row level security;`);
    this.addSql(
      `create policy "system_all" on "usage_report_event" to "seatwise_system" using (true) with check (true);`,
    );
    this.addSql(
      `create policy "reports" on "usage_report_event" to "seatwise_app" using (partner_id = any ((select wall.reports())::uuid[])) with check (partner_id = any ((select wall.reports())::uuid[]));`,
    );

    this.addSql(`alter table "vendor" enable row level security;`);
    this.addSql(`alter table "vendor" force row level security;`);
    this.addSql(`create policy "system_all" on "vendor" to "seatwise_system" using (true) with check (true);`);
    this.addSql(`create policy "read" on "vendor" for select to "seatwise_app" using (true);`);

    this.addSql(
      `alter table "product" add constraint "product_vendor_id_foreign" foreign key ("vendor_id") references "vendor" ("id");`,
    );
    this.addSql(`alter table "product" enable row level security;`);
    this.addSql(`alter table "product" force row level security;`);
    this.addSql(`create policy "system_all" on "product" to "seatwise_system" using (true) with check (true);`);
    this.addSql(`create policy "read" on "product" for select to "seatwise_app" using (true);`);

    this.addSql(
      `alter table "usage_report_line" add constraint "usage_report_line_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "usage_report_line" add constraint "usage_report_line_report_id_foreign" foreign key ("report_id") references "usage_report" ("id");`,
    );
    this.addSql(
      `alter table "usage_report_line" add constraint "usage_report_line_product_id_foreign" foreign key ("product_id") references "product" ("id");`,
    );
    this.addSql(
      `alter table "usage_report_line" add constraint "usage_report_line_chargeable" check (chargeable >= 0 and chargeable <= provisioned);`,
    );
    this.addSql(
      `alter table "usage_report_line" add constraint "usage_report_line_edit_has_comment" check (not edited or comment is not null);`,
    );
    this.addSql(`alter table "usage_report_line" enable row level security;`);
    this.addSql(`alter table "usage_report_line" force row level security;`);
    this.addSql(
      `create policy "system_all" on "usage_report_line" to "seatwise_system" using (true) with check (true);`,
    );
    this.addSql(
      `create policy "reports" on "usage_report_line" to "seatwise_app" using (partner_id = any ((select wall.reports())::uuid[])) with check (partner_id = any ((select wall.reports())::uuid[]));`,
    );

    this.addSql(
      `alter table "usage_day" add constraint "usage_day_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "usage_day" add constraint "usage_day_product_id_foreign" foreign key ("product_id") references "product" ("id");`,
    );
    this.addSql(
      `alter table "usage_day" add constraint "usage_day_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "usage_day" add constraint "usage_day_not_negative" check (provisioned >= 0 and (used is null or used >= 0));`,
    );
    this.addSql(`alter table "usage_day" enable row level security;`);
    this.addSql(`alter table "usage_day" force row level security;`);
    this.addSql(`create policy "system_all" on "usage_day" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "within_reach" on "usage_day" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "usage_day" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "usage_day" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "usage_day" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "suite_change" add constraint "suite_change_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "suite_change" add constraint "suite_change_product_id_foreign" foreign key ("product_id") references "product" ("id");`,
    );
    this.addSql(
      `alter table "suite_change" add constraint "suite_change_approved_by_foreign" foreign key ("approved_by") references "person" ("id") on delete set null;`,
    );
    this.addSql(`alter table "suite_change" enable row level security;`);
    this.addSql(`alter table "suite_change" force row level security;`);
    this.addSql(`create policy "system_all" on "suite_change" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "within_reach" on "suite_change" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "suite_change" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "suite_change" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "suite_change" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "service_plan" add constraint "service_plan_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "service_plan" add constraint "service_plan_product_id_foreign" foreign key ("product_id") references "product" ("id");`,
    );
    this.addSql(
      `alter table "service_plan" add constraint "service_plan_units" check (default_units >= 1 and default_units <= 1000000);`,
    );
    this.addSql(`alter table "service_plan" enable row level security;`);
    this.addSql(`alter table "service_plan" force row level security;`);
    this.addSql(`create policy "system_all" on "service_plan" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "within_reach" on "service_plan" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "service_plan" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "service_plan" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "service_plan" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "plan_assignment" add constraint "plan_assignment_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "plan_assignment" add constraint "plan_assignment_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "plan_assignment" add constraint "plan_assignment_plan_id_foreign" foreign key ("plan_id") references "service_plan" ("id");`,
    );
    this.addSql(`alter table "plan_assignment" enable row level security;`);
    this.addSql(`alter table "plan_assignment" force row level security;`);
    this.addSql(`create policy "system_all" on "plan_assignment" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "within_reach" on "plan_assignment" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "plan_assignment" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "plan_assignment" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "plan_assignment" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "trial_sign_up" add constraint "trial_sign_up_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "trial_sign_up" add constraint "trial_sign_up_plan_id_foreign" foreign key ("plan_id") references "service_plan" ("id");`,
    );
    this.addSql(
      `alter table "trial_sign_up" add constraint "trial_sign_up_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "trial_sign_up" add constraint "trial_sign_up_assignment_id_foreign" foreign key ("assignment_id") references "plan_assignment" ("id");`,
    );
    this.addSql(`alter table "trial_sign_up" enable row level security;`);
    this.addSql(`alter table "trial_sign_up" force row level security;`);
    this.addSql(`create policy "system_all" on "trial_sign_up" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "within_reach" on "trial_sign_up" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "trial_sign_up" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "trial_sign_up" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "trial_sign_up" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "suite_acceptance" add constraint "suite_acceptance_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "suite_acceptance" add constraint "suite_acceptance_suite_change_id_foreign" foreign key ("suite_change_id") references "suite_change" ("id");`,
    );
    this.addSql(
      `alter table "suite_acceptance" add constraint "suite_acceptance_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "suite_acceptance" add constraint "suite_acceptance_assignment_id_foreign" foreign key ("assignment_id") references "plan_assignment" ("id");`,
    );
    this.addSql(
      `alter table "suite_acceptance" add constraint "suite_acceptance_person_id_foreign" foreign key ("person_id") references "person" ("id");`,
    );
    this.addSql(`alter table "suite_acceptance" enable row level security;`);
    this.addSql(`alter table "suite_acceptance" force row level security;`);
    this.addSql(
      `create policy "system_all" on "suite_acceptance" to "seatwise_system" using (true) with check (true);`,
    );
    this.addSql(
      `create policy "within_reach" on "suite_acceptance" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "suite_acceptance" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "suite_acceptance" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "suite_acceptance" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "crossgrade" add constraint "crossgrade_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "crossgrade" add constraint "crossgrade_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "crossgrade" add constraint "crossgrade_plan_id_foreign" foreign key ("plan_id") references "service_plan" ("id");`,
    );
    this.addSql(
      `alter table "crossgrade" add constraint "crossgrade_assignment_id_foreign" foreign key ("assignment_id") references "plan_assignment" ("id");`,
    );
    this.addSql(
      `alter table "crossgrade" add constraint "crossgrade_person_id_foreign" foreign key ("person_id") references "person" ("id");`,
    );
    this.addSql(
      `alter table "crossgrade" add constraint "crossgrade_undone_by_id_foreign" foreign key ("undone_by_id") references "person" ("id") on delete set null;`,
    );
    this.addSql(`alter table "crossgrade" enable row level security;`);
    this.addSql(`alter table "crossgrade" force row level security;`);
    this.addSql(`create policy "system_all" on "crossgrade" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "within_reach" on "crossgrade" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "crossgrade" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "crossgrade" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "crossgrade" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "price" add constraint "price_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "price" add constraint "price_product_id_foreign" foreign key ("product_id") references "product" ("id");`,
    );
    this.addSql(`alter table "price" add constraint "price_not_negative" check (price >= 0 and from_units >= 1);`);
    this.addSql(`alter table "price" enable row level security;`);
    this.addSql(`alter table "price" force row level security;`);
    this.addSql(`create policy "system_all" on "price" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "within_reach" on "price" for select to "seatwise_app" using (partner_id = any ((select wall.prices())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "price" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "price" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "price" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "license" add constraint "license_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "license" add constraint "license_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "license" add constraint "license_assignment_id_foreign" foreign key ("assignment_id") references "plan_assignment" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "license" add constraint "license_plan_id_foreign" foreign key ("plan_id") references "service_plan" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "license" add constraint "license_product_id_foreign" foreign key ("product_id") references "product" ("id");`,
    );
    this.addSql(`alter table "license" add constraint "license_units" check (units >= 0);`);
    this.addSql(`alter table "license" enable row level security;`);
    this.addSql(`alter table "license" force row level security;`);
    this.addSql(`create policy "system_all" on "license" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "within_reach" on "license" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "license" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "license" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "license" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "customer_transaction" add constraint "customer_transaction_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "customer_transaction" add constraint "customer_transaction_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "customer_transaction" add constraint "customer_transaction_license_id_foreign" foreign key ("license_id") references "license" ("id");`,
    );
    this.addSql(
      `alter table "customer_transaction" add constraint "customer_transaction_product_id_foreign" foreign key ("product_id") references "product" ("id");`,
    );
    this.addSql(
      `alter table "customer_transaction" add constraint "customer_transaction_plan_before_id_foreign" foreign key ("plan_before_id") references "service_plan" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "customer_transaction" add constraint "customer_transaction_plan_after_id_foreign" foreign key ("plan_after_id") references "service_plan" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "customer_transaction" add constraint "customer_transaction_person_id_foreign" foreign key ("person_id") references "person" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "customer_transaction" add constraint "customer_transaction_adds_up" check (units_before + delta = units_after);`,
    );
    this.addSql(`alter table "customer_transaction" enable row level security;`);
    this.addSql(`alter table "customer_transaction" force row level security;`);
    this.addSql(
      `create policy "system_all" on "customer_transaction" to "seatwise_system" using (true) with check (true);`,
    );
    this.addSql(
      `create policy "within_reach" on "customer_transaction" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "customer_transaction" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "customer_transaction" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "customer_transaction" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "money_line" add constraint "money_line_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "money_line" add constraint "money_line_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "money_line" add constraint "money_line_license_id_foreign" foreign key ("license_id") references "license" ("id");`,
    );
    this.addSql(
      `alter table "money_line" add constraint "money_line_transaction_id_foreign" foreign key ("transaction_id") references "customer_transaction" ("id");`,
    );
    this.addSql(
      `alter table "money_line" add constraint "money_line_product_id_foreign" foreign key ("product_id") references "product" ("id");`,
    );
    this.addSql(`alter table "money_line" enable row level security;`);
    this.addSql(`alter table "money_line" force row level security;`);
    this.addSql(`create policy "system_all" on "money_line" to "seatwise_system" using (true) with check (true);`);
    this.addSql(
      `create policy "within_reach" on "money_line" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "money_line" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "money_line" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "money_line" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );

    this.addSql(
      `alter table "waiting_crossgrade" add constraint "waiting_crossgrade_partner_id_foreign" foreign key ("partner_id") references "partner" ("id");`,
    );
    this.addSql(
      `alter table "waiting_crossgrade" add constraint "waiting_crossgrade_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "waiting_crossgrade" add constraint "waiting_crossgrade_plan_id_foreign" foreign key ("plan_id") references "service_plan" ("id");`,
    );
    this.addSql(
      `alter table "waiting_crossgrade" add constraint "waiting_crossgrade_person_id_foreign" foreign key ("person_id") references "person" ("id");`,
    );
    this.addSql(`alter table "waiting_crossgrade" enable row level security;`);
    this.addSql(`alter table "waiting_crossgrade" force row level security;`);
    this.addSql(
      `create policy "system_all" on "waiting_crossgrade" to "seatwise_system" using (true) with check (true);`,
    );
    this.addSql(
      `create policy "within_reach" on "waiting_crossgrade" for select to "seatwise_app" using (partner_id = any ((select wall.readable())::uuid[]));`,
    );
    this.addSql(
      `create policy "own_new" on "waiting_crossgrade" for insert to "seatwise_app" with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own" on "waiting_crossgrade" for update to "seatwise_app" using (partner_id = (select wall.partner())) with check (partner_id = (select wall.partner()));`,
    );
    this.addSql(
      `create policy "own_gone" on "waiting_crossgrade" for delete to "seatwise_app" using (partner_id = (select wall.partner()));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "partner" drop constraint "partner_parent_id_foreign";`);
    this.addSql(`alter table "mail" drop constraint "mail_partner_id_foreign";`);
    this.addSql(`alter table "customer" drop constraint "customer_partner_id_foreign";`);
    this.addSql(`alter table "customer" drop constraint "customer_tier_one_id_foreign";`);
    this.addSql(`alter table "channel_claim" drop constraint "channel_claim_partner_id_foreign";`);
    this.addSql(`alter table "person" drop constraint "person_partner_id_foreign";`);
    this.addSql(`alter table "linked_identity" drop constraint "linked_identity_partner_id_foreign";`);
    this.addSql(`alter table "form_draft" drop constraint "form_draft_partner_id_foreign";`);
    this.addSql(`alter table "digest" drop constraint "digest_partner_id_foreign";`);
    this.addSql(`alter table "customer_event" drop constraint "customer_event_partner_id_foreign";`);
    this.addSql(`alter table "audit_entry" drop constraint "audit_entry_partner_id_foreign";`);
    this.addSql(`alter table "stored_file" drop constraint "stored_file_partner_id_foreign";`);
    this.addSql(`alter table "outgoing" drop constraint "outgoing_partner_id_foreign";`);
    this.addSql(`alter table "digest_post" drop constraint "digest_post_partner_id_foreign";`);
    this.addSql(`alter table "customer_import" drop constraint "customer_import_partner_id_foreign";`);
    this.addSql(`alter table "customer_import_part" drop constraint "customer_import_part_partner_id_foreign";`);
    this.addSql(`alter table "usage_report" drop constraint "usage_report_partner_id_foreign";`);
    this.addSql(`alter table "usage_report_event" drop constraint "usage_report_event_partner_id_foreign";`);
    this.addSql(`alter table "usage_report_line" drop constraint "usage_report_line_partner_id_foreign";`);
    this.addSql(`alter table "usage_day" drop constraint "usage_day_partner_id_foreign";`);
    this.addSql(`alter table "suite_change" drop constraint "suite_change_partner_id_foreign";`);
    this.addSql(`alter table "service_plan" drop constraint "service_plan_partner_id_foreign";`);
    this.addSql(`alter table "plan_assignment" drop constraint "plan_assignment_partner_id_foreign";`);
    this.addSql(`alter table "trial_sign_up" drop constraint "trial_sign_up_partner_id_foreign";`);
    this.addSql(`alter table "suite_acceptance" drop constraint "suite_acceptance_partner_id_foreign";`);
    this.addSql(`alter table "crossgrade" drop constraint "crossgrade_partner_id_foreign";`);
    this.addSql(`alter table "price" drop constraint "price_partner_id_foreign";`);
    this.addSql(`alter table "license" drop constraint "license_partner_id_foreign";`);
    this.addSql(`alter table "customer_transaction" drop constraint "customer_transaction_partner_id_foreign";`);
    this.addSql(`alter table "money_line" drop constraint "money_line_partner_id_foreign";`);
    this.addSql(`alter table "waiting_crossgrade" drop constraint "waiting_crossgrade_partner_id_foreign";`);
    this.addSql(`alter table "customer_event" drop constraint "customer_event_customer_id_foreign";`);
    this.addSql(`alter table "usage_day" drop constraint "usage_day_customer_id_foreign";`);
    this.addSql(`alter table "plan_assignment" drop constraint "plan_assignment_customer_id_foreign";`);
    this.addSql(`alter table "trial_sign_up" drop constraint "trial_sign_up_customer_id_foreign";`);
    this.addSql(`alter table "suite_acceptance" drop constraint "suite_acceptance_customer_id_foreign";`);
    this.addSql(`alter table "crossgrade" drop constraint "crossgrade_customer_id_foreign";`);
    this.addSql(`alter table "license" drop constraint "license_customer_id_foreign";`);
    this.addSql(`alter table "customer_transaction" drop constraint "customer_transaction_customer_id_foreign";`);
    this.addSql(`alter table "money_line" drop constraint "money_line_customer_id_foreign";`);
    this.addSql(`alter table "waiting_crossgrade" drop constraint "waiting_crossgrade_customer_id_foreign";`);
    this.addSql(`alter table "linked_identity" drop constraint "linked_identity_person_id_foreign";`);
    this.addSql(`alter table "form_draft" drop constraint "form_draft_person_id_foreign";`);
    this.addSql(`alter table "digest" drop constraint "digest_owner_id_foreign";`);
    this.addSql(`alter table "customer_event" drop constraint "customer_event_person_id_foreign";`);
    this.addSql(`alter table "audit_entry" drop constraint "audit_entry_person_id_foreign";`);
    this.addSql(`alter table "outgoing" drop constraint "outgoing_person_id_foreign";`);
    this.addSql(`alter table "customer_import" drop constraint "customer_import_person_id_foreign";`);
    this.addSql(`alter table "usage_report" drop constraint "usage_report_submitted_by_foreign";`);
    this.addSql(`alter table "usage_report_event" drop constraint "usage_report_event_person_id_foreign";`);
    this.addSql(`alter table "suite_change" drop constraint "suite_change_approved_by_foreign";`);
    this.addSql(`alter table "suite_acceptance" drop constraint "suite_acceptance_person_id_foreign";`);
    this.addSql(`alter table "crossgrade" drop constraint "crossgrade_person_id_foreign";`);
    this.addSql(`alter table "crossgrade" drop constraint "crossgrade_undone_by_id_foreign";`);
    this.addSql(`alter table "customer_transaction" drop constraint "customer_transaction_person_id_foreign";`);
    this.addSql(`alter table "waiting_crossgrade" drop constraint "waiting_crossgrade_person_id_foreign";`);
    this.addSql(`alter table "digest_post" drop constraint "digest_post_digest_id_foreign";`);
    this.addSql(`alter table "outgoing" drop constraint "outgoing_file_id_foreign";`);
    this.addSql(`alter table "customer_import" drop constraint "customer_import_file_id_foreign";`);
    this.addSql(`alter table "customer_import" drop constraint "customer_import_fault_file_id_foreign";`);
    this.addSql(`alter table "outgoing" drop constraint "outgoing_updates_id_foreign";`);
    this.addSql(`alter table "digest_post" drop constraint "digest_post_outgoing_id_foreign";`);
    this.addSql(`alter table "customer_import_part" drop constraint "customer_import_part_import_id_foreign";`);
    this.addSql(`alter table "usage_report_event" drop constraint "usage_report_event_report_id_foreign";`);
    this.addSql(`alter table "usage_report_line" drop constraint "usage_report_line_report_id_foreign";`);
    this.addSql(`alter table "product" drop constraint "product_vendor_id_foreign";`);
    this.addSql(`alter table "usage_report_line" drop constraint "usage_report_line_product_id_foreign";`);
    this.addSql(`alter table "usage_day" drop constraint "usage_day_product_id_foreign";`);
    this.addSql(`alter table "suite_change" drop constraint "suite_change_product_id_foreign";`);
    this.addSql(`alter table "service_plan" drop constraint "service_plan_product_id_foreign";`);
    this.addSql(`alter table "price" drop constraint "price_product_id_foreign";`);
    this.addSql(`alter table "license" drop constraint "license_product_id_foreign";`);
    this.addSql(`alter table "customer_transaction" drop constraint "customer_transaction_product_id_foreign";`);
    this.addSql(`alter table "money_line" drop constraint "money_line_product_id_foreign";`);
    this.addSql(`alter table "suite_acceptance" drop constraint "suite_acceptance_suite_change_id_foreign";`);
    this.addSql(`alter table "plan_assignment" drop constraint "plan_assignment_plan_id_foreign";`);
    this.addSql(`alter table "trial_sign_up" drop constraint "trial_sign_up_plan_id_foreign";`);
    this.addSql(`alter table "crossgrade" drop constraint "crossgrade_plan_id_foreign";`);
    this.addSql(`alter table "license" drop constraint "license_plan_id_foreign";`);
    this.addSql(`alter table "customer_transaction" drop constraint "customer_transaction_plan_before_id_foreign";`);
    this.addSql(`alter table "customer_transaction" drop constraint "customer_transaction_plan_after_id_foreign";`);
    this.addSql(`alter table "waiting_crossgrade" drop constraint "waiting_crossgrade_plan_id_foreign";`);
    this.addSql(`alter table "trial_sign_up" drop constraint "trial_sign_up_assignment_id_foreign";`);
    this.addSql(`alter table "suite_acceptance" drop constraint "suite_acceptance_assignment_id_foreign";`);
    this.addSql(`alter table "crossgrade" drop constraint "crossgrade_assignment_id_foreign";`);
    this.addSql(`alter table "license" drop constraint "license_assignment_id_foreign";`);
    this.addSql(`alter table "customer_transaction" drop constraint "customer_transaction_license_id_foreign";`);
    this.addSql(`alter table "money_line" drop constraint "money_line_license_id_foreign";`);
    this.addSql(`alter table "money_line" drop constraint "money_line_transaction_id_foreign";`);
  }
}
