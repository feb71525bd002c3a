// Service account tokens: JWT (RFC 7519) signed with ES256, with the claims of KEP-1205.

import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign, verify } from 'node:crypto';

export const issuer = 'https://kubernetes.default.svc.cluster.local';

export interface BoundObject {
  readonly name: string;
  readonly uid: string;
}

export interface TokenSubject {
  readonly namespace: string;
  readonly serviceAccount: BoundObject;
  readonly pod?: BoundObject;
  readonly secret?: BoundObject;
  readonly node?: BoundObject;
}

export interface TokenClaims extends TokenSubject {
  readonly id: string;
  readonly audiences: readonly string[];
  /** Seconds since 1970. */
  readonly expires: number;
}

export interface IssuedToken {
  readonly token: string;
  readonly expires: Date;
}

interface RawClaims {
  aud: string[];
  exp: number;
  iat: number;
  nbf: number;
  iss: string;
  jti: string;
  sub: string;
  'kubernetes.io': {
    namespace: string;
    serviceaccount: BoundObject;
    pod?: BoundObject;
    secret?: BoundObject;
    node?: BoundObject;
  };
}

export class ServiceAccountTokens {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #keyId: string;

  /** @param key PKCS #8 PEM of a P-256 private key */
  constructor(key: string) {
    this.#privateKey = createPrivateKey(key);
    this.#publicKey = createPublicKey(this.#privateKey);
    const der = this.#publicKey.export({ type: 'spki', format: 'der' });
    this.#keyId = createHash('sha256').update(der).digest('base64url');
  }

  issue(subject: TokenSubject, audiences: readonly string[], lifetimeSeconds: number, now: Date): IssuedToken {
    const issued = Math.floor(now.getTime() / 1000);
    const { namespace, serviceAccount, pod, secret, node } = subject;
    const claims: RawClaims = {
      aud: [...(audiences.length > 0 ? audiences : [issuer])],
      exp: issued + lifetimeSeconds,
      iat: issued,
      iss: issuer,
      jti: randomUUID(),
      'kubernetes.io': {
        namespace,
        ...(node ? { node } : {}),
        ...(pod ? { pod } : {}),
        ...(secret ? { secret } : {}),
        serviceaccount: serviceAccount,
      },
      nbf: issued,
      sub: `system:serviceaccount:${namespace}:${serviceAccount.name}`,
    };
    const body = `${encode({ alg: 'ES256', kid: this.#keyId })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(body), { key: this.#privateKey, dsaEncoding: 'ieee-p1363' });
    return { token: `${body}.${signature.toString('base64url')}`, expires: new Date(claims.exp * 1000) };
  }

  /** The claims of a token of ours that holds now for one of `audiences`; undefined for every other text. */
  read(token: string, now: Date, audiences: readonly string[] = [issuer]): TokenClaims | undefined {
    const [header, payload, signature, ...rest] = token.split('.');
    if (!header || !payload || !signature || rest.length > 0) return undefined;
    const isOurs = verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key: this.#publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    if (!isOurs) return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as RawClaims;
    const seconds = now.getTime() / 1000;
    if (claims.iss !== issuer || claims.exp <= seconds || claims.nbf > seconds + 60) return undefined;
    const matching = claims.aud.filter((audience) => audiences.includes(audience));
    if (matching.length === 0) return undefined;
    const { serviceaccount, ...bound } = claims['kubernetes.io'];
    return { id: claims.jti, audiences: matching, expires: claims.exp, serviceAccount: serviceaccount, ...bound };
  }

  /** The public key as a JSON Web Key Set, for /openid/v1/jwks. */
  keySet(): object {
    return { keys: [{ use: 'sig', kid: this.#keyId, alg: 'ES256', ...this.#publicKey.export({ format: 'jwk' }) }] };
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
