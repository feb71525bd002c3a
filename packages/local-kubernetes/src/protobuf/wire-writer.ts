/** Writes the protobuf wire format: each function makes one field, and a message is its fields one after the other. */
import { WireType } from './wire.ts';

/** A message, or a field that holds one. */
export function bytesField(field: number, value: Buffer): Buffer {
  return Buffer.concat([tag(field, WireType.Bytes), varint(value.length), value]);
}

export function textField(field: number, value: string): Buffer {
  return bytesField(field, Buffer.from(value));
}

/** @param value a safe integer; a negative one takes ten bytes, as in every int64 */
export function integerField(field: number, value: number): Buffer {
  return Buffer.concat([tag(field, WireType.Varint), varint(value)]);
}

export function booleanField(field: number, value: boolean): Buffer {
  return integerField(field, value ? 1 : 0);
}

export function doubleField(field: number, value: number): Buffer {
  const octets = Buffer.alloc(8);
  octets.writeDoubleLE(value);
  return Buffer.concat([tag(field, WireType.Fixed64), octets]);
}

function tag(field: number, type: number): Buffer {
  return varint(field * 8 + type);
}

function varint(value: number): Buffer {
  const octets: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) octets.push(Number(rest & 0x7fn) | 0x80);
  octets.push(Number(rest));
  return Buffer.from(octets);
}
