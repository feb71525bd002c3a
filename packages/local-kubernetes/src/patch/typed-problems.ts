/** Why a value is none of its schema's, in the words of structured-merge-diff. */
import { goQuote } from '../schema/field-error.ts';
import { isObject, type Schema } from '../schema/schema.ts';
import { goSyntax, goText, reflectType } from './go-text.ts';
import { isDeclared, keyValue, memberOf } from './typed-value.ts';

const deepest = 1000;

interface Check {
  readonly problems: string[];
  readonly allowsDuplicates: boolean;
}

/** @param allowsDuplicates whether an entry may stand twice, as it may in what is stored already */
export function typedProblems(value: unknown, schema: Schema, allowsDuplicates = false): readonly string[] {
  const context: Check = { problems: [], allowsDuplicates };
  check(value, schema, '', context, 0);
  return context.problems;
}

function check(value: unknown, schema: Schema | undefined, path: string, context: Check, depth: number): void {
  if (!schema || value === null || value === undefined || depth > deepest) return;
  if (schema['x-kubernetes-int-or-string']) return;
  const expected = expectation(value, schema);
  if (expected) {
    context.problems.push(`${path}: expected ${expected}, got ${printed(value, expected)}`);
    return;
  }
  if (Array.isArray(value)) {
    checkItems(value, schema, path, context, depth);
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      const inner = memberOf(schema, name);
      if (inner) check(member, inner, `${path}.${name}`, context, depth + 1);
      else if (!isOpen(schema) && !isDeclared(schema, name))
        context.problems.push(`${path}.${name}: field not declared in schema`);
    }
  }
}

/** Items of a set or a list map are told by what they are, and stand there once. */
function checkItems(items: readonly unknown[], schema: Schema, path: string, context: Check, depth: number): void {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const { name, problem } = itemName(item, index, schema);
    if (problem) {
      context.problems.push(`${path}: element ${index}: ${problem}`);
      return;
    }
    if (seen.has(name) && !context.allowsDuplicates)
      context.problems.push(`${path}: duplicate entries for key ${name}`);
    seen.add(name);
    check(item, schema.items, `${path}${name}`, context, depth + 1);
  }
}

/** What an item is called, or why it cannot be. */
function itemName(item: unknown, index: number, schema: Schema): { name: string; problem?: string } {
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') {
    const problem = isObject(item) || Array.isArray(item) || item === null ? setProblem(item) : undefined;
    return { name: `[=${mergedText(item)}]`, ...(problem ? { problem } : {}) };
  }
  if (type !== 'map') return { name: `[${index}]` };
  if (!isObject(item)) {
    const what = item === null ? 'a null element' : 'non-map elements';
    return { name: '', problem: `associative list with keys may not have ${what}` };
  }
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const values = [...keys].sort().flatMap((key) => {
    const value = keyValue(item, key, schema);
    return value === undefined ? [] : [`${key}=${mergedText(value)}`];
  });
  if (values.length > 0) return { name: `[${values.join(',')}]` };
  const omitted = `omits all key fields ["${keys.join('" "')}"] (and doesn't have default values for any key fields)`;
  return { name: '', problem: `associative list with keys has an element that ${omitted}` };
}

function setProblem(item: unknown): string {
  if (isObject(item)) return "associative list without keys has an element that's a map type";
  if (Array.isArray(item)) return 'not supported: associative list with lists as elements';
  return "associative list without keys has an element that's an explicit null";
}

function isOpen(schema: Schema): boolean {
  if (schema['x-kubernetes-preserve-unknown-fields'] || schema['x-kubernetes-embedded-resource']) return true;
  return schema.additionalProperties === true || (schema.type === 'object' && !schema.properties);
}

/** What should stand here, when something else does. */
function expectation(value: unknown, schema: Schema): string | undefined {
  switch (schema.type) {
    case 'string':
      // A text of a format may be any scalar there.
      if (schema.format && schema.format !== 'byte') return scalarExpectation(value);
      return typeof value === 'string' ? undefined : 'string';
    case 'integer':
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint' ? undefined : 'numeric (int or float)';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'boolean';
    case 'array':
      return Array.isArray(value) ? undefined : 'list';
    case 'object':
      return isObject(value) ? undefined : 'map';
    default:
      return undefined;
  }
}

function scalarExpectation(value: unknown): string | undefined {
  return typeof value === 'object' ? 'any scalar' : undefined;
}

/** Each expectation prints what it got in a way of its own. */
function printed(value: unknown, expected: string): string {
  if (expected === 'string') return `&value.valueUnstructured{Value:${goSyntax(value)}}`;
  return expected === 'numeric (int or float)' ? reflectType(value) : `&{${goText(value)}}`;
}

/** A value within the name of an item, as structured-merge-diff prints one. */
function mergedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(mergedText).join(',')}]`;
  if (isObject(value))
    return Object.entries(value)
      .map(([name, member]) => `${name}=${mergedText(member)}`)
      .join('');
  return typeof value === 'string' ? goQuote(value) : String(value);
}
