/**
 * What apimachinery's converter from unstructured maps into structs says of the first value that does not fit: the words of
 * a strategic merge patch's outcome, which never passes through JSON again. Facts: k8s.io/apimachinery
 * pkg/runtime/converter.go.
 */
import { isObject } from '../schema/schema.ts';
import { goScalarProblem, goValueName } from './go-scalars.ts';
import { type FieldType, structType } from './notation.ts';
import { decodeSchemaUnion } from './schema-unions.ts';

/** @returns the converter's sentence, undefined when all of the object fits its struct */
export function unstructuredProblem(object: Readonly<Record<string, unknown>>, struct: string): string | undefined {
  for (const name of ['kind', 'apiVersion']) {
    const problem = object[name] === undefined ? undefined : problemIn(object[name], textType);
    if (problem) return problem;
  }
  return structProblem(object, struct);
}

const textType: FieldType = { form: 'string', isPointer: false, goName: 'string' };

function problemIn(value: unknown, type: FieldType): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (type.form) {
    case 'struct':
      // They read JSON themselves, whatever it is.
      if (decodeSchemaUnion.handles(type.struct!)) return undefined;
      return isObject(value) ? structProblem(value, type.struct!) : `cannot restore struct from: ${reflectKind(value)}`;
    case 'map':
      if (!isObject(value)) return `cannot restore map from ${reflectKind(value)}`;
      return first(Object.entries(value), ([, member]) => problemIn(member, type.of!));
    case 'list':
      if (!Array.isArray(value)) return `cannot restore slice from ${reflectKind(value)}`;
      return first(value, (item) => problemIn(item, type.of!));
    case 'string':
      if (typeof value === 'string') return undefined;
      // Go can convert a whole number to the character of that code point; the converter will not.
      return isWhole(value) ? `cannot convert int64 to ${type.goName}` : 'unrecognized type: string';
    case 'bool':
      return typeof value === 'boolean' ? undefined : 'unrecognized type: bool';
    case 'int32':
    case 'int64':
      if (isWhole(value)) return undefined;
      return typeof value === 'number' ? `cannot convert float64 to ${type.form}` : `unrecognized type: ${type.form}`;
    case 'float64':
      return typeof value === 'number' || typeof value === 'bigint' ? undefined : 'unrecognized type: float64';
    case 'bytes':
      return bytesProblem(value, type);
    default:
      return unmarshalProblem(value, type);
  }
}

function structProblem(value: Readonly<Record<string, unknown>>, struct: string): string | undefined {
  return first(structType(struct).fields, ({ name, type }) => problemIn(value[name], type));
}

/** Types that read JSON themselves get the value as JSON. */
function unmarshalProblem(value: unknown, type: FieldType): string | undefined {
  const problem = goScalarProblem(value, type);
  if (!problem) return undefined;
  if ('sentence' in problem) return problem.sentence;
  return `json: cannot unmarshal ${problem.value} into Go value of type ${problem.goType}`;
}

function bytesProblem(value: unknown, type: FieldType): string | undefined {
  if (Array.isArray(value) && value.some((each) => typeof each !== 'number' && each !== null)) {
    return 'unrecognized type: uint8';
  }
  if (typeof value !== 'string')
    return Array.isArray(value) ? undefined : `cannot restore slice from ${reflectKind(value)}`;
  const problem = goScalarProblem(value, type);
  return problem && 'sentence' in problem ? `error decoding from json: ${problem.sentence}` : undefined;
}

function isWhole(value: unknown): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
}

/** The kind of a value in an unstructured map, as Go's reflection calls it. */
function reflectKind(value: unknown): string {
  if (isWhole(value)) return 'int64';
  if (typeof value === 'number') return 'float64';
  if (Array.isArray(value)) return 'slice';
  return isObject(value) ? 'map' : goValueName(value);
}

function first<T>(items: readonly T[], problemOf: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem) return problem;
  }
  return undefined;
}
