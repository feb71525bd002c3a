/**
 * The constraint syntax of command lines, RFC 35: `a&(b|-c) host:foo[0-3]`. Terms side by side are joined by and; `-`
 * negates one term, `not` an expression; or binds weaker than and.
 */
import type { ConstraintObject } from './constraint.ts';
import { FormatError } from './format-error.ts';

export interface ConstraintDialect {
  /** Operator of a term that names none; without it such a term is an error. */
  readonly defaultOperator?: string;
  /** Short names to operators: `host` to `hostlist`. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Operators whose values are split, and where: `properties` at commas. */
  readonly separators?: Readonly<Record<string, string>>;
  /** Operators whose terms, joined by and, become one. */
  readonly combined?: readonly string[];
}

/** The dialect of `--requires`. */
export const requiresDialect: ConstraintDialect = {
  defaultOperator: 'properties',
  aliases: { host: 'hostlist', hosts: 'hostlist', rank: 'ranks' },
  separators: { properties: ',' },
  combined: ['properties'],
};

type Kind = 'term' | 'and' | 'or' | 'not' | 'negate' | '(' | ')';

interface Token {
  readonly kind: Kind;
  readonly text: string;
  readonly position: number;
}

/** @throws FormatError saying what stood where */
export function parseConstraintSyntax(text: string, dialect: ConstraintDialect = requiresDialect): ConstraintObject {
  return new Parser(text, dialect).parse();
}

const deepest = 64;

class Parser {
  readonly #text: string;
  readonly #dialect: ConstraintDialect;
  readonly #tokens: Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string, dialect: ConstraintDialect) {
    this.#text = text;
    this.#dialect = dialect;
    this.#tokens = [...tokensOf(text)];
  }

  parse(): ConstraintObject {
    const constraint = this.#or();
    const rest = this.#tokens[this.#next];
    if (rest)
      throw this.#fail(
        rest.kind === ')' ? 'a parenthesis closes that was not opened' : `unexpected ${JSON.stringify(rest.text)}`,
        rest.position,
      );
    return constraint;
  }

  #or(): ConstraintObject {
    let left = this.#and();
    while (this.#take('or')) {
      const right = this.#and();
      left = 'or' in left ? { or: [...left['or']!, right] } : { or: [left, right] };
    }
    return left;
  }

  #and(): ConstraintObject {
    let left = this.#not();
    for (;;) {
      const kind = this.#tokens[this.#next]?.kind;
      if (kind === undefined || kind === 'or' || kind === ')') return left;
      if (kind === 'and') this.#next++;
      left = this.#combine(left, this.#not());
    }
  }

  #not(): ConstraintObject {
    if (this.#depth > deepest) throw this.#fail(`nested deeper than ${deepest}`);
    this.#depth++;
    const result = this.#take('not') ? { not: [this.#not()] } : this.#primary();
    this.#depth--;
    return result;
  }

  #primary(): ConstraintObject {
    const token = this.#tokens[this.#next++];
    if (!token) throw this.#fail('unexpected end', this.#text.length);
    if (token.kind === 'term') return this.#term(token);
    if (token.kind === 'negate') {
      const term = this.#tokens[this.#next++];
      if (term?.kind !== 'term')
        throw this.#fail('- must stand before a term; use not before an expression', token.position);
      return { not: [this.#term(term)] };
    }
    if (token.kind !== '(') throw this.#fail(`unexpected ${JSON.stringify(token.text)}`, token.position);
    const inner = this.#or();
    if (!this.#take(')')) throw this.#fail('a parenthesis is not closed', token.position);
    return inner;
  }

  #term({ text, position }: Token): ConstraintObject {
    const { defaultOperator, aliases = {}, separators = {} } = this.#dialect;
    const colon = text.indexOf(':');
    if (colon < 0 && defaultOperator === undefined) {
      throw this.#fail(`${JSON.stringify(text)} needs an operator`, position);
    }
    const name = colon < 0 ? defaultOperator! : text.slice(0, colon);
    const operator = Object.hasOwn(aliases, name) ? aliases[name]! : name;
    const invalid = /[^\p{L}\p{N}_.+@-]/u.exec(operator);
    if (invalid) throw this.#fail(`invalid character ${JSON.stringify(invalid[0])} in operator`, position);
    const value = colon < 0 ? text : text.slice(colon + 1);
    const separator = Object.hasOwn(separators, operator) ? separators[operator]! : undefined;
    return { [operator]: separator === undefined ? [value] : value.split(separator) };
  }

  #combine(left: ConstraintObject, right: ConstraintObject): ConstraintObject {
    if ('and' in left) return { and: [...left['and']!, right] };
    const [operator] = Object.keys(left) as [string];
    if (this.#dialect.combined?.includes(operator) && operator in right) {
      return { [operator]: [...left[operator]!, ...right[operator]!] };
    }
    return { and: [left, right] };
  }

  #take(kind: Kind): boolean {
    if (this.#tokens[this.#next]?.kind !== kind) return false;
    this.#next++;
    return true;
  }

  #fail(problem: string, position?: number): FormatError {
    return new FormatError('constraint', this.#text, problem, position);
  }
}

const symbols: readonly [Kind, RegExp][] = [
  ['negate', /-/y],
  ['not', /not\b/y],
  ['and', /&&?|and\b/y],
  ['or', /\|\|?|or\b/y],
  ['(', /\(/y],
  [')', /\)/y],
];
const space = /\s+/y;
const word = /[^()|&\s"']+/y;

function* tokensOf(text: string): Generator<Token> {
  const fail = (problem: string, position: number) => new FormatError('constraint', text, problem, position);
  // A term that ends in a colon takes what follows it, a quoted string too.
  let open: Token | undefined;
  let position = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = position;
    return pattern.exec(text)?.[0];
  };
  while (position < text.length) {
    const blank = match(space);
    if (blank) {
      position += blank.length;
      continue;
    }
    const quote = text[position]!;
    let piece: string | undefined;
    let start = position;
    if (quote === '"' || quote === "'") {
      const end = text.indexOf(quote, position + 1);
      if (end < 0) throw fail(`a quote ${quote} is not closed`, position);
      piece = text.slice(position + 1, end);
      start++;
      position = end + 1;
    } else {
      const symbol = open ? undefined : symbols.find(([, pattern]) => match(pattern));
      if (symbol) {
        const found = match(symbol[1])!;
        yield { kind: symbol[0], text: found, position };
        position += found.length;
        continue;
      }
      piece = match(word);
      if (piece === undefined) break;
      position += piece.length;
    }
    if (open) {
      yield { kind: 'term', text: open.text + piece, position: open.position };
      open = undefined;
    } else if (piece.endsWith(':')) open = { kind: 'term', text: piece, position: start };
    else yield { kind: 'term', text: piece, position: start };
  }
  if (open) throw fail(`${JSON.stringify(open.text)} needs a value`, open.position);
}
