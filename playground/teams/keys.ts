/** The keys of the local connector: it signs what it sends to the app, and the tokens that the app calls it with. */
import { exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { Store } from '../store.ts';
import { teamsClientId, teamsTenant } from '../world.ts';

export const connectorIssuer = 'https://api.botframework.com';
const connectorAudience = 'https://api.botframework.com';
const tokenLifeSeconds = 3600;

export interface ConnectorKeys {
  /** The public half, as `/v1/.well-known/keys` shows it. */
  readonly publicKeys: { readonly keys: readonly JWK[] };
  /** What proves to the app that an activity comes from the connector. */
  activityToken(serviceUrl: string): Promise<string>;
  /** What the app gets for its client id and secret. */
  appToken(): Promise<{ readonly token_type: 'Bearer'; readonly expires_in: number; readonly access_token: string }>;
  /** True when this is an app token of ours, not expired. */
  isAppToken(token: string): Promise<boolean>;
}

/** Makes the key pair at the first start and keeps it, so that tokens outlive a restart. */
export const openKeys = async (store: Store): Promise<ConnectorKeys> => {
  let kept = store.get('signing_key', '');
  if (!kept) {
    const pair = await generateKeyPair('RS256', { extractable: true });
    kept = { kid: crypto.randomUUID(), jwk: await exportJWK(pair.privateKey) };
    store.put('signing_key', '', kept);
  }
  const { kid, jwk } = kept;
  const { kty, n, e } = jwk;
  const publicJwk: JWK = { kty: kty!, n: n!, e: e!, kid, alg: 'RS256', use: 'sig' };
  const privateKey = (await importJWK(jwk, 'RS256')) as CryptoKey;
  const publicKey = (await importJWK(publicJwk, 'RS256')) as CryptoKey;
  const sign = (claims: Record<string, string>, issuer: string, audience: string): Promise<string> =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setNotBefore('0s')
      .setExpirationTime(`${tokenLifeSeconds}s`)
      .sign(privateKey);
  const appIssuer = `https://sts.windows.net/${teamsTenant.id}/`;

  return {
    publicKeys: { keys: [{ ...publicJwk, endorsements: ['msteams'] } as JWK] },
    activityToken: (serviceUrl) => sign({ serviceurl: serviceUrl }, connectorIssuer, teamsClientId),
    async appToken() {
      const claims = { appid: teamsClientId, tid: teamsTenant.id };
      return {
        token_type: 'Bearer',
        expires_in: tokenLifeSeconds - 1,
        access_token: await sign(claims, appIssuer, connectorAudience),
      };
    },
    async isAppToken(token) {
      try {
        await jwtVerify(token, publicKey, { issuer: appIssuer, audience: connectorAudience, algorithms: ['RS256'] });
        return true;
      } catch {
        return false;
      }
    },
  };
};
