/** Just enough of protobuf's wire format to write what clients send: messages of fields, by number. */

export type Message = Uint8Array;

/** A field: a text, a number, a truth, or the fields of a message. */
export function field(number: number, value: string | number | boolean | Message | readonly Message[]): Message {
  if (typeof value === 'number' || typeof value === 'boolean')
    return Buffer.concat([varint(number << 3), varint(Number(value))]);
  const bytes =
    typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : Buffer.concat([...value]);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

/** An object as Kubernetes sends it: a prefix, then runtime.Unknown with its kind and its bytes. */
export function unknown(apiVersion: string, kind: string, object: readonly Message[]): Message {
  const type = field(1, [field(1, apiVersion), field(2, kind)]);
  return Buffer.concat([Buffer.from('k8s\0', 'latin1'), type, field(2, object), field(3, ''), field(4, '')]);
}

function varint(value: number): Message {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Uint8Array.from(bytes);
}
