/** The rules of one schema node, compiled: type-checked programs over `self` and `oldSelf`. */
import { Environment } from '@marcbachmann/cel-js';
import type { Schema, ValidationRule } from '../schema/schema.ts';
import { CelTypes } from './cel-types.ts';
import { useDurations } from './cel-values.ts';
import { registerLibraries } from './libraries.ts';
import { comprehensionDepth, countNodes, mentions } from './rule-shape.ts';

type Program = (context: object) => unknown;

export interface CompiledRule {
  readonly source: ValidationRule;
  readonly program: Program;
  readonly messageProgram?: Program;
  readonly usesOldSelf: boolean;
  /** Steps of the rule itself, and how deep its loops nest: with the size of the data they bound its cost. */
  readonly steps: number;
  readonly loops: number;
  /** Set when the rule cannot be compiled, with the part that is broken. */
  readonly error?: string;
  readonly brokenPart?: 'rule' | 'messageExpression';
}

export interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly types: CelTypes;
  /** Wraps a value that may be absent. */
  readonly optional: (value: unknown) => unknown;
}

const libraryEnvironment = registerLibraries(
  new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false }),
);
const durationProgram = libraryEnvironment.clone().registerVariable('text', 'string').parse('duration(text)');
useDurations((text) => (durationProgram as unknown as Program)({ text }));

/** The library's own optional: its class is not exported, an instance tells it. */
const none = (libraryEnvironment.clone().parse('optional.none()') as unknown as Program)({}) as object;
const Optional = none.constructor as unknown as { of(value: unknown): unknown };
const optional = (value: unknown) => (value === undefined || value === null ? none : Optional.of(value));

const compiledBySchema = new WeakMap<Schema, CompiledRules>();
const ruled = new WeakMap<Schema, boolean>();

/** Whether the schema or anything below it has rules. */
export function hasRules(schema: Schema | undefined): boolean {
  if (!schema) return false;
  const known = ruled.get(schema);
  if (known !== undefined) return known;
  ruled.set(schema, false);
  const found =
    (schema['x-kubernetes-validations']?.length ?? 0) > 0 ||
    Object.values(schema.properties ?? {}).some(hasRules) ||
    hasRules(schema.items) ||
    (typeof schema.additionalProperties === 'object' && hasRules(schema.additionalProperties));
  ruled.set(schema, found);
  return found;
}

/** Compiles the rules of one node; rules that do not compile carry their error. */
export function compiledRules(schema: Schema, isRoot: boolean): CompiledRules {
  const known = compiledBySchema.get(schema);
  if (known) return known;
  const plain = libraryEnvironment.clone();
  const types = new CelTypes(plain);
  const self = types.nameOf(schema, isRoot);
  plain.registerVariable('self', self);
  const withOptional = plain.clone();
  const withOld = plain.clone();
  withOld.registerVariable('oldSelf', self);
  withOptional.registerVariable('oldSelf', `optional<${self}>`);
  const rules = (schema['x-kubernetes-validations'] ?? []).map((rule) =>
    compileRule(rule, rule.optionalOldSelf ? withOptional : withOld),
  );
  const compiled = { rules, types, optional };
  compiledBySchema.set(schema, compiled);
  return compiled;
}

function compileRule(source: ValidationRule, environment: Environment): CompiledRule {
  const rule = compileExpression(source.rule, environment, 'bool');
  const broken = { source, program: () => true, usesOldSelf: false, steps: 0, loops: 0 };
  if (typeof rule === 'string') return { ...broken, error: rule, brokenPart: 'rule' };
  const message = source.messageExpression
    ? compileExpression(source.messageExpression, environment, 'string')
    : undefined;
  const usesOldSelf = mentions(rule.ast, 'oldSelf');
  if (typeof message === 'string') return { ...broken, usesOldSelf, error: message, brokenPart: 'messageExpression' };
  return {
    source,
    program: rule.program,
    ...(message ? { messageProgram: message.program } : {}),
    usesOldSelf,
    steps: countNodes(rule.ast),
    loops: comprehensionDepth(rule.ast),
  };
}

interface Expression {
  readonly program: Program;
  readonly ast: unknown;
}

/** @returns the program, or what is wrong with the text */
export function compileExpression(
  text: string,
  environment: Environment,
  wanted: 'bool' | 'string',
): Expression | string {
  const part = wanted === 'bool' ? '' : 'messageExpression ';
  try {
    const program = environment.parse(text) as unknown as Program & {
      ast: unknown;
      check(): { valid: boolean; type?: unknown; error?: Error };
    };
    const checked = program.check();
    if (!checked.valid) return `${part}${compileError(checked.error, text)}`;
    const type = String(checked.type);
    if (type !== wanted && type !== 'dyn') {
      return wanted === 'bool'
        ? 'cel expression must evaluate to a bool'
        : 'messageExpression must evaluate to a string';
    }
    return { program, ast: program.ast };
  } catch (error) {
    return `${part}${compileError(error, text)}`;
  }
}

/** The library's error as cel-go prints its own: where, what, and the line with a mark under it. */
function compileError(error: unknown, text: string): string {
  const { range, summary, code } = error as { range?: { start: number }; summary?: string; code?: string };
  const said = summary ?? (error instanceof Error ? error.message.split('\n')[0] : String(error)) ?? '';
  const isSyntax = error instanceof Error && error.name === 'ParseError';
  const missing = /^No such key: (.*)$/.exec(said);
  const unknown = /^Unknown variable: (.*)$/.exec(said);
  const what = missing
    ? `undefined field '${missing[1]}'`
    : unknown
      ? `undeclared reference to '${unknown[1]}' (in container '')`
      : isSyntax
        ? `Syntax error: ${said}`
        : said;
  // cel-go marks the dot before a field.
  const start = Math.max(0, (range?.start ?? 0) - (code === 'no_such_key' ? 1 : 0));
  const before = text.slice(0, start).split('\n');
  const line = text.split('\n')[before.length - 1] ?? '';
  const column = before.at(-1)!.length;
  return `compilation failed: ERROR: <input>:${before.length}:${column + 1}: ${what}\n | ${line}\n | ${'.'.repeat(column)}^`;
}
