// PMI-1 simple wire protocol (RFC 13): lines of `key=value` words; the value of `value` may hold spaces.

export type PmiFields = Readonly<Record<string, string>>;

export function printPmi(fields: PmiFields): string {
  const words = Object.entries(fields).map(([key, value]) => `${key}=${value}`);
  return `${words.join(' ')}\n`;
}

/** @throws {Error} for a word without `=` */
export function parsePmi(line: string): PmiFields {
  const fields: Record<string, string> = {};
  let rest = line.trimEnd();
  while (rest !== '') {
    const equals = rest.indexOf('=');
    if (equals <= 0) throw new Error(`malformed PMI message: ${JSON.stringify(line)}`);
    const key = rest.slice(0, equals);
    const behind = rest.slice(equals + 1);
    // A value takes the rest of the line; every other field is one word.
    const end = key === 'value' ? -1 : behind.indexOf(' ');
    fields[key] = end < 0 ? behind : behind.slice(0, end);
    rest = end < 0 ? '' : behind.slice(end + 1).trimStart();
  }
  return fields;
}

/** Gathers lines out of chunks. */
export class LineReader {
  #rest = '';

  push(chunk: Buffer | string): string[] {
    const lines = (this.#rest + chunk.toString()).split('\n');
    this.#rest = lines.pop()!;
    if (this.#rest.length > 1 << 20) throw new Error('a PMI line of more than 1 MiB');
    return lines;
  }
}
