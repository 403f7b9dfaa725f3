/**
 * What the two fake platforms remember, durable in one SQLite file: chat history, open modals, files, the
 * clock. Everything is held in memory too, so that reads never touch the disk; each change is written before
 * `put` returns, which is what lets a conversation survive kill -9.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JWK } from 'jose';
import type {
  Faults,
  SlackChannel,
  SlackMessage,
  SlackModals,
  SlackView,
  TeamsActivity,
  TeamsChat,
  TeamsDialog,
  TourState,
} from './protocol.ts';

/** Credentials of this playground alone, made at its first start. */
export interface Secrets {
  readonly slackSigningSecret: string;
  readonly slackBotToken: string;
  readonly teamsClientSecret: string;
}

export interface ResponseUrl {
  readonly user: string;
  readonly channel: string;
  /** The message whose button was clicked; absent for a slash command. */
  readonly ts?: string;
  readonly usesLeft: number;
  /** Real time, milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface KeptFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  /** As announced; the bytes may not have come yet. */
  readonly size: number;
  readonly state: 'announced' | 'uploaded' | 'shared';
  /** What must be in the upload address. */
  readonly ticket: string;
  /** The persona who gave it; absent: the app. */
  readonly persona?: string;
}

/** A dialog as the server keeps it: with the card or message that it was opened from. */
export interface KeptDialog {
  readonly dialog: TeamsDialog;
  readonly chat: string;
  readonly activityId: string;
}

/** Kind of thing → what is kept, by key. */
export interface Kept {
  secrets: Secrets;
  signing_key: { readonly kid: string; readonly jwk: JWK };
  slack_channel: SlackChannel;
  slack_message: SlackMessage;
  slack_home: SlackView;
  slack_modals: SlackModals;
  response_url: ResponseUrl;
  teams_chat: TeamsChat;
  teams_activity: TeamsActivity;
  teams_dialog: KeptDialog;
  file: KeptFile;
  unread: number;
  faults: Faults;
  tour: TourState;
  /** Business time at which the clock goes on after a restart. */
  clock: string;
  /** Present once the bot was installed in the tenant. */
  installed: true;
  /** By mail id: present once the mail was counted as new. */
  mail_shown: string;
}
export type Kind = keyof Kept;

export interface Store {
  readonly secrets: Secrets;
  get<K extends Kind>(kind: K, key: string): Kept[K] | undefined;
  /** In the order in which the keys were first put. */
  all<K extends Kind>(kind: K): Kept[K][];
  entries<K extends Kind>(kind: K): [string, Kept[K]][];
  put<K extends Kind>(kind: K, key: string, value: Kept[K]): void;
  delete(kind: Kind, key: string): void;
  putBytes(fileId: string, bytes: Uint8Array): void;
  bytes(fileId: string): Uint8Array | undefined;
  /** Forgets everything, credentials included. */
  reset(): void;
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS item (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, UNIQUE (kind, key)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS file_bytes (id TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
`;

const newSecrets = (): Secrets => ({
  slackSigningSecret: randomBytes(16).toString('hex'),
  slackBotToken: `xoxb-playground-${randomBytes(16).toString('hex')}`,
  teamsClientSecret: randomBytes(24).toString('base64url'),
});

/**
 * Opens or creates the store. `file` may be `:memory:`. Throws when the file is not a database or when
 * another process holds it locked.
 */
export const openStore = (file: string): Store => {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file, { timeout: 2000 });
  // NORMAL with WAL loses nothing when the process dies, only when the machine does.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  db.exec(schema);
  const upsert = db.prepare(
    'INSERT INTO item (kind, key, json) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET json = excluded.json',
  );
  const remove = db.prepare('DELETE FROM item WHERE kind = ? AND key = ?');
  const putBlob = db.prepare('INSERT OR REPLACE INTO file_bytes (id, bytes) VALUES (?, ?)');
  const getBlob = db.prepare('SELECT bytes FROM file_bytes WHERE id = ?');

  const kinds = new Map<Kind, Map<string, unknown>>();
  const kindMap = (kind: Kind): Map<string, unknown> => {
    const known = kinds.get(kind);
    if (known) return known;
    const fresh = new Map<string, unknown>();
    kinds.set(kind, fresh);
    return fresh;
  };
  for (const row of db.prepare('SELECT kind, key, json FROM item ORDER BY seq').iterate()) {
    kindMap(row.kind as Kind).set(String(row.key), JSON.parse(String(row.json)));
  }

  const store: Store = {
    get secrets() {
      const known = store.get('secrets', '');
      if (known) return known;
      const made = newSecrets();
      store.put('secrets', '', made);
      return made;
    },
    get: <K extends Kind>(kind: K, key: string) => kindMap(kind).get(key) as Kept[K] | undefined,
    all: <K extends Kind>(kind: K) => [...kindMap(kind).values()] as Kept[K][],
    entries: <K extends Kind>(kind: K) => [...kindMap(kind).entries()] as [string, Kept[K]][],
    put(kind, key, value) {
      upsert.run(kind, key, JSON.stringify(value));
      kindMap(kind).set(key, value);
    },
    delete(kind, key) {
      if (!kindMap(kind).delete(key)) return;
      remove.run(kind, key);
    },
    putBytes(fileId, bytes) {
      putBlob.run(fileId, bytes);
    },
    bytes: (fileId) => getBlob.get(fileId)?.bytes as Uint8Array | undefined,
    reset() {
      db.exec('DELETE FROM item; DELETE FROM file_bytes;');
      kinds.clear();
    },
    close() {
      db.close();
    },
  };
  return store;
};
