import { z } from 'zod';

/** What is wrong with the environment: one sentence a fault. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

export interface SlackConfig {
  readonly signingSecret: string;
  readonly botToken: string;
  /** Another Web API base; null: Slack's own. */
  readonly apiUrl: string | null;
}

export interface TeamsConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenantId: string;
  /** Others than Microsoft's own; null: Microsoft's. */
  readonly serviceUrl: string | null;
  readonly loginUrl: string | null;
  readonly openIdUrl: string | null;
}

export interface Config {
  /** Null: an embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly port: number;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  /** Null: this platform is off. */
  readonly slack: SlackConfig | null;
  readonly teams: TeamsConfig | null;
  /** Null: mail is kept and shown, not sent. */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  readonly secretKey: string;
  /** Older keys that still open what they sealed. */
  readonly previousKeys: readonly string[];
  readonly logLevel: string;
  /** Local stand-ins for the platforms are trusted over plain http on this machine: the playground. */
  readonly developmentIdentity: boolean;
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

const isLoopback = (address: string): boolean => {
  try {
    return loopback.has(new URL(address).hostname);
  } catch {
    return false;
  }
};

const withoutSlash = (address: string): string => address.replace(/\/+$/, '');

/** Reads the whole environment once; nothing else looks at it. @throws ConfigError with a sentence per fault. */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const faults: string[] = [];
  const value = (name: string): string | null => env[name]?.trim() || null;
  const address = (name: string, ...protocols: string[]): string | null => {
    const given = value(name);
    if (given === null) return null;
    const parsed = z.url().safeParse(given);
    if (parsed.success && protocols.includes(new URL(given).protocol)) return withoutSlash(given);
    faults.push(`${name} must be an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}.`);
    return null;
  };

  const port = Number(value('PORT') ?? '3000');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) faults.push('PORT must be a whole number from 0 to 65535.');
  const logLevel = value('LOG_LEVEL') ?? 'info';
  if (!levels.includes(logLevel as (typeof levels)[number]))
    faults.push(`LOG_LEVEL must be one of ${levels.join(', ')}.`);

  const databaseUrl = address('DATABASE_URL', 'postgres:', 'postgresql:');
  const publicUrl = address('PUBLIC_URL', 'http:', 'https:') ?? `http://localhost:${port}`;
  const smtpUrl = address('SMTP_URL', 'smtp:', 'smtps:');
  const slackApiUrl = address('SLACK_API_URL', 'http:', 'https:');
  const teamsUrls = {
    serviceUrl: address('TEAMS_SERVICE_URL', 'http:', 'https:'),
    loginUrl: address('TEAMS_LOGIN_URL', 'http:', 'https:'),
    openIdUrl: address('TEAMS_OPENID_URL', 'http:', 'https:'),
  };

  const together = (...names: string[]): (string | null)[] => {
    const values = names.map(value);
    const missing = names.filter((_, index) => values[index] === null);
    if (missing.length > 0 && missing.length < names.length)
      faults.push(
        `${names.filter((name) => !missing.includes(name)).join(' and ')} needs ${missing.join(' and ')} as well.`,
      );
    return values;
  };
  const [signingSecret, botToken] = together('SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN');
  const [clientId, clientSecret, tenantId] = together('CLIENT_ID', 'CLIENT_SECRET', 'TENANT_ID');
  for (const name of ['SLACK_APP_TOKEN', 'SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET'])
    if (value(name)) faults.push(`${name} is set, but this version serves one workspace over HTTP; remove it.`);

  const slack: SlackConfig | null = signingSecret && botToken ? { signingSecret, botToken, apiUrl: slackApiUrl } : null;
  const teams: TeamsConfig | null =
    clientId && clientSecret && tenantId ? { clientId, clientSecret, tenantId, ...teamsUrls } : null;

  const developmentIdentity = value('DEVELOPMENT_IDENTITY') === '1';
  const stands = [publicUrl, slackApiUrl, ...Object.values(teamsUrls)].filter((one) => one !== null);
  if (developmentIdentity && !stands.every(isLoopback))
    faults.push('DEVELOPMENT_IDENTITY works on this machine alone: every address must be localhost.');
  if (developmentIdentity && ((slack && !slackApiUrl) || (teams && Object.values(teamsUrls).includes(null))))
    faults.push(
      'DEVELOPMENT_IDENTITY speaks to local stand-ins alone: SLACK_API_URL and the TEAMS_… addresses are needed.',
    );
  if (!developmentIdentity) {
    if ((slack || teams) && !databaseUrl)
      faults.push('With platform credentials DATABASE_URL is needed: the embedded database is for the playground.');
    if (!value('SECRET_KEY')) faults.push('SECRET_KEY is needed: at least 32 characters that nobody knows.');
    for (const [name, one] of [
      ['TEAMS_SERVICE_URL', teamsUrls.serviceUrl],
      ['TEAMS_LOGIN_URL', teamsUrls.loginUrl],
      ['TEAMS_OPENID_URL', teamsUrls.openIdUrl],
    ] as const)
      if (one && !one.startsWith('https:') && !isLoopback(one)) faults.push(`${name} must be https.`);
  }
  const secretKey = value('SECRET_KEY') ?? 'a playground has no secrets worth a key';
  if (value('SECRET_KEY') && secretKey.length < 32) faults.push('SECRET_KEY must have at least 32 characters.');

  if (faults.length > 0) throw new ConfigError(faults);
  return {
    databaseUrl,
    dataDir: value('DATA_DIR') ?? './data',
    port,
    publicUrl,
    slack,
    teams,
    smtpUrl,
    mailFrom: value('MAIL_FROM') ?? 'Seatwise <seatwise@localhost>',
    secretKey,
    previousKeys: (value('SECRET_KEY_PREVIOUS') ?? '').split(',').filter(Boolean),
    logLevel,
    developmentIdentity,
  };
};
