import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Links } from '../core/links.ts';

export interface TrialLinkParts {
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly secretKey: string;
  /** Links made with these still open. */
  readonly previousKeys: readonly string[];
}

export interface TrialLinks extends Links {
  /** The plan that an address stands for; null: it was made up, or with a key that is gone. */
  planOf(token: string): string | null;
  /** Marks a form as one of ours: which plan, which form, from when (real time, milliseconds). */
  formMark(planId: string, formId: string, at: number): string;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The key has other uses: what is derived for this one opens nothing else. */
const keyFor = (secretKey: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secretKey, '', `seatwise trial page ${purpose}`, 32));

const nonceLength = 12;
const tagLength = 16;

/**
 * Addresses of sign-up pages. The token is the plan's id, sealed: it tells nothing to whoever sees it, nobody can make
 * one, and one plan has always the same, so that a link on a partner's site stays good.
 */
export const createTrialLinks = ({ publicUrl, secretKey, previousKeys }: TrialLinkParts): TrialLinks => {
  const seal = (planId: string): string => {
    const id = Buffer.from(planId.replaceAll('-', ''), 'hex');
    // The same plan gives the same nonce, and another one never does: what is sealed twice under it is the same.
    const nonce = createHmac('sha256', keyFor(secretKey, 'nonce')).update(id).digest().subarray(0, nonceLength);
    const cipher = createCipheriv('aes-256-gcm', keyFor(secretKey, 'seal'), nonce);
    const sealed = Buffer.concat([cipher.update(id), cipher.final()]);
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
  };
  const open = (token: string, key: string): string | null => {
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length !== nonceLength + 16 + tagLength) return null;
    try {
      const decipher = createDecipheriv('aes-256-gcm', keyFor(key, 'seal'), bytes.subarray(0, nonceLength));
      decipher.setAuthTag(bytes.subarray(-tagLength));
      const id = Buffer.concat([decipher.update(bytes.subarray(nonceLength, -tagLength)), decipher.final()]);
      const planId = id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      return uuid.test(planId) ? planId : null;
    } catch {
      return null;
    }
  };
  return {
    trialPage: (planId) => `${publicUrl}/trial/${seal(planId)}`,
    planOf(token) {
      if (!/^[\w-]{40,80}$/.test(token)) return null;
      for (const key of [secretKey, ...previousKeys]) {
        const planId = open(token, key);
        if (planId) return planId;
      }
      return null;
    },
    formMark: (planId, formId, at) =>
      createHmac('sha256', keyFor(secretKey, 'form')).update(`${planId}\n${formId}\n${at}`).digest('base64url'),
  };
};

export const isSameMark = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
};
