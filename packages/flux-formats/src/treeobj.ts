/** Objects of the KVS tree, RFC 11. */
import { parseBlobref } from './blobref.ts';
import { FormatError } from './format-error.ts';

/** A small value in base64. */
export interface ValueObject {
  ver: 1;
  type: 'val';
  data: string;
}
/** A value in blobs, one after the other. */
export interface ValueRefObject {
  ver: 1;
  type: 'valref';
  data: string[];
}
export interface DirectoryObject {
  ver: 1;
  type: 'dir';
  data: Record<string, TreeObject>;
}
/** A directory in a blob. */
export interface DirectoryRefObject {
  ver: 1;
  type: 'dirref';
  data: [string];
}
export interface SymlinkObject {
  ver: 1;
  type: 'symlink';
  data: { target: string; namespace?: string };
}
export type TreeObject = ValueObject | ValueRefObject | DirectoryObject | DirectoryRefObject | SymlinkObject;

const deepest = 256;

/** @throws FormatError naming the place when the value is no tree object */
export function parseTreeObject(value: unknown, path = 'treeobj', depth = 0): TreeObject {
  const fail = (where: string, problem: string, found: unknown) => FormatError.at('treeobj', where, problem, found);
  if (depth > deepest) throw fail(path, `is nested deeper than ${deepest}`, undefined);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fail(path, 'must be an object', value);
  const { ver, type, data, ...rest } = value as Record<string, unknown>;
  if (ver !== 1) throw fail(`${path}.ver`, 'must be 1', ver);
  const [extra] = Object.keys(rest);
  if (extra !== undefined) throw fail(`${path}.${extra}`, 'is unknown', rest[extra]);
  const at = `${path}.data`;
  switch (type) {
    case 'val':
      if (typeof data !== 'string') throw fail(at, 'must be a base64 string', data);
      break;
    case 'valref':
    case 'dirref':
      if (!Array.isArray(data) || data.length === 0) throw fail(at, 'must be an array of blobrefs', data);
      if (type === 'dirref' && data.length !== 1) throw fail(at, 'must hold one blobref', data);
      for (const ref of data) parseBlobref(String(ref));
      break;
    case 'dir':
      if (typeof data !== 'object' || data === null || Array.isArray(data)) throw fail(at, 'must be an object', data);
      for (const [name, entry] of Object.entries(data)) parseTreeObject(entry, `${at}.${name}`, depth + 1);
      break;
    case 'symlink': {
      const { target, namespace } = (data ?? {}) as Record<string, unknown>;
      if (typeof target !== 'string') throw fail(`${at}.target`, 'must be a key', target);
      if (namespace !== undefined && typeof namespace !== 'string') {
        throw fail(`${at}.namespace`, 'must be a name', namespace);
      }
      break;
    }
    default:
      throw fail(`${path}.type`, 'must be val, valref, dir, dirref or symlink', type);
  }
  return value as TreeObject;
}

export function valueObject(bytes: string | Uint8Array): ValueObject {
  const buffer =
    typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return { ver: 1, type: 'val', data: buffer.toString('base64') };
}

export function symlinkObject(target: string, namespace?: string): SymlinkObject {
  return { ver: 1, type: 'symlink', data: namespace === undefined ? { target } : { target, namespace } };
}

export function directoryObject(entries: Record<string, TreeObject> = {}): DirectoryObject {
  return { ver: 1, type: 'dir', data: entries };
}

/** The text that is hashed: compact, with the keys of every object in the order of their bytes. */
export function canonicalTreeText(object: TreeObject): string {
  return canonical(object);
}

// Not by a sorted copy: JavaScript keeps names that look like numbers in an order of its own.
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort((a, b) =>
    isAscii(a) && isAscii(b) ? (a < b ? -1 : 1) : Buffer.from(a).compare(Buffer.from(b)),
  );
  const members = value as Record<string, unknown>;
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(members[name])}`).join(',')}}`;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
