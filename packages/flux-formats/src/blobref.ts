/** Blob references, RFC 10: the hash's name and the digest of a blob's bytes, `sha1-c0a9…`. */
import { createHash } from 'node:crypto';
import { FormatError } from './format-error.ts';

export type BlobHash = 'sha1' | 'sha256';

const digestBytes: Readonly<Record<BlobHash, number>> = { sha1: 20, sha256: 32 };

export function isBlobHash(name: string): name is BlobHash {
  return Object.hasOwn(digestBytes, name);
}

/** The reference of a blob. */
export function blobrefOf(blob: string | Uint8Array, hash: BlobHash = 'sha1'): string {
  return `${hash}-${createHash(hash).update(blob).digest('hex')}`;
}

/** The raw digest of a blob, as content.store answers it. */
export function blobDigest(blob: string | Uint8Array, hash: BlobHash = 'sha1'): Buffer {
  return createHash(hash).update(blob).digest();
}

/** @throws FormatError when it is no reference of a hash that is known */
export function parseBlobref(text: string): { hash: BlobHash; digest: Buffer } {
  const match = /^(sha1|sha256)-([0-9a-f]+)$/.exec(text);
  const hash = match?.[1] as BlobHash | undefined;
  if (!match || !hash || match[2]!.length !== digestBytes[hash] * 2) {
    throw new FormatError('blobref', text, 'must be sha1- or sha256- and a digest in lower case hex digits');
  }
  return { hash, digest: Buffer.from(match[2]!, 'hex') };
}

/** @throws FormatError when the digest has not the length of the hash */
export function printBlobref(digest: Uint8Array, hash: BlobHash): string {
  const text = Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('hex');
  if (digest.length !== digestBytes[hash]) {
    throw new FormatError('blobref', text, `a ${hash} digest has ${digestBytes[hash]} bytes, not ${digest.length}`);
  }
  return `${hash}-${text}`;
}
