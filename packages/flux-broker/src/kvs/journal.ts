// What was committed since the last checkpoint, in files of its own: a commit is answered once the kernel has it, so
// that it outlives the end of this process in any way. A file `kvs.journal.N` follows the root of sequence N, which its
// first record names.
import {
  closeSync,
  fdatasync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writevSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { FluxError } from '@ebb/flux-client';

/** What a record is: the root that its file follows, a commit, or a blob that a commit after it may refer to. */
export const RecordKind = { root: 0, commit: 1, blob: 2 } as const;

export interface JournalRecord {
  /** A {@link RecordKind}. */
  kind: number;
  /** The sequence of the root that it is or makes; of a blob: of the root before. */
  sequence: number;
  /** The root's reference, the payload of the `kvs.commit`, or the blob. */
  payload: Buffer;
}

const prefix = 'kvs.journal.';
/** A record's length, its CRC-32 of what follows, its sequence and kind. */
const headerLength = 13;

export class Journal {
  readonly #folder: string;
  #file: number | undefined;
  #size = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Bytes in the file now written. */
  get size(): number {
    return this.#size;
  }

  /**
   * The records that follow the root `rootref` of `sequence`, in order; none when no file does.
   * @throws Error when one between is missing
   */
  *recordsAfter(sequence: number, rootref: string): Iterable<JournalRecord> {
    const files = this.#files().filter((first) => first >= sequence);
    if (files[0] !== sequence) return;
    let expected = sequence;
    for (const file of files) {
      const path = this.#path(file);
      const [base, ...records] = readRecords(readFileSync(path));
      // Nothing was answered yet when the file was not begun.
      if (!base) continue;
      if (file === sequence && base.payload.toString() !== rootref) return;
      if (base.sequence !== expected) {
        throw new Error(
          `${path} follows root ${base.sequence}, but the commits before end at ${expected}: move it away`,
        );
      }
      yield* records;
      expected = records.at(-1)?.sequence ?? expected;
    }
  }

  /** Goes on in a new file, which follows the root `rootref`. */
  begin(sequence: number, rootref: string): void {
    this.close();
    this.#file = openSync(this.#path(sequence), 'w', 0o600);
    this.#size = 0;
    this.append(RecordKind.root, sequence, Buffer.from(rootref));
  }

  /** Adds a record. @throws FluxError ENOSPC and the like; the file is as it was then */
  append(kind: number, sequence: number, payload: Uint8Array): void {
    const header = Buffer.alloc(headerLength);
    header.writeUInt32LE(payload.length, 0);
    header.writeUInt32LE(sequence, 8);
    header.writeUInt8(kind, 12);
    header.writeUInt32LE(crc32(payload, crc32(header.subarray(8))), 4);
    const length = headerLength + payload.length;
    try {
      const written = writevSync(this.#file!, [header, payload], this.#size);
      if (written !== length) throw new FluxError('ENOSPC', 'the journal of the KVS cannot grow');
    } catch (error) {
      ftruncateSync(this.#file!, this.#size);
      throw error instanceof FluxError ? error : FluxError.of(error as NodeJS.ErrnoException);
    }
    this.#size += length;
  }

  /** Resolves when what was written outlives the machine too. */
  sync(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => fdatasync(file, (error) => (error ? reject(error) : resolve())));
  }

  /** Removes the files before that of `sequence`: a checkpoint holds what they say. */
  dropBefore(sequence: number): void {
    for (const file of this.#files()) if (file < sequence) unlinkSync(this.#path(file));
  }

  /** Removes the files after that of `sequence`, which follow roots of another past. */
  dropAfter(sequence: number): void {
    for (const file of this.#files()) if (file > sequence) unlinkSync(this.#path(file));
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #files(): number[] {
    return readdirSync(this.#folder)
      .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
      .map((name) => Number(name.slice(prefix.length)))
      .sort((a, b) => a - b);
  }

  #path(sequence: number): string {
    return join(this.#folder, `${prefix}${sequence}`);
  }
}

/** All records up to the first that is not whole: what was being written when the process ended. */
export function readRecords(bytes: Buffer): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (let start = 0; start + headerLength <= bytes.length; ) {
    const end = start + headerLength + bytes.readUInt32LE(start);
    if (end > bytes.length || crc32(bytes.subarray(start + 8, end)) !== bytes.readUInt32LE(start + 4)) break;
    records.push({
      kind: bytes.readUInt8(start + 12),
      sequence: bytes.readUInt32LE(start + 8),
      payload: bytes.subarray(start + headerLength, end),
    });
    start = end;
  }
  return records;
}
