import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ServiceAccountTokens } from './service-account-token.ts';

const newKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const subject = { namespace: 'a', serviceAccount: { name: 'robot', uid: '1' }, pod: { name: 'p', uid: '2' } };
const now = new Date('2026-01-01T00:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('ServiceAccountTokens', () => {
  const tokens = new ServiceAccountTokens(newKey());
  const { token } = tokens.issue(subject, [], 600, now);

  it('reads what it issued, while it holds', () => {
    expect(tokens.read(token, later(599))).toMatchObject(subject);
    expect(tokens.read(token, later(601))).toBeUndefined();
    expect(tokens.read(token, later(-120))).toBeUndefined();
  });

  it('refuses another audience, another key and a changed text', () => {
    expect(tokens.read(token, now, ['other'])).toBeUndefined();
    expect(tokens.read(tokens.issue(subject, ['other'], 600, now).token, now, ['other'])?.audiences).toEqual(['other']);
    expect(new ServiceAccountTokens(newKey()).read(token, now)).toBeUndefined();
    const [head, , signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ sub: 'system:serviceaccount:a:admin' })).toString('base64url');
    expect(tokens.read(`${head}.${forged}.${signature}`, now)).toBeUndefined();
    for (const text of ['', 'a', 'a.b', 'a.b.c', 'a.b.c.d']) expect(tokens.read(text, now)).toBeUndefined();
  });
});
