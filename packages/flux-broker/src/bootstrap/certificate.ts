// The CURVE certificate of an instance, as `flux keygen` writes it: ZPL text (ZMQ RFC 4) with a `metadata` section and
// the two keys in a `curve` section. A secret: never logged.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { isZ85Key } from './z85.ts';

export interface Certificate {
  readonly metadata: Readonly<Record<string, string>>;
  /** Z85, 40 characters. */
  readonly publicKey: string;
  readonly secretKey: string;
}

export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** @throws {CertificateError} */
export function parseCertificate(text: string): Certificate {
  const values = readZpl(text);
  const publicKey = values.get('curve/public-key');
  const secretKey = values.get('curve/secret-key');
  if (publicKey === undefined || !isZ85Key(publicKey)) throw new CertificateError('curve/public-key is missing or bad');
  if (secretKey === undefined || !isZ85Key(secretKey)) throw new CertificateError('curve/secret-key is missing or bad');
  const metadata: Record<string, string> = {};
  for (const [path, value] of values) {
    if (path.startsWith('metadata/')) metadata[path.slice('metadata/'.length)] = value;
  }
  return { metadata, publicKey, secretKey };
}

export function printCertificate(certificate: Certificate): string {
  const metadata = Object.entries(certificate.metadata).map(([name, value]) => `    ${name} = "${value}"\n`);
  const head = '#  ZeroMQ CURVE **Secret** Certificate\n#  DO NOT DISTRIBUTE\n\nmetadata\n';
  const keys = `    public-key = "${certificate.publicKey}"\n    secret-key = "${certificate.secretKey}"\n`;
  return `${head}${metadata.join('')}curve\n${keys}`;
}

/** Reads a certificate file that others may not read. @throws {CertificateError} naming the path. */
export function loadCertificate(path: string): Certificate {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw new CertificateError(`${path}: ${(error as Error).message}`, { cause: error });
  }
  try {
    if (fstatSync(descriptor).mode & 0o044) {
      throw new CertificateError(`${path}: readable by group/other; restrict it with chmod 0600`);
    }
    return parseCertificate(readFileSync(descriptor, 'utf8'));
  } catch (error) {
    if (error instanceof CertificateError && error.message.startsWith(path)) throw error;
    throw new CertificateError(`${path}: ${(error as Error).message}`, { cause: error });
  } finally {
    closeSync(descriptor);
  }
}

/** A fresh key pair. Loads ZeroMQ. */
export async function generateCertificate(metadata: Readonly<Record<string, string>> = {}): Promise<Certificate> {
  const { curveKeyPair } = await import('zeromq');
  return { metadata, ...curveKeyPair() };
}

/** Values by path, with `/` between the levels; indentation makes the levels. */
function readZpl(text: string): Map<string, string> {
  const values = new Map<string, string>();
  const levels: { indent: number; name: string }[] = [];
  for (const line of text.split('\n')) {
    const match = /^(\s*)([\w./-]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^#]*?)))?\s*(?:#.*)?$/.exec(line);
    if (!match) continue;
    const indent = match[1]!.length;
    while (levels.length > 0 && levels[levels.length - 1]!.indent >= indent) levels.pop();
    levels.push({ indent, name: match[2]! });
    const value = match[3] ?? match[4] ?? match[5];
    if (value !== undefined) values.set(levels.map(({ name }) => name).join('/'), value);
  }
  return values;
}
