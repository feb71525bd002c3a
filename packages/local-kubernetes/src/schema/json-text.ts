/**
 * What a JSON text says beyond its value: why it is none, in the words of Go's encoding/json (scanner.go), which are those
 * of a real API server, and which members stand in one object twice, of which JSON.parse keeps the last without a word.
 */

/** Go stops at 10,000; what goes through an object here calls itself for each level, and so has to stop sooner. */
const deepest = 1000;
const mostDuplicates = 20;
const space = new Set([0x20, 0x09, 0x0a, 0x0d]);
const escapes = new Set([...'bfnrt\\/"'].map((each) => each.charCodeAt(0)));
const code = (character: string) => character.charCodeAt(0);

export interface JsonReport {
  /** Why the text is no JSON. */
  readonly problem?: string;
  /** Paths of members that stand twice, `spec.containers[0].name`; at most 20. */
  readonly duplicates: readonly string[];
}

/** Reads a text once, without making anything of it. */
export function readJsonText(bytes: Uint8Array): JsonReport {
  const scanner = new Scanner(bytes);
  try {
    scanner.document();
    return { duplicates: scanner.duplicates };
  } catch (error) {
    if (error instanceof JsonProblem) return { problem: error.message, duplicates: [] };
    throw error;
  }
}

class JsonProblem extends Error {}

/** An object or array that is open. */
interface Level {
  readonly path: string;
  /** The members of an object so far; an array has none. */
  readonly names?: Set<string>;
  count: number;
  /** Where the value that comes next stands. */
  next: string;
}

class Scanner {
  readonly duplicates: string[] = [];
  readonly #bytes: Uint8Array;
  readonly #open: Level[] = [];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  document(): void {
    this.#value();
    for (let level = this.#open.at(-1); level; level = this.#open.at(-1)) this.#member(level);
    this.#space();
    if (this.#at < this.#bytes.length) this.#refuse('after top-level value');
  }

  /** The next member or element of what is open, or its end. */
  #member(level: Level): void {
    const { names } = level;
    this.#space();
    if (level.count === 0 ? this.#take(names ? '}' : ']') : this.#takeEnd(names)) {
      this.#open.pop();
      return;
    }
    if (names) this.#name(level, names);
    else level.next = `${level.path}[${level.count}]`;
    level.count++;
    this.#value();
  }

  #takeEnd(names: Set<string> | undefined): boolean {
    if (this.#take(names ? '}' : ']')) return true;
    if (!this.#take(',')) this.#refuse(names ? 'after object key:value pair' : 'after array element');
    return false;
  }

  #name(level: Level, names: Set<string>): void {
    this.#space();
    const start = this.#at;
    if (this.#bytes[start] !== code('"')) this.#refuse('looking for beginning of object key string');
    this.#string();
    const name = JSON.parse(Buffer.from(this.#bytes.subarray(start, this.#at)).toString('utf8')) as string;
    level.next = level.path ? `${level.path}.${name}` : name;
    if (names.has(name) && this.duplicates.length < mostDuplicates && !this.duplicates.includes(level.next)) {
      this.duplicates.push(level.next);
    }
    names.add(name);
    this.#space();
    if (!this.#take(':')) this.#refuse('after object key');
  }

  /** A scalar, or the beginning of what holds others. */
  #value(): void {
    this.#space();
    const byte = this.#bytes[this.#at];
    if (byte === code('{') || byte === code('[')) this.#begin(byte === code('{'));
    else if (byte === code('"')) this.#string();
    else if (byte === code('t')) this.#literal('true');
    else if (byte === code('f')) this.#literal('false');
    else if (byte === code('n')) this.#literal('null');
    else if (byte === code('-') || isDigit(byte)) this.#number();
    else this.#refuse('looking for beginning of value');
  }

  #begin(isObject: boolean): void {
    if (this.#open.length >= deepest) this.#refuse('exceeded max depth');
    this.#at++;
    const path = this.#open.at(-1)?.next ?? '';
    this.#open.push({ path, next: path, count: 0, ...(isObject ? { names: new Set<string>() } : {}) });
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || byte < 0x20) this.#refuse('in string literal');
      this.#at++;
      if (byte === code('"')) break;
      if (byte === code('\\')) this.#escape();
    }
  }

  #escape(): void {
    const byte = this.#bytes[this.#at];
    if (byte === code('u')) {
      this.#at++;
      for (let count = 0; count < 4; count++) {
        if (!isHex(this.#bytes[this.#at])) this.#refuse('in \\u hexadecimal character escape');
        this.#at++;
      }
    } else if (byte !== undefined && escapes.has(byte)) this.#at++;
    else this.#refuse('in string escape code');
  }

  #literal(word: string): void {
    for (const character of word) {
      if (this.#bytes[this.#at] !== code(character)) this.#refuse(`in literal ${word} (expecting '${character}')`);
      this.#at++;
    }
  }

  #number(): void {
    this.#take('-');
    // Nothing follows a leading zero but a fraction or an exponent.
    if (!this.#take('0')) this.#digits('in numeric literal');
    if (this.#take('.')) this.#digits('after decimal point in numeric literal');
    if (!this.#take('e') && !this.#take('E')) return;
    if (!this.#take('+')) this.#take('-');
    this.#digits('in exponent of numeric literal');
  }

  #digits(where: string): void {
    if (!isDigit(this.#bytes[this.#at])) this.#refuse(where);
    while (isDigit(this.#bytes[this.#at])) this.#at++;
  }

  #take(character: string): boolean {
    if (this.#bytes[this.#at] !== code(character)) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    while (space.has(this.#bytes[this.#at] ?? 0)) this.#at++;
  }

  #refuse(where: string): never {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new JsonProblem('unexpected end of JSON input');
    throw new JsonProblem(`invalid character ${quoted(byte)} ${where}`);
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && /[0-9a-fA-F]/.test(String.fromCharCode(byte));
}

const named: Record<number, string> = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };

/** A byte as Go quotes it: as if it were a character of Latin-1. */
function quoted(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === "'" || character === '\\') return `'\\${character}'`;
  if ((byte >= 0x20 && byte < 0x7f) || (byte >= 0xa1 && byte !== 0xad)) return `'${character}'`;
  if (byte >= 0x80) return `'\\u00${byte.toString(16)}'`;
  return `'${named[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`}'`;
}
