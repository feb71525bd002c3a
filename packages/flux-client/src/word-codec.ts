/** Topics and route ids between bytes and strings: nearly always short ASCII, which is read without a decoder. */
import { ProtocolError } from './protocol-error.ts';

const longestWord = 4096;
const beyondAscii = /[^\x01-\x7f]/;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws ProtocolError when the bytes are not UTF-8, hold a NUL, or are too many */
export function decodeWord(bytes: Buffer, what: string): string {
  if (bytes.length > longestWord)
    throw new ProtocolError(`${what} has ${bytes.length} bytes, more than ${longestWord}`);
  const text = bytes.toString('latin1');
  if (!beyondAscii.test(text)) return text;
  let decoded: string;
  try {
    decoded = decoder.decode(bytes);
  } catch {
    throw new ProtocolError(`${what} is not UTF-8`);
  }
  // The wire has no NUL in words; another end that is written in C would read less than was checked here.
  if (decoded.includes('\0')) throw new ProtocolError(`${what} holds a NUL`);
  return decoded;
}
