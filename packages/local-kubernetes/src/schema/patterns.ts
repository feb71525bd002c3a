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

/** What Go would say of an expression that cannot be compiled. */
export function patternProblem(pattern: string): string {
  try {
    new RegExp(pattern, 'u');
    return 'error parsing regexp: invalid syntax';
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    if (said.includes('Unterminated group')) return `error parsing regexp: missing closing ): \`${pattern}\``;
    if (said.includes('Unterminated character class') || said.includes('Lone quantifier')) {
      return `error parsing regexp: missing closing ]: \`${pattern.slice(pattern.lastIndexOf('['))}\``;
    }
    if (said.includes('Unmatched')) return `error parsing regexp: unexpected ): \`${pattern}\``;
    if (said.includes('Nothing to repeat')) {
      return `error parsing regexp: missing argument to repetition operator: \`${/[*+?]/.exec(pattern)?.[0] ?? ''}\``;
    }
    return `error parsing regexp: invalid or unsupported Perl syntax: \`${pattern}\``;
  }
}
