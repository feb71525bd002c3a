// Label and field selectors: the text forms of list and watch requests, and LabelSelector objects.
// Facts: k8s.io/apimachinery pkg/labels and pkg/fields.

import { meetsRequirement, type Requirement } from '../kinds/object-selectors.ts';
import { ownMember } from '../schema/own-member.ts';
import { isLabelValue } from '../validation/names.ts';
import { badRequest } from './status-errors.ts';

export type Labels = Readonly<Record<string, string>>;

export interface FieldRequirement {
  readonly field: string;
  readonly isEqual: boolean;
  readonly value: string;
}

const keyPattern =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1,m<2`. @throws {StatusError} BadRequest */
export function parseLabelSelector(text: string): Requirement[] {
  const requirements: Requirement[] = [];
  const scanner = new SelectorScanner(text);
  while (!scanner.isAtEnd()) {
    requirements.push(scanner.requirement());
    if (!scanner.isAtEnd()) scanner.comma();
  }
  return requirements;
}

export function matchesLabels(requirements: readonly Requirement[], labels: Labels = {}): boolean {
  return requirements.every((requirement) => meetsRequirement(requirement, ownMember(labels, requirement.key)));
}

/** Parses `a=b,c==d,e!=f`; a backslash escapes comma, equals sign and itself in a value. @throws {StatusError} */
export function parseFieldSelector(text: string): FieldRequirement[] {
  if (text === '') return [];
  return splitEscaped(text).map((term) => {
    const found = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
    if (!found) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field = '', operator, raw = ''] = found;
    if (/(^|[^\\])(\\\\)*[,=]/.test(raw)) throw badRequest(`invalid field selector: ${raw}`);
    return { field, isEqual: operator !== '!=', value: raw.replace(/\\([\\,=])/g, '$1') };
  });
}

export function matchesFields(requirements: readonly FieldRequirement[], textOf: (field: string) => string): boolean {
  return requirements.every(({ field, isEqual, value }) => (textOf(field) === value) === isEqual);
}

function splitEscaped(text: string): string[] {
  const terms: string[] = [];
  let term = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    if (character === '\\') term += character + (text[++index] ?? '');
    else if (character === ',') {
      terms.push(term);
      term = '';
    } else term += character;
  }
  terms.push(term);
  return terms.filter((each) => each !== '');
}

class SelectorScanner {
  readonly #tokens: string[];
  #next = 0;

  constructor(text: string) {
    this.#tokens = text.match(/==|!=|[=!<>(),]|[^\s=!<>(),]+/g) ?? [];
  }

  isAtEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  comma(): void {
    const token = this.#take();
    if (token !== ',') throw badRequest(`found '${token}', expected: ',' or 'end of string'`);
    const next = this.#peek() ?? '';
    if (next === '' || /^[=<>(),]|^!=/.test(next)) throw badRequest(`found '${next}', expected: identifier after ','`);
  }

  requirement(): Requirement {
    if (this.#peek() === '!') {
      this.#take();
      return { key: this.#key(), operator: 'DoesNotExist', values: [] };
    }
    const first = this.#peek() ?? '';
    if (/^[=!<>(),]*$/.test(first)) throw badRequest(`found '${first}', expected: !, identifier, or 'end of string'`);
    const key = this.#key();
    const next = this.#peek();
    if (next === undefined || next === ',') return { key, operator: 'Exists', values: [] };
    const operator = this.#take();
    switch (operator) {
      case '=':
      case '==':
        return { key, operator: 'In', values: [this.#value(key)] };
      case '!=':
        return { key, operator: 'NotIn', values: [this.#value(key)] };
      case 'in':
      case 'notin':
        return { key, operator: operator === 'in' ? 'In' : 'NotIn', values: this.#set(key) };
      case '>':
      case '<': {
        const value = this.#value(key);
        if (!/^[+-]?\d+$/.test(value))
          this.#fail(`values[0]: Invalid value: "${value}": for 'Gt', 'Lt' operators, the value must be an integer`);
        return { key, operator: operator === '>' ? 'Gt' : 'Lt', values: [value] };
      }
      default:
        return this.#fail(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
    }
  }

  #set(key: string): string[] {
    const open = this.#take();
    if (open !== '(') this.#fail(`found '${open}' expected: '('`);
    const values: string[] = [];
    for (;;) {
      const token = this.#peek();
      if (token === ')') {
        this.#take();
        return values.length > 0 ? values : [''];
      }
      if (token === ',') {
        this.#take();
        if (this.#peek() === ')' || this.#peek() === ',') values.push('');
        continue;
      }
      if (token === undefined) this.#fail("found '', expected: ',' or ')'");
      values.push(this.#value(key));
    }
  }

  #key(): string {
    const token = this.#take();
    if (token === '' || /^[=!<>(),]+$/.test(token)) this.#fail(`found '${token}', expected: identifier`);
    if (!keyPattern.test(token)) {
      throw badRequest(
        `unable to parse requirement: <nil>: Invalid value: "${token}": name part must consist of alphanumeric characters, ` +
          `'-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or ` +
          `'123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      );
    }
    return token;
  }

  #value(key: string): string {
    const next = this.#peek();
    if (next === undefined || next === ',') return '';
    const token = this.#take();
    if (/^[=!<>(]+$/.test(token)) this.#fail(`found '${token}', expected: identifier`);
    const problems = isLabelValue(token);
    if (problems.length > 0) {
      const why = problems.join('; ');
      throw badRequest(`unable to parse requirement: values[0][${key}]: Invalid value: "${token}": ${why}`);
    }
    return token;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  #take(): string {
    return this.#tokens[this.#next++] ?? '';
  }

  #fail(why: string): never {
    throw badRequest(`unable to parse requirement: ${why}`);
  }
}
