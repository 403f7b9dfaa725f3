import { tenantOf, type Activity } from './activity.ts';

/**
 * What the SDK does not check, though its token reaches whatever address an activity names: where answers go, whose
 * tenant it is, and who issued the token.
 */
export interface Guard {
  /** Why the activity is not served; null when it may be. */
  refusal(activity: Activity, authorization: string | undefined): 'service_url' | 'tenant' | 'issuer' | null;
  /** Whether our token may be sent there. */
  allowsService(url: string): boolean;
  /** Whether a file that a person agreed to may be put there. No token goes with it. */
  allowsUpload(url: string): boolean;
  /** Whether a file that a person sent may be fetched from there. No token goes with it. */
  allowsDownload(url: string): boolean;
}

export interface GuardRules {
  /** Entra tenants that are served. */
  readonly tenants: readonly string[];
  /** Who signs what Teams delivers; tokens of any other issuer are refused, Entra's own among them. */
  readonly issuer: string;
  /** Origins served besides Microsoft's own, for another connector. */
  readonly otherOrigins: readonly string[];
}

/** The connector of the public cloud. */
const teamsOrigin = 'https://smba.trafficmanager.net';
/** Where OneDrive keeps the files of a personal chat. */
const fileHosts = /\.(sharepoint\.com|sharepoint\.us|sharepoint-mil\.us|sharepoint\.cn)$/;

const originOf = (url: string): string | null => {
  if (!URL.canParse(url)) return null;
  const { origin, username, password } = new URL(url);
  return username || password ? null : origin;
};

/** The issuer that a token claims; the signature is the SDK's to check. */
const claimedIssuer = (authorization: string): unknown => {
  const [, payload] = authorization.replace(/^Bearer\s+/i, '').split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null && 'iss' in claims ? claims.iss : undefined;
  } catch {
    return undefined;
  }
};

export const createGuard = ({ tenants, issuer, otherOrigins }: GuardRules): Guard => {
  const origins = new Set([teamsOrigin, ...otherOrigins.flatMap((url) => originOf(url) ?? [])]);
  const allowsService = (url: string): boolean => {
    const origin = originOf(url);
    return origin !== null && origins.has(origin);
  };
  const keepsFiles = (url: string): boolean => {
    if (!originOf(url)) return false;
    const { protocol, hostname } = new URL(url);
    if (protocol === 'https:' && fileHosts.test(hostname)) return true;
    return otherOrigins.some((other) => originOf(other) === originOf(url));
  };
  return {
    allowsService,
    allowsUpload: keepsFiles,
    allowsDownload: keepsFiles,
    refusal(activity, authorization) {
      if (!allowsService(activity.serviceUrl)) return 'service_url';
      const named = [activity.channelData?.tenant?.id, activity.conversation.tenantId].flatMap(
        (tenant) => tenant ?? [],
      );
      if (!tenantOf(activity) || !named.every((tenant) => tenants.includes(tenant))) return 'tenant';
      // Without a token the SDK itself says no.
      return authorization !== undefined && claimedIssuer(authorization) !== issuer ? 'issuer' : null;
    },
  };
};
