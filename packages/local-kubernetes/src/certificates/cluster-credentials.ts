// What a cluster keeps in its state folder to be the same cluster after a restart: its authority, the server's
// certificate, the administrator's, the API server's own client certificate for node agents, and the key that signs
// service account tokens.

import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority, type KeyedCertificate } from './authority.ts';

export interface ClusterCredentials {
  readonly authority: CertificateAuthority;
  readonly server: KeyedCertificate;
  /** User `kubernetes-admin` in group `system:masters`. */
  readonly admin: KeyedCertificate;
  /** User `kube-apiserver-kubelet-client`, by which the API server reaches node agents. */
  readonly nodeClient: KeyedCertificate;
  /** PKCS #8 PEM of the P-256 key that signs service account tokens. */
  readonly tokenKey: string;
}

/** Reads the credentials in `folder`, or makes what is missing. Keys are readable by their owner alone. */
export async function loadClusterCredentials(
  folder: string,
  serverHosts: readonly string[],
): Promise<ClusterCredentials> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept = readPair(folder, 'ca');
  const authority = kept ? await CertificateAuthority.read(kept) : await CertificateAuthority.create('kubernetes');
  if (!kept) writePair(folder, 'ca', authority.pem);
  const pair = async (name: string, issue: () => Promise<KeyedCertificate>): Promise<KeyedCertificate> => {
    const found = kept && readPair(folder, name);
    if (found) return found;
    const issued = await issue();
    writePair(folder, name, issued);
    return issued;
  };
  const [server, admin, nodeClient] = await Promise.all([
    pair('apiserver', () => authority.issueServing({ commonName: 'kube-apiserver', hosts: serverHosts })),
    pair('admin', () => authority.issueClient({ user: 'kubernetes-admin', groups: ['system:masters'] })),
    pair('apiserver-kubelet-client', () =>
      authority.issueClient({ user: 'kube-apiserver-kubelet-client', groups: ['system:masters'] }),
    ),
  ]);
  return { authority, server, admin, nodeClient, tokenKey: loadTokenKey(folder) };
}

function loadTokenKey(folder: string): string {
  const path = join(folder, 'sa.key');
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  writeWhole(path, text, 0o600);
  return text;
}

function readPair(folder: string, name: string): KeyedCertificate | undefined {
  const [certificate, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  if (!existsSync(certificate) || !existsSync(key)) return undefined;
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}

/** The certificate goes last: a pair whose certificate is there is whole. */
function writePair(folder: string, name: string, pair: KeyedCertificate): void {
  writeWhole(join(folder, `${name}.key`), pair.key, 0o600);
  writeWhole(join(folder, `${name}.crt`), pair.certificate, 0o644);
}

/** Writes beside and renames, so that a kill leaves the old file or the new one. */
function writeWhole(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}
