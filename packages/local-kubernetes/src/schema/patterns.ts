/**
 * Regular expressions of schemas are Go's (RE2). Most mean the same in JavaScript; a leading `(?i)` and the `\z`, `\A`,
 * `(?P<name>` forms are rewritten. What neither understands is not checked.
 */
const compiled = new Map<string, RegExp | undefined>();
const mostCached = 1000;

/** @returns the expression, or undefined when it cannot be compiled */
export function compilePattern(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  if (compiled.size >= mostCached) compiled.clear();
  const expression = compile(pattern);
  compiled.set(pattern, expression);
  return expression;
}

const posixClasses: Record<string, string> = {
  '[:alnum:]': '0-9A-Za-z',
  '[:alpha:]': 'A-Za-z',
  '[:digit:]': '0-9',
  '[:lower:]': 'a-z',
  '[:upper:]': 'A-Z',
  '[:space:]': '\\s',
  '[:word:]': '\\w',
  '[:xdigit:]': '0-9A-Fa-f',
};

function compile(pattern: string): RegExp | undefined {
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  let flags = 'u';
  let source = pattern;
  if (leading) {
    flags += leading[1];
    source = source.slice(leading[0].length);
  }
  source = source.replaceAll('(?P<', '(?<').replace(/\\z/g, '$').replace(/\\A/g, '^');
  for (const [name, members] of Object.entries(posixClasses)) source = source.replaceAll(name, members);
  for (const attempt of [flags, flags.replace('u', '')]) {
    try {
      return new RegExp(source, attempt);
    } catch {
      // Unicode mode refuses needless escapes that Go takes: try without.
    }
  }
  return undefined;
}
