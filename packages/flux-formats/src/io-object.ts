/** Pieces of standard input and output as they stand in eventlogs and messages: RFC 24. */
import { FormatError } from './format-error.ts';

export interface IoObject {
  stream: string;
  /** A rank or an idset of ranks with the same output; `all` for input to every task. */
  rank: string;
  data?: string;
  encoding?: 'base64';
  eof?: boolean;
  /** How many times the data stands there. */
  repeat?: number;
}

export interface IoPiece {
  stream: string;
  rank: string;
  data: Buffer;
  eof: boolean;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes that are UTF-8 travel as text, others as base64. */
export function encodeIo(stream: string, rank: number | string, data?: Uint8Array, eof = false): IoObject {
  const object: IoObject = { stream, rank: String(rank) };
  if (data && data.length > 0) {
    try {
      object.data = decoder.decode(data);
    } catch {
      object.data = Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64');
      object.encoding = 'base64';
    }
  }
  if (eof) object.eof = true;
  return object;
}

const longestData = 1 << 30;

/** @throws FormatError naming the field */
export function decodeIo(value: unknown): IoPiece {
  const fail = (field: string, problem: string, found: unknown) => FormatError.at('io', field, problem, found);
  const { stream, rank, data, encoding, eof, repeat = 1 } = (value ?? {}) as Record<string, unknown>;
  if (typeof stream !== 'string' || stream === '') throw fail('stream', 'must be a name', stream);
  if (typeof rank !== 'string' && typeof rank !== 'number') throw fail('rank', 'must be an idset', rank);
  if (data !== undefined && typeof data !== 'string') throw fail('data', 'must be a string', data);
  if (eof !== undefined && typeof eof !== 'boolean') throw fail('eof', 'must be true or false', eof);
  if (data === undefined && eof !== true) throw fail('data', 'is missing: without it eof must be true', undefined);
  if (encoding !== undefined && encoding !== 'base64' && encoding !== 'UTF-8') {
    throw fail('encoding', 'must be base64', encoding);
  }
  if (!Number.isInteger(repeat) || (repeat as number) < 1) throw fail('repeat', 'must be 1 or more', repeat);
  const bytes = Buffer.from(data ?? '', encoding === 'base64' ? 'base64' : 'utf8');
  const times = repeat as number;
  if (bytes.length * times > longestData) throw fail('repeat', `makes more than ${longestData} bytes`, repeat);
  const whole = times === 1 ? bytes : Buffer.concat(Array.from({ length: times }, () => bytes));
  return { stream, rank: String(rank), data: whole, eof: eof === true };
}
