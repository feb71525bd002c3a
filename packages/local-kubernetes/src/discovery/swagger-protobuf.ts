/**
 * OpenAPI version 2 in protobuf, as kubectl and the client libraries of Go ask for it: what `explain` shows with
 * `--output plaintext-openapiv2`, and which query parameters a kind's patches take.
 * Facts: gnostic's openapi_v2/OpenAPIv2.proto (messages and field numbers).
 */
import { booleanField, bytesField, doubleField, integerField, textField } from '../protobuf/wire-writer.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import type { SwaggerDocument } from './swagger.ts';

export const swaggerProtobufTypes = [
  'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
];

/** Writes a member of a JSON object as a field of the message that stands for the object. */
type Write = (field: number, value: unknown) => Buffer;

interface Message {
  readonly members: Readonly<Record<string, readonly [field: number, write: Write]>>;
  /** The field that takes the members that begin with `x-`. */
  readonly extensions?: number;
}

/** A gnostic Document. */
export function swaggerProtobuf(document: SwaggerDocument): Buffer {
  return encode(documentMessage, document);
}

const text: Write = (field, value) => textField(field, value as string);
const integer: Write = (field, value) => integerField(field, value as number);
const double: Write = (field, value) => doubleField(field, value as number);
const flag: Write = (field, value) => booleanField(field, value as boolean);
/** Any value stands there as YAML, and so as JSON. */
const anything: Write = (field, value) => bytesField(field, textField(2, JSON.stringify(value)));

function each(write: Write): Write {
  return (field, value) => Buffer.concat((value as unknown[]).map((one) => write(field, one)));
}

/** A message within the field; `inner` are the fields on the way to it, outermost first. */
function within(write: Write, ...inner: readonly number[]): Write {
  return inner.reduceRight<Write>(
    (deeper, number) => (field, value) => bytesField(field, deeper(number, value)),
    write,
  );
}

/** A map: a message for each of its members, with the name in 1 and the value in 2. */
function named(write: Write): Write {
  return (field, value) =>
    Buffer.concat(
      Object.entries(value as JsonObject).map(([name, member]) =>
        bytesField(field, Buffer.concat([textField(1, name), write(2, member)])),
      ),
    );
}

function as(message: Message): Write {
  return (field, value) => bytesField(field, encode(message, value as object));
}

function encode({ members, extensions }: Message, value: object): Buffer {
  const parts = Object.entries(value).flatMap(([name, member]) => {
    const known = members[name];
    if (known) return [known[1](known[0], member)];
    const isExtension = extensions !== undefined && name.startsWith('x-');
    return isExtension ? [named(anything)(extensions, { [name]: member })] : [];
  });
  return Buffer.concat(parts);
}

/** Schemas hold schemas. */
const schema: Write = (field, value) => as(schemaMessage)(field, value);

const additional: Write = (field, value) =>
  bytesField(field, isObject(value) ? schema(1, value) : booleanField(2, value === true));

const schemaMessage: Message = {
  members: {
    $ref: [1, text],
    format: [2, text],
    title: [3, text],
    description: [4, text],
    default: [5, anything],
    multipleOf: [6, double],
    maximum: [7, double],
    exclusiveMaximum: [8, flag],
    minimum: [9, double],
    exclusiveMinimum: [10, flag],
    maxLength: [11, integer],
    minLength: [12, integer],
    pattern: [13, text],
    maxItems: [14, integer],
    minItems: [15, integer],
    uniqueItems: [16, flag],
    maxProperties: [17, integer],
    minProperties: [18, integer],
    required: [19, each(text)],
    enum: [20, each(anything)],
    additionalProperties: [21, additional],
    type: [22, within(text, 1)],
    items: [23, within(schema, 1)],
    properties: [25, within(named(schema), 1)],
    example: [30, anything],
  },
  extensions: 31,
};

const bodyParameter: Message = {
  members: { description: [1, text], name: [2, text], in: [3, text], required: [4, flag], schema: [5, schema] },
};
const pathParameter: Message = {
  members: { required: [1, flag], in: [2, text], description: [3, text], name: [4, text], type: [5, text] },
};
const queryParameter: Message = {
  members: { in: [2, text], description: [3, text], name: [4, text], type: [6, text], uniqueItems: [20, flag] },
};

/** ParametersItem > Parameter > BodyParameter, or NonBodyParameter > one for each place. */
const parameter: Write = (field, value) => {
  const place = (value as JsonObject)['in'];
  if (place === 'body') return within(as(bodyParameter), 1, 1)(field, value);
  return place === 'path'
    ? within(as(pathParameter), 1, 2, 4)(field, value)
    : within(as(queryParameter), 1, 2, 3)(field, value);
};

const response: Message = { members: { description: [1, text], schema: [2, within(schema, 1)] } };

const operation: Message = {
  members: {
    description: [3, text],
    operationId: [5, text],
    produces: [6, each(text)],
    consumes: [7, each(text)],
    parameters: [8, each(parameter)],
    responses: [9, within(named(within(as(response), 1)), 1)],
    schemes: [10, each(text)],
  },
  extensions: 13,
};

const pathItem: Message = {
  members: {
    get: [2, as(operation)],
    put: [3, as(operation)],
    post: [4, as(operation)],
    delete: [5, as(operation)],
    patch: [8, as(operation)],
    parameters: [9, each(parameter)],
  },
};

const documentMessage: Message = {
  members: {
    swagger: [1, text],
    info: [2, as({ members: { title: [1, text], version: [2, text] } })],
    paths: [8, within(named(as(pathItem)), 2)],
    definitions: [9, within(named(schema), 1)],
  },
};
