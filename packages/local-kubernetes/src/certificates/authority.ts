// The cluster's own certificate authority and what it signs: serving certificates and client certificates, P-256.
// RFC 5280; the subject of a client certificate names the user (CN) and its groups (O), as Kubernetes reads them.

import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 24 * 60 * 60 * 1000;

/** A certificate and its private key, both in PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface ServingSubject {
  readonly commonName: string;
  /** DNS names and IP addresses that clients may use. */
  readonly hosts: readonly string[];
}

export interface ClientSubject {
  readonly user: string;
  readonly groups?: readonly string[];
}

type KeyPair = Awaited<ReturnType<typeof newKeys>>;

/** A certificate authority that can sign; made new or read back from its PEM texts. */
export class CertificateAuthority {
  readonly pem: KeyedCertificate;
  readonly #certificate: x509.X509Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(pem: KeyedCertificate, certificate: x509.X509Certificate, key: webcrypto.CryptoKey) {
    this.pem = pem;
    this.#certificate = certificate;
    this.#key = key;
  }

  /** @param commonName the authority's name, such as `local-kubernetes-ca`. It is valid for ten years. */
  static async create(commonName: string, now = new Date()): Promise<CertificateAuthority> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: newSerial(),
      name: [{ CN: [commonName] }],
      notBefore: new Date(now.getTime() - dayMs),
      notAfter: new Date(now.getTime() + 3650 * dayMs),
      signingAlgorithm: algorithm,
      keys: keys as never,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as never),
      ],
    });
    const pem = { certificate: `${certificate.toString('pem')}\n`, key: await exportKey(keys.privateKey) };
    return new CertificateAuthority(pem, certificate, keys.privateKey as never);
  }

  /** @throws when the texts are no certificate and key. */
  static async read(pem: KeyedCertificate): Promise<CertificateAuthority> {
    const body = Buffer.from(pem.key.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    const key = await webcrypto.subtle.importKey('pkcs8', body, algorithm, true, ['sign']);
    return new CertificateAuthority(pem, new x509.X509Certificate(pem.certificate), key as never);
  }

  /** A certificate for a TLS server that is reached as any of `hosts`. */
  issueServing(subject: ServingSubject, now = new Date()): Promise<KeyedCertificate> {
    const names = subject.hosts.map((host) => ({ type: isIP(host) ? ('ip' as const) : ('dns' as const), value: host }));
    return this.#issue([{ CN: [subject.commonName] }], x509.ExtendedKeyUsage.serverAuth, now, [
      new x509.SubjectAlternativeNameExtension(names),
    ]);
  }

  /** A certificate by which a client is `user` in `groups`. */
  issueClient(subject: ClientSubject, now = new Date()): Promise<KeyedCertificate> {
    const groups = (subject.groups ?? []).map((group) => ({ O: [group] }));
    return this.#issue([...groups, { CN: [subject.user] }], x509.ExtendedKeyUsage.clientAuth, now, []);
  }

  async #issue(
    name: x509.JsonName,
    usage: x509.ExtendedKeyUsageType,
    now: Date,
    extensions: x509.Extension[],
  ): Promise<KeyedCertificate> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: newSerial(),
      subject: name,
      issuer: this.#certificate.subject,
      notBefore: new Date(now.getTime() - dayMs),
      notAfter: new Date(now.getTime() + 365 * dayMs),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey as never,
      signingKey: this.#key as never,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        await x509.AuthorityKeyIdentifierExtension.create(this.#certificate),
        ...extensions,
      ],
    });
    return { certificate: `${certificate.toString('pem')}\n`, key: await exportKey(keys.privateKey) };
  }
}

function newKeys() {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function exportKey(key: KeyPair['privateKey']): Promise<string> {
  const body = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${body.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}

function newSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  // RFC 5280 4.1.2.2: positive, at most 20 octets.
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x01;
  return Buffer.from(bytes).toString('hex');
}
