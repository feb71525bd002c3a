/**
 * Request bodies of the media type application/vnd.kubernetes.protobuf: the prefix `k8s\0`, a runtime.Unknown that names
 * the kind, and in it the message of that kind, whose field numbers are in the type tables.
 */
import { builtInKinds } from '../kinds/built-in.ts';
import { apiVersionOf } from '../kinds/kind.ts';
import { structOf } from '../kinds/kind-schema.ts';
import type { JsonObject } from '../schema/schema.ts';
import { decodeStruct } from './decode-struct.ts';
import { ProtobufError, text, WireReader, WireType } from './wire.ts';

export interface DecodedProtobuf {
  readonly apiVersion: string;
  readonly kind: string;
  readonly object: JsonObject;
}

const prefix = [0x6b, 0x38, 0x73, 0x00];

/** Kinds that are only ever sent, or that this server knows without storing them. */
const sentOnly: Record<string, string> = {
  'authentication.k8s.io/v1/TokenRequest': 'authentication.TokenRequest',
  'autoscaling/v1/Scale': 'autoscalingv1.Scale',
  'autoscaling/v1/HorizontalPodAutoscaler': 'autoscalingv1.HorizontalPodAutoscaler',
  'policy/v1/Eviction': 'policy.Eviction',
  'v1/DeleteOptions': 'meta.DeleteOptions',
  'meta.k8s.io/v1/DeleteOptions': 'meta.DeleteOptions',
  'v1/Status': 'meta.Status',
};

const structs = new Map<string, string>(Object.entries(sentOnly));
for (const kind of builtInKinds) structs.set(`${apiVersionOf(kind)}/${kind.kind}`, structOf(kind.schema)!);

/**
 * @throws {ProtobufError} when the bytes are not such a message, or the kind is not one this server knows
 */
export function decodeProtobuf(body: Uint8Array): DecodedProtobuf {
  if (body.length === 0) throw new ProtobufError('empty data');
  if (!prefix.every((byte, index) => body[index] === byte)) {
    throw new ProtobufError(
      `provided data does not appear to be a protobuf message, expected prefix [${prefix.join(' ')}]`,
    );
  }
  const { apiVersion, kind, raw, encoding } = readUnknown(body.subarray(prefix.length));
  if (encoding) throw new ProtobufError(`the content encoding ${encoding} is not supported; send the message as it is`);
  const struct = structs.get(`${apiVersion}/${kind}`);
  if (!struct) {
    throw new ProtobufError(`no kind "${kind}" of "${apiVersion}" is known here; send it as JSON`);
  }
  return { apiVersion, kind, object: { apiVersion, kind, ...decodeStruct(raw, struct) } };
}

interface Unknown {
  apiVersion: string;
  kind: string;
  raw: Uint8Array;
  encoding: string;
}

function readUnknown(bytes: Uint8Array): Unknown {
  const unknown: Unknown = { apiVersion: '', kind: '', raw: new Uint8Array(), encoding: '' };
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (type !== WireType.Bytes) reader.skip(type);
    else if (field === 1) Object.assign(unknown, readTypeMeta(reader.bytes()));
    else if (field === 2) unknown.raw = reader.bytes();
    else if (field === 3) unknown.encoding = text(reader.bytes());
    else reader.skip(type);
  }
  return unknown;
}

function readTypeMeta(bytes: Uint8Array): Pick<Unknown, 'apiVersion' | 'kind'> {
  const meta = { apiVersion: '', kind: '' };
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (type === WireType.Bytes && field === 1) meta.apiVersion = text(reader.bytes());
    else if (type === WireType.Bytes && field === 2) meta.kind = text(reader.bytes());
    else reader.skip(type);
  }
  return meta;
}
