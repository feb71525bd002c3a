// Who is asking: a client certificate of the cluster's authority, or a service account token, or nobody in particular.

import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import type { Store } from '../store/store.ts';
import { unauthorized } from '../verbs/status-errors.ts';
import type { ServiceAccountTokens, TokenClaims } from './service-account-token.ts';
import { anonymous, type UserInfo } from './user.ts';

export class Authenticator {
  readonly #tokens: ServiceAccountTokens;
  readonly #store: Store<KubernetesObject>;
  readonly #now: () => Date;
  readonly #bySocket = new WeakMap<object, UserInfo | 'refused'>();

  constructor(tokens: ServiceAccountTokens, store: Store<KubernetesObject>, now: () => Date) {
    this.#tokens = tokens;
    this.#store = store;
    this.#now = now;
  }

  /** @throws {StatusError} Unauthorized for credentials that do not hold */
  authenticate(request: IncomingMessage): UserInfo {
    const certified = this.#certified(request.socket as TLSSocket);
    if (certified) return certified;
    const { authorization } = request.headers;
    const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? webSocketToken(request);
    if (bearer) {
      const user = this.authenticateToken(bearer)?.user;
      if (!user) throw unauthorized();
      return user;
    }
    if (authorization) throw unauthorized();
    return anonymous;
  }

  /** The user of a token, or undefined when it does not hold: forged, expired, or its account or pod is gone. */
  authenticateToken(token: string, audiences?: readonly string[]): { user: UserInfo; claims: TokenClaims } | undefined {
    let claims: TokenClaims | undefined;
    try {
      claims = this.#tokens.read(token, this.#now(), audiences);
    } catch {
      return undefined; // no JWT at all
    }
    if (!claims || !this.#stands(claims)) return undefined;
    return { user: userOf(claims), claims };
  }

  #stands({ namespace, serviceAccount, pod, secret }: TokenClaims): boolean {
    const has = (bucket: string, bound: { name: string; uid: string }) =>
      this.#store.get(bucket, `${namespace}/${bound.name}`)?.object.metadata.uid === bound.uid;
    return has('serviceaccounts', serviceAccount) && (!pod || has('pods', pod)) && (!secret || has('secrets', secret));
  }

  #certified(socket: TLSSocket): UserInfo | undefined {
    const known = this.#bySocket.get(socket);
    if (known === 'refused') throw unauthorized();
    if (known) return known;
    if (typeof socket.getPeerCertificate !== 'function') return undefined;
    const { subject, fingerprint256 } = socket.getPeerCertificate();
    if (!subject) return undefined;
    if (!socket.authorized) {
      this.#bySocket.set(socket, 'refused');
      throw unauthorized();
    }
    // An attribute that occurs more than once comes as a list.
    const groups = subject.O === undefined ? [] : [subject.O].flat();
    const user = {
      username: [subject.CN].flat()[0] ?? '',
      groups: [...groups, 'system:authenticated'],
      extra: {
        'authentication.kubernetes.io/credential-id': [
          `X509SHA256=${fingerprint256.replaceAll(':', '').toLowerCase()}`,
        ],
      },
    };
    this.#bySocket.set(socket, user);
    return user;
  }
}

function userOf({ namespace, serviceAccount, pod, node, id }: TokenClaims): UserInfo {
  return {
    username: `system:serviceaccount:${namespace}:${serviceAccount.name}`,
    uid: serviceAccount.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    extra: {
      'authentication.kubernetes.io/credential-id': [`JTI=${id}`],
      ...(pod
        ? { 'authentication.kubernetes.io/pod-name': [pod.name], 'authentication.kubernetes.io/pod-uid': [pod.uid] }
        : {}),
      ...(node ? { 'authentication.kubernetes.io/node-name': [node.name] } : {}),
    },
  };
}

/** Browsers cannot set headers of a WebSocket, so a subprotocol carries the token. */
function webSocketToken(request: IncomingMessage): string | undefined {
  const prefix = 'base64url.bearer.authorization.k8s.io.';
  const found = String(request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .find((each) => each.startsWith(prefix));
  return found && Buffer.from(found.slice(prefix.length), 'base64url').toString();
}
