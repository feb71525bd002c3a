// OpenAPI v2 in protobuf, as kubectl reads it when a kind is newer than the OpenAPI v3 it has at hand: which kinds'
// patches take which query parameters, and nothing else of what the format can say.
// Facts: gnostic's openapi_v2/OpenAPIv2.proto (field numbers), cli-runtime's query parameter verifier (what is read).

import type { Kind } from '../kinds/kind.ts';

export const swaggerProtobufTypes = [
  'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
];

const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'];

/** A Document with one path and its PATCH operation for each kind that can be patched. */
export function swaggerProtobuf(kinds: readonly Kind[]): Buffer {
  const paths = kinds.filter(({ verbs }) => verbs.includes('patch')).map((kind) => bytes(2, namedPath(kind)));
  return Buffer.concat([
    text(1, '2.0'),
    bytes(2, Buffer.concat([text(1, 'Kubernetes'), text(2, 'unversioned')])),
    bytes(8, Buffer.concat(paths)),
  ]);
}

function namedPath(kind: Kind): Buffer {
  const { group, version, plural, namespaced } = kind;
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const path = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}/{name}`;
  return Buffer.concat([text(1, path), bytes(2, bytes(8, patchOperation(kind)))]);
}

function patchOperation({ group, version, kind }: Kind): Buffer {
  const yaml = `group: "${group}"\nkind: ${kind}\nversion: ${version}\n`;
  const extension = Buffer.concat([text(1, 'x-kubernetes-group-version-kind'), bytes(2, text(2, yaml))]);
  return Buffer.concat([...parameters.map((name) => bytes(8, queryParameter(name))), bytes(13, extension)]);
}

/** ParametersItem > Parameter > NonBodyParameter > QueryParameterSubSchema. */
function queryParameter(name: string): Buffer {
  const schema = Buffer.concat([text(2, 'query'), text(4, name), text(6, 'string')]);
  return bytes(1, bytes(2, bytes(3, schema)));
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

/** A length-delimited field. */
function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const octets: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    octets.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  octets.push(rest);
  return Buffer.from(octets);
}
