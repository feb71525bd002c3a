/**
 * The notation in which `types/` writes down the Go types of the Kubernetes API. One paragraph a struct:
 *
 *     ContainerPort atomic # what it is
 *     name 1 string
 *     containerPort 3 int32 * + # what the field says
 *
 * A field line holds the JSON name, the protobuf number (0 for what protobuf leaves out), the type, flags, and after `#` a description.
 * Types: `string` (`string:Name` for a named Go string), `int32`, `int64`, `float64`, `bool`, `bytes`, `quantity`,
 * `intorstring`, `time`, `microtime`, `raw` and `fields` (any JSON), `[T]` lists, `{T}` maps with string keys, a struct
 * of the same package or `package.Struct`; a trailing `?` marks a Go pointer.
 * Flags: `*` required, `+` written even when empty, `e` an empty list told from none, `z` a time left out when zero, `atomic`, `set`,
 * `map=key,key`, `granular` list or map type, `patch=strategy:mergeKey`, `default=value`, `enum=A|B`.
 * A line `inline N Struct` embeds that struct's fields here; in protobuf it is message N.
 */
import { typeTables } from './types/index.ts';

export type TypeForm =
  | 'string'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'bool'
  | 'bytes'
  | 'quantity'
  | 'intorstring'
  | 'time'
  | 'microtime'
  | 'raw'
  | 'fields'
  | 'list'
  | 'map'
  | 'struct';

export interface FieldType {
  readonly form: TypeForm;
  readonly isPointer: boolean;
  /** As Go prints it in errors: `[]v1.Container`. */
  readonly goName: string;
  /** What a list or a map holds. */
  readonly of?: FieldType;
  /** The struct's key in the table: `core.Container`. */
  readonly struct?: string;
}

export interface StructField {
  readonly name: string;
  readonly protobuf: number;
  readonly type: FieldType;
  readonly isRequired: boolean;
  /** Without omitempty: written though empty. */
  readonly isAlwaysWritten: boolean;
  readonly isOmittedWhenZero: boolean;
  /** What fills in defaults, or validates, tells an empty list from none; what is stored has none. */
  readonly isKeptEmpty: boolean;
  readonly listType?: 'atomic' | 'set' | 'map' | 'granular';
  readonly mapKeys?: readonly string[];
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly description: string;
  /** Names of the embedded structs on the way to this field, outermost first. */
  readonly embedded: readonly EmbeddedIn[];
}

export interface EmbeddedIn {
  readonly goName: string;
  readonly protobuf: number;
}

export interface StructType {
  /** `core.Container`. */
  readonly key: string;
  readonly packageName: string;
  /** `Container`. */
  readonly name: string;
  readonly isAtomic: boolean;
  readonly description: string;
  /** Own fields and those of embedded structs, in order. */
  readonly fields: readonly StructField[];
  readonly fieldsByName: ReadonlyMap<string, StructField>;
}

const goTypeNames: Partial<Record<TypeForm, string>> = {
  bytes: '[]uint8',
  quantity: 'resource.Quantity',
  intorstring: 'intstr.IntOrString',
  time: 'v1.Time',
  microtime: 'v1.MicroTime',
  raw: 'runtime.RawExtension',
  fields: 'v1.FieldsV1',
};

/** Lists and maps that have a name of their own in Go. */
const collectionNames: Readonly<Record<string, string>> = {
  '{quantity}': 'v1.ResourceList',
  '[ValidationRule]': 'v1.ValidationRules',
  '{JSONSchemaPropsOrStringArray}': 'v1.JSONSchemaDependencies',
};

/** Names of texts that later versions of an API borrow from the first. */
const ownNames = new Set(['ConditionStatus', 'ResourceName']);

const scalars = new Set<string>(['string', 'int32', 'int64', 'float64', 'bool', ...Object.keys(goTypeNames)]);

const paragraphs = new Map<string, { packageName: string; lines: string[] }>();
for (const [packageName, table] of typeTables) {
  for (const paragraph of table.trim().split('\n\n')) {
    const lines = paragraph.split('\n');
    paragraphs.set(`${packageName}.${/^\w+/.exec(lines[0]!)![0]}`, { packageName, lines });
  }
}

const parsed = new Map<string, StructType>();

/** @throws Error when the tables have no such struct: a mistake of this program. */
export function structType(key: string): StructType {
  const known = parsed.get(key);
  if (known) return known;
  const paragraph = paragraphs.get(key);
  if (!paragraph) throw new Error(`no type table describes ${key}`);
  const { packageName, lines } = paragraph;
  const [head, description] = splitComment(lines[0]!);
  const [name, ...flags] = head.split(' ');
  const fields = lines.slice(1).flatMap((line) => parseLine(line, packageName));
  const type: StructType = {
    key,
    packageName,
    name: name!,
    isAtomic: flags.includes('atomic'),
    description,
    fields,
    fieldsByName: new Map(fields.map((field) => [field.name, field])),
  };
  parsed.set(key, type);
  return type;
}

/** Keys of all structs the tables hold. */
export function structKeys(): string[] {
  return [...paragraphs.keys()];
}

function splitComment(line: string): [string, string] {
  const at = line.indexOf(' # ');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 3)];
}

function parseLine(line: string, packageName: string): StructField[] {
  const [facts, description] = splitComment(line);
  const [name, number, typeText, ...flags] = facts.split(' ');
  const type = parseType(typeText!, packageName);
  if (name === 'inline') {
    const inner = structType(type.struct!);
    const embeddedIn = { goName: inner.name, protobuf: Number(number) };
    return inner.fields.map((field) => ({ ...field, embedded: [embeddedIn, ...field.embedded] }));
  }
  const field: { -readonly [K in keyof StructField]: StructField[K] } = {
    name: name!,
    protobuf: Number(number),
    type,
    isRequired: false,
    isAlwaysWritten: false,
    isOmittedWhenZero: false,
    isKeptEmpty: false,
    description,
    embedded: [],
  };
  for (const flag of flags) applyFlag(field, flag);
  return [field];
}

function applyFlag(field: { -readonly [K in keyof StructField]: StructField[K] }, flag: string): void {
  const [word, value = ''] = splitOnce(flag, '=');
  if (word === '*') field.isRequired = true;
  else if (word === '+') field.isAlwaysWritten = true;
  else if (word === 'e') field.isKeptEmpty = true;
  else if (word === 'z') field.isOmittedWhenZero = true;
  else if (word === 'atomic' || word === 'set' || word === 'granular') field.listType = word;
  else if (word === 'map') {
    field.listType = 'map';
    field.mapKeys = value.split(',');
  } else if (word === 'patch') {
    const [strategy, key] = splitOnce(value, ':');
    if (strategy) field.patchStrategy = strategy;
    if (key) field.patchMergeKey = key;
  } else if (word === 'default') {
    field.default = field.type.form === 'string' ? value : (JSON.parse(value) as unknown);
  } else if (word === 'enum') field.enum = value.split('|');
  else if (word !== 'format') throw new Error(`unknown flag ${flag} of field ${field.name}`);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function parseType(text: string, packageName: string): FieldType {
  if (text.endsWith('?')) return { ...parseType(text.slice(0, -1), packageName), isPointer: true };
  if (text.startsWith('[')) {
    const of = parseType(text.slice(1, -1), packageName);
    const goName = collectionNames[text] ?? `[]${of.isPointer ? '*' : ''}${of.goName}`;
    return { form: 'list', isPointer: false, goName, of };
  }
  if (text.startsWith('{')) {
    const of = parseType(text.slice(1, -1), packageName);
    return { form: 'map', isPointer: false, goName: collectionNames[text] ?? `map[string]${of.goName}`, of };
  }
  if (text.startsWith('string:')) {
    const name = text.slice('string:'.length);
    const owner = ownNames.has(name) ? 'v1' : goPackage(packageName);
    return { form: 'string', isPointer: false, goName: name === 'UID' ? 'types.UID' : `${owner}.${name}` };
  }
  if (scalars.has(text)) {
    const form = text as TypeForm;
    return { form, isPointer: false, goName: goTypeNames[form] ?? form };
  }
  const struct = text.includes('.') ? text : `${packageName}.${text}`;
  const [owner, name] = struct.split('.') as [string, string];
  return { form: 'struct', isPointer: false, goName: `${goPackage(owner)}.${name}`, struct };
}

/** The name of the Go package that a table's structs are of. */
export function goPackage(table: string): string {
  return table.endsWith('v2') ? 'v2' : 'v1';
}
