import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

const service = {
  DATABASE_URL: 'postgres://db.example/seatwise',
  SECRET_KEY: 'k'.repeat(32),
  SLACK_SIGNING_SECRET: 's',
  SLACK_BOT_TOKEN: 'xoxb-1',
};

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

describe('the environment', () => {
  test('a service with Slack alone', () => {
    expect(readConfig(service)).toMatchObject({
      port: 3000,
      publicUrl: 'http://localhost:3000',
      teams: null,
      smtpUrl: null,
    });
  });

  test.each([
    ['PORT must be a whole number', { ...service, PORT: 'http' }],
    ['DATABASE_URL must be an address', { ...service, DATABASE_URL: 'mysql://x' }],
    ['SLACK_SIGNING_SECRET needs SLACK_BOT_TOKEN', { ...service, SLACK_BOT_TOKEN: '' }],
    ['CLIENT_ID needs CLIENT_SECRET and TENANT_ID', { ...service, CLIENT_ID: 'c' }],
    ['SECRET_KEY is needed', { ...service, SECRET_KEY: '' }],
    ['at least 32 characters', { ...service, SECRET_KEY: 'short' }],
    ['DATABASE_URL is needed', { ...service, DATABASE_URL: '' }],
    ['LOG_LEVEL must be one of', { ...service, LOG_LEVEL: 'loud' }],
    ['TEAMS_OPENID_URL must be https', { ...service, TEAMS_OPENID_URL: 'http://keys.example/x' }],
    ['on this machine alone', { ...service, DEVELOPMENT_IDENTITY: '1', SLACK_API_URL: 'https://slack.com/api/' }],
    ['local stand-ins alone', { ...service, DEVELOPMENT_IDENTITY: '1' }],
    [
      'local stand-ins alone',
      {
        DEVELOPMENT_IDENTITY: '1',
        CLIENT_ID: 'c',
        CLIENT_SECRET: 's',
        TENANT_ID: 't',
        TEAMS_LOGIN_URL: 'http://127.0.0.1:1',
      },
    ],
    ['on this machine alone', { DEVELOPMENT_IDENTITY: '1', PUBLIC_URL: 'https://seatwise.example' }],
  ])('%s', (sentence, env) => {
    expect(faultsOf(env).join(' ')).toContain(sentence);
  });

  test('every fault is told at once', () => {
    expect(faultsOf({ ...service, PORT: '-1', LOG_LEVEL: 'loud', SECRET_KEY: 'x' })).toHaveLength(3);
  });

  test('the playground runs on local stand-ins without a database or a key', () => {
    const config = readConfig({
      DEVELOPMENT_IDENTITY: '1',
      SLACK_SIGNING_SECRET: 's',
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_API_URL: 'http://127.0.0.1:3001/slack/api/',
    });
    expect(config).toMatchObject({ databaseUrl: null, developmentIdentity: true });
  });
});
