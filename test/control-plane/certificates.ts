/**
 * The public key infrastructure of one test control plane: a cluster CA, the server's and clients' certificates it
 * signs, and the key pair that signs service account tokens. PEM text throughout.
 */
import 'reflect-metadata';
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

type CryptoKey = webcrypto.CryptoKey;
type CryptoKeyPair = webcrypto.CryptoKeyPair;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateSubject {
  readonly commonName: string;
  readonly organization?: string;
  /** IP addresses and DNS names; a certificate that has some is good for a server too. */
  readonly names?: readonly string[];
}

export interface Authority {
  readonly certificate: string;
  readonly key: string;
  issue(subject: CertificateSubject): Promise<KeyedCertificate>;
}

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

/** A new certificate authority whose certificates live for ten days. */
export async function createAuthority(commonName: string): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 10 * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    certificate: certificate.toString('pem'),
    key: await privateKeyPem(keys.privateKey),
    issue: (subject) => issue(certificate, keys.privateKey, subject),
  };
}

/** A key pair for service account tokens. */
export function createServiceAccountKeys(): { publicKey: string; privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

async function issue(
  authority: x509.X509Certificate,
  signingKey: CryptoKey,
  subject: CertificateSubject,
): Promise<KeyedCertificate> {
  const keys = await generateKeys();
  const usages = [x509.ExtendedKeyUsage.clientAuth, ...(subject.names ? [x509.ExtendedKeyUsage.serverAuth] : [])];
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [subject.commonName] }, ...(subject.organization ? [{ O: [subject.organization] }] : [])],
    issuer: authority.subject,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 10 * dayMs),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.ExtendedKeyUsageExtension(usages),
      ...(subject.names
        ? [
            new x509.SubjectAlternativeNameExtension(
              subject.names.map((value) => ({
                type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const),
                value,
              })),
            ),
          ]
        : []),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await privateKeyPem(keys.privateKey) };
}

async function generateKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
}

async function privateKeyPem(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
