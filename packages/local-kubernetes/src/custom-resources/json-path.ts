/**
 * The JSONPath of printer columns, as client-go's jsonpath reads it where a CustomResourceDefinition may use it: members,
 * quoted members, indexes, slices, wildcards, recursive descent and filters that compare a member with a value.
 */
import { isObject } from '../schema/schema.ts';

type StepFunction = (value: unknown) => unknown[];

/** Deeper descents end. */
const deepest = 100;

/** A parsed path; gives all values it finds, in order. */
export type JsonPath = (value: unknown) => unknown[];

/** @throws SyntaxError with a sentence naming what cannot be read */
export function parseJsonPath(path: string): JsonPath {
  const steps: StepFunction[] = [];
  let rest = path.startsWith('{') && path.endsWith('}') ? path.slice(1, -1) : path;
  rest = rest.replace(/^\$/, '').replace(/^@/, '');
  while (rest !== '') {
    const parsed = nextStep(rest);
    if (!parsed) throw new SyntaxError(`unrecognized character in action: ${JSON.stringify(rest[0])} of ${path}`);
    steps.push(parsed.step);
    rest = rest.slice(parsed.length);
  }
  return (value) => steps.reduce<unknown[]>((values, step) => values.flatMap(step), [value]);
}

function nextStep(text: string): { step: StepFunction; length: number } | undefined {
  const descent = /^\.\.((?:\\.|[^.[\]{}()'"\s])+|\*)/.exec(text);
  if (descent)
    return { step: (value) => descendants(value).flatMap(member(unescaped(descent[1]!))), length: descent[0].length };
  const name = /^\.?((?:\\.|[^.[\]{}()'"\s])+)/.exec(text);
  if (name && (text.startsWith('.') || !text.startsWith('[')))
    return { step: member(unescaped(name[1]!)), length: name[0].length };
  const bracket = /^\.?\[/.exec(text);
  if (!bracket) return text === '.' ? { step: (value) => [value], length: 1 } : undefined;
  const end = closing(text, bracket[0].length);
  if (end < 0) return undefined;
  const step = bracketStep(text.slice(bracket[0].length, end).trim());
  return step && { step, length: end + 1 };
}

function closing(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const character = text[at]!;
    if (quote) {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === ']') return at;
  }
  return -1;
}

function bracketStep(text: string): StepFunction | undefined {
  if (text === '*') return member('*');
  const filter = /^\?\((.*)\)$/s.exec(text);
  if (filter) return filterStep(filter[1]!.trim());
  const quoted = /^'([^']*)'$|^"([^"]*)"$/.exec(text);
  if (quoted) return member(quoted[1] ?? quoted[2] ?? '', true);
  const slice = /^(-?\d*):(-?\d*)$/.exec(text);
  if (slice) {
    const from = slice[1] ? Number(slice[1]) : 0;
    const to = slice[2] ? Number(slice[2]) : undefined;
    return (value) => (Array.isArray(value) ? value.slice(from, to) : []);
  }
  if (/^-?\d+$/.test(text)) return (value) => (Array.isArray(value) ? value.slice(Number(text)).slice(0, 1) : []);
  return undefined;
}

function member(name: string, isLiteral = false): StepFunction {
  if (name === '*' && !isLiteral) {
    return (value) => (Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []);
  }
  return (value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []);
}

const comparisons: Record<string, (a: unknown, b: unknown) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => (a as number) < (b as number),
  '>': (a, b) => (a as number) > (b as number),
  '<=': (a, b) => (a as number) <= (b as number),
  '>=': (a, b) => (a as number) >= (b as number),
};

function filterStep(text: string): StepFunction | undefined {
  const match = /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/s.exec(text);
  if (!match) {
    const path = operand(text);
    return path && ((value) => items(value).filter((item) => path(item).length > 0));
  }
  const left = operand(match[1]!);
  const right = operand(match[3]!);
  const compare = comparisons[match[2]!];
  if (!left || !right || !compare) return undefined;
  return (value) =>
    items(value).filter((item) => {
      const [a] = left(item);
      const [b] = right(item);
      return a !== undefined && b !== undefined && compare(a, b);
    });
}

function operand(text: string): JsonPath | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('@') || trimmed.startsWith('$')) return parseJsonPath(trimmed);
  const quoted = /^'([^']*)'$|^"([^"]*)"$/.exec(trimmed);
  if (quoted) return () => [quoted[1] ?? quoted[2] ?? ''];
  if (/^-?\d+(\.\d+)?$/.test(trimmed)) return () => [Number(trimmed)];
  if (trimmed === 'true' || trimmed === 'false') return () => [trimmed === 'true'];
  return undefined;
}

function items(value: unknown): unknown[] {
  return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
}

function descendants(value: unknown, depth = 0): unknown[] {
  if (depth > deepest) return [];
  return [value, ...items(value).flatMap((inner) => descendants(inner, depth + 1))];
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/g, '$1');
}
