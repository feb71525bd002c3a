// What a JSON text says beyond its value: which members stand in it twice, and why it is none, in the words of Go's
// encoding/json, which are those of a real API server.

/** Why `text` is no JSON. @param error what JSON.parse threw */
export function jsonProblem(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const character = text[position];
  if (character === undefined) return 'unexpected end of JSON input';
  return `invalid character '${character}' looking for beginning of ${/property name/.test(message) ? 'object key string' : 'value'}`;
}

/**
 * The paths of members that stand twice in one object of a valid JSON text: `spec.containers[0].name`.
 * At most `limit` are found.
 */
export function duplicateMembers(text: string, limit = 20): string[] {
  const found: string[] = [];
  const scanner = new Scanner(text);
  scanner.value('', (path) => {
    if (found.length < limit && !found.includes(path)) found.push(path);
  });
  return found;
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(path: string, report: (path: string) => void): void {
    this.#space();
    const character = this.#text[this.#at];
    if (character === '{') this.#object(path, report);
    else if (character === '[') this.#array(path, report);
    else if (character === '"') this.#string();
    else while (this.#at < this.#text.length && !/[\s,\]}]/.test(this.#text[this.#at] as string)) this.#at++;
  }

  #object(path: string, report: (path: string) => void): void {
    const names = new Set<string>();
    this.#at++;
    for (;;) {
      this.#space();
      const character = this.#text[this.#at];
      if (character === undefined || character === '}') break;
      if (character === ',') {
        this.#at++;
        continue;
      }
      const start = this.#at;
      this.#string();
      const name = JSON.parse(this.#text.slice(start, this.#at)) as string;
      const inner = path ? `${path}.${name}` : name;
      if (names.has(name)) report(inner);
      names.add(name);
      this.#space();
      this.#at++; // the colon
      this.value(inner, report);
    }
    this.#at++;
  }

  #array(path: string, report: (path: string) => void): void {
    this.#at++;
    for (let index = 0; ; index++) {
      this.#space();
      if (this.#text[this.#at] === ',') this.#at++;
      this.#space();
      const character = this.#text[this.#at];
      if (character === undefined || character === ']') break;
      this.value(`${path}[${index}]`, report);
    }
    this.#at++;
  }

  #string(): void {
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"')
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
    this.#at++;
  }

  #space(): void {
    while (' \n\r\t'.includes(this.#text[this.#at] ?? '\0')) this.#at++;
  }
}
