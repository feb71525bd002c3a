/**
 * Reads JSON into a built-in kind as Go's decoder and encoder do: unknown fields are dropped and named, values take
 * their normal form (times in UTC, quantities canonical, empty optional fields gone, structs always there), and a wrong
 * type is refused with Go's words.
 */
import { setOwn } from '../schema/own-member.ts';
import { goAmount, goNormalScalar, goScalarProblem, goValueName } from './go-scalars.ts';
import { type FieldType, goPackage, type StructField, type StructType, structType } from './notation.ts';
import { decodeSchemaUnion, type StructReader } from './schema-unions.ts';

export interface GoDecoded {
  readonly value: Record<string, unknown>;
  /** Paths of fields the type does not have, in document order. */
  readonly unknown: readonly string[];
  /** Go's sentence about the first value of a wrong type. */
  readonly error?: string;
}

/** Deeper JSON is refused as the real decoder refuses it. */
const deepest = 10_000;

/** A custom unmarshaler gave up: decoding ends there, and its sentence wins over earlier ones. */
class Abandoned extends Error {}

export function goDecode(raw: unknown, structKey: string): GoDecoded {
  const reader = new GoReader();
  const type = structType(structKey);
  try {
    const value = reader.struct(raw, type, type.name);
    return { value, unknown: reader.unknown, ...(reader.error ? { error: reader.error } : {}) };
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
    return { value: {}, unknown: reader.unknown, error: error.message };
  }
}

/** What Go writes for a struct nobody set. */
export function emptyStruct(structKey: string): Record<string, unknown> {
  return new GoReader().struct({}, structType(structKey), '');
}

class GoReader implements StructReader {
  readonly unknown: string[] = [];
  error: string | undefined;
  private owner = '';
  private readonly goPath: string[] = [];
  private readonly path: string[] = [];
  private depth = 0;

  struct(raw: unknown, type: StructType, owner: string): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    if (raw !== null && raw !== undefined && (typeof raw !== 'object' || Array.isArray(raw))) {
      this.mismatch(raw, `${goPackage(type.packageName)}.${type.name}`);
      raw = {};
    }
    const given = (raw ?? {}) as Record<string, unknown>;
    if (++this.depth > deepest) throw new Abandoned('exceeded max depth');
    const outer = this.owner;
    this.owner = owner;
    const read = new Map<string, unknown>();
    for (const name of Object.keys(given)) {
      const field = type.fieldsByName.get(name);
      if (!field) {
        this.unknownField(name);
        continue;
      }
      this.enter(field, () => {
        if (given[name] !== null && given[name] !== undefined) read.set(name, this.value(given[name], field.type));
      });
    }
    this.owner = outer;
    this.depth--;
    for (const field of type.fields) {
      const empty = () => emptyOf(field.type);
      const written = normalField(read.get(field.name), read.has(field.name), field, empty);
      if (written !== undefined) value[field.name] = written;
    }
    return value;
  }

  value(raw: unknown, type: FieldType): unknown {
    switch (type.form) {
      case 'struct':
        if (decodeSchemaUnion.handles(type.struct!)) return decodeSchemaUnion.read(this, raw, type.struct!);
        return this.struct(raw, structType(type.struct!), structType(type.struct!).name);
      case 'list':
        return this.list(raw, type);
      case 'map':
        return this.map(raw, type);
      default:
        return this.scalar(raw, type);
    }
  }

  unchecked<T>(read: () => T): T {
    const count = this.unknown.length;
    const value = read();
    this.unknown.length = count;
    return value;
  }

  abandon(sentence: string): never {
    throw new Abandoned(sentence);
  }

  /** A whole value is not what the type holds: remember the first such. */
  mismatch(raw: unknown, goType: string): void {
    this.error ??= this.sentence(goValueName(raw), goType);
  }

  private list(raw: unknown, type: FieldType): unknown {
    if (!Array.isArray(raw)) {
      this.mismatch(raw, type.goName);
      return undefined;
    }
    return raw.map((item, index) => {
      this.path.push(`[${index}]`);
      const read = item === null || item === undefined ? emptyOf(type.of!) : this.value(item, type.of!);
      this.path.pop();
      return read;
    });
  }

  private map(raw: unknown, type: FieldType): unknown {
    if (typeof raw !== 'object' || Array.isArray(raw)) {
      this.mismatch(raw, type.goName);
      return undefined;
    }
    const read: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(raw as object)) {
      this.path.push(`.${key}`);
      let value = member === null ? emptyOf(type.of!) : this.value(member, type.of!);
      this.path.pop();
      if (type.of!.form === 'quantity' && typeof value === 'string') value = goAmount(value);
      setOwn(read, key, value);
    }
    return read;
  }

  private scalar(raw: unknown, type: FieldType): unknown {
    const problem = goScalarProblem(raw, type);
    if (!problem) return goNormalScalar(raw, type.form);
    const sentence = 'sentence' in problem ? problem.sentence : this.sentence(problem.value, problem.goType);
    if (problem.isFinal) throw new Abandoned(sentence);
    this.error ??= sentence;
    return undefined;
  }

  private sentence(value: string, goType: string): string {
    if (this.goPath.length === 0) return `json: cannot unmarshal ${value} into Go value of type ${goType}`;
    return `json: cannot unmarshal ${value} into Go struct field ${this.owner}.${this.goPath.join('.')} of type ${goType}`;
  }

  private enter(field: StructField, read: () => void): void {
    const embedded = field.embedded.map(({ goName }) => goName);
    this.goPath.push(...embedded, field.name);
    this.path.push(this.path.length > 0 ? `.${field.name}` : field.name);
    read();
    this.path.pop();
    this.goPath.length -= embedded.length + 1;
  }

  private unknownField(name: string): void {
    const prefix = this.path.join('');
    this.unknown.push(prefix ? `${prefix}.${name}` : name);
  }
}

/** What Go writes for a field, `undefined` for nothing. */
function normalField(value: unknown, isGiven: boolean, field: StructField, empty: () => unknown): unknown {
  const { type, isAlwaysWritten, isOmittedWhenZero, isKeptEmpty } = field;
  if (type.isPointer) return isGiven && value !== undefined ? value : isAlwaysWritten ? null : undefined;
  if (!isGiven || value === undefined) {
    if (isOmittedWhenZero) return undefined;
    const zero = empty();
    return isAlwaysWritten || alwaysThere.has(type.form) ? zero : undefined;
  }
  if (isAlwaysWritten || isKeptEmpty || alwaysThere.has(type.form)) return value;
  return isEmptyValue(value) ? undefined : value;
}

/** Go structs without a pointer: omitempty does not leave them out. */
const alwaysThere = new Set(['struct', 'quantity', 'intorstring', 'time', 'microtime', 'raw', 'fields']);

function isEmptyValue(value: unknown): boolean {
  if (value === '' || value === 0 || value === false || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value as object).length === 0;
}

function emptyOf(type: FieldType): unknown {
  if (type.isPointer) return null;
  switch (type.form) {
    case 'struct':
      return decodeSchemaUnion.handles(type.struct!) ? null : emptyStruct(type.struct!);
    case 'string':
    case 'bytes':
      return '';
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'float64':
    case 'intorstring':
      return 0;
    case 'quantity':
      return '0';
    default:
      return null;
  }
}
