/** One protobuf message into the JSON of its struct. Unknown fields are passed over, as protobuf wants it. */

import { type FieldType, type StructField, type StructType, structType } from '../kinds/notation.ts';
import { printGoMicroTime, printGoTime } from '../schema/go-time.ts';
import { setOwn } from '../schema/own-member.ts';
import type { JsonObject } from '../schema/schema.ts';
import { ProtobufError, signed, text, WireReader, WireType } from './wire.ts';

const deepest = 100;

/** @throws {ProtobufError} */
export function decodeStruct(bytes: Uint8Array, struct: string, depth = 0): JsonObject {
  const object: JsonObject = {};
  readInto(object, bytes, messageOf(structType(struct)), depth);
  return object;
}

/** A message's fields by number; embedded structs are messages of their own. */
interface Message {
  readonly fields: ReadonlyMap<number, StructField>;
  readonly embedded: ReadonlyMap<number, Message>;
}

const messages = new WeakMap<StructType, Message>();

function messageOf(type: StructType): Message {
  const known = messages.get(type);
  if (known) return known;
  const message = gather(type.fields, 0);
  messages.set(type, message);
  return message;
}

function gather(fields: readonly StructField[], level: number): Message {
  const own = new Map<number, StructField>();
  const inner = new Map<number, StructField[]>();
  for (const field of fields) {
    const within = field.embedded[level];
    if (!within) own.set(field.protobuf, field);
    else inner.set(within.protobuf, [...(inner.get(within.protobuf) ?? []), field]);
  }
  const embedded = new Map([...inner].map(([number, members]) => [number, gather(members, level + 1)] as const));
  return { fields: own, embedded };
}

function readInto(object: JsonObject, bytes: Uint8Array, message: Message, depth: number): void {
  if (depth > deepest) throw new ProtobufError(`the message is nested deeper than ${deepest} levels`);
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) {
    const { field: number, type } = reader.tag();
    const field = message.fields.get(number);
    const embedded = message.embedded.get(number);
    if (field) readField(object, reader, type, field, depth);
    else if (embedded && type === WireType.Bytes) readInto(object, reader.bytes(), embedded, depth + 1);
    else reader.skip(type);
  }
}

function readField(object: JsonObject, reader: WireReader, type: number, field: StructField, depth: number): void {
  const { form, of } = field.type;
  if (form === 'list') {
    const list = (Array.isArray(object[field.name]) ? object[field.name] : []) as unknown[];
    if (type === WireType.Bytes && isNumber(of!)) readPacked(list, reader.bytes());
    else list.push(readValue(reader, type, of!, depth));
    object[field.name] = list;
  } else if (form === 'map') {
    if (type !== WireType.Bytes) throw new ProtobufError(`field ${field.name} is not a map`);
    const map = (object[field.name] ?? {}) as JsonObject;
    const { key, value } = readEntry(reader.bytes(), of!, depth);
    setOwn(map, key, value);
    object[field.name] = map;
  } else {
    const value = readValue(reader, type, field.type, depth);
    if (value !== undefined) object[field.name] = value;
  }
}

function isNumber({ form }: FieldType): boolean {
  return form === 'int32' || form === 'int64' || form === 'bool';
}

function readPacked(list: unknown[], bytes: Uint8Array): void {
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) list.push(signed(reader.varint()));
}

function readEntry(bytes: Uint8Array, valueType: FieldType, depth: number): { key: string; value: unknown } {
  const reader = new WireReader(bytes);
  let key = '';
  let value: unknown = emptyValue(valueType);
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (field === 1 && type === WireType.Bytes) key = text(reader.bytes());
    else if (field === 2) value = readValue(reader, type, valueType, depth);
    else reader.skip(type);
  }
  return { key, value };
}

function emptyValue(type: FieldType): unknown {
  if (type.form === 'string' || type.form === 'bytes') return '';
  if (type.form === 'quantity') return '0';
  if (type.form === 'list') return [];
  return type.form === 'struct' ? {} : null;
}

function readValue(reader: WireReader, wire: number, type: FieldType, depth: number): unknown {
  switch (type.form) {
    case 'int32':
    case 'int64':
      return signed(expectVarint(reader, wire));
    case 'bool':
      return expectVarint(reader, wire) !== 0n;
    case 'float64':
      if (wire !== WireType.Fixed64) throw new ProtobufError('a number has the wrong wire type');
      return reader.double();
    default:
      return readBytes(expectBytes(reader, wire), type, depth + 1);
  }
}

function readBytes(bytes: Uint8Array, type: FieldType, depth: number): unknown {
  switch (type.form) {
    case 'string':
      return text(bytes);
    case 'bytes':
      return Buffer.from(bytes).toString('base64');
    case 'quantity':
      return text(firstBytes(bytes)) || '0';
    case 'intorstring':
      return readIntOrString(bytes);
    case 'time':
      return readTime(bytes, printGoTime);
    case 'microtime':
      return readTime(bytes, printGoMicroTime);
    case 'raw':
    case 'fields':
      return readJson(firstBytes(bytes));
    case 'list':
      return readItems(bytes, type, depth);
    case 'struct':
      return readStruct(bytes, type.struct!, depth);
    default:
      throw new ProtobufError(`a ${type.form} cannot stand here`);
  }
}

function readStruct(bytes: Uint8Array, struct: string, depth: number): unknown {
  const name = struct.split('.')[1]!;
  if (struct === 'apiextensions.JSON') return readJson(firstBytes(bytes));
  if (struct.startsWith('apiextensions.JSONSchemaPropsOr')) return readUnion(bytes, name, depth);
  return decodeStruct(bytes, struct, depth);
}

/** A list within a map is a message whose first field repeats. */
function readItems(bytes: Uint8Array, type: FieldType, depth: number): unknown[] {
  const reader = new WireReader(bytes);
  const items: unknown[] = [];
  while (!reader.isAtEnd) {
    const { field, type: wire } = reader.tag();
    if (field === 1) items.push(readValue(reader, wire, type.of!, depth));
    else reader.skip(wire);
  }
  return items;
}

function readUnion(bytes: Uint8Array, name: string, depth: number): unknown {
  const reader = new WireReader(bytes);
  const schemaStruct = 'apiextensions.JSONSchemaProps';
  let value: unknown = {};
  const list: unknown[] = [];
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (type === WireType.Varint && name === 'JSONSchemaPropsOrBool' && field === 1) value = reader.varint() !== 0n;
    else if (type !== WireType.Bytes) reader.skip(type);
    else if (field === 1) value = decodeStruct(reader.bytes(), schemaStruct, depth);
    else if (field === 2 && name === 'JSONSchemaPropsOrBool') value = decodeStruct(reader.bytes(), schemaStruct, depth);
    else if (field === 2 && name === 'JSONSchemaPropsOrStringArray') list.push(text(reader.bytes()));
    else if (field === 2) list.push(decodeStruct(reader.bytes(), schemaStruct, depth));
    else reader.skip(type);
  }
  return list.length > 0 ? list : value;
}

function readIntOrString(bytes: Uint8Array): string | number {
  const reader = new WireReader(bytes);
  let isText = false;
  let number = 0;
  let word = '';
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (field === 1 && type === WireType.Varint) isText = reader.varint() === 1n;
    else if (field === 2 && type === WireType.Varint) number = signed(reader.varint());
    else if (field === 3 && type === WireType.Bytes) word = text(reader.bytes());
    else reader.skip(type);
  }
  return isText ? word : number;
}

const latestSecond = 253_402_300_799;

function readTime(bytes: Uint8Array, print: (time: { ms: number; micros: number }) => string): string | undefined {
  const reader = new WireReader(bytes);
  let seconds: number | undefined;
  let nanos = 0;
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (field === 1 && type === WireType.Varint) seconds = signed(reader.varint());
    else if (field === 2 && type === WireType.Varint) nanos = signed(reader.varint());
    else reader.skip(type);
  }
  // Go's zero time, and an empty message, are no time at all.
  if (seconds === undefined || seconds < -62_135_596_799) return undefined;
  if (seconds > latestSecond || nanos < 0 || nanos >= 1e9) throw new ProtobufError('a time is out of range');
  return print({ ms: seconds * 1000, micros: Math.floor(nanos / 1000) });
}

/** The bytes of field 1. */
function firstBytes(bytes: Uint8Array): Uint8Array {
  const reader = new WireReader(bytes);
  let found: Uint8Array = new Uint8Array();
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (field === 1 && type === WireType.Bytes) found = reader.bytes();
    else reader.skip(type);
  }
  return found;
}

function readJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(text(bytes)) as unknown;
  } catch {
    throw new ProtobufError('a JSON value in the message cannot be read');
  }
}

function expectVarint(reader: WireReader, wire: number): bigint {
  if (wire !== WireType.Varint) throw new ProtobufError('a number has the wrong wire type');
  return reader.varint();
}

function expectBytes(reader: WireReader, wire: number): Uint8Array {
  if (wire !== WireType.Bytes) throw new ProtobufError('a text or message has the wrong wire type');
  return reader.bytes();
}
