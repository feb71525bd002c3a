// From the bytes of a request body to a value: JSON, YAML, or the protobuf that kubectl sends for some creates.

import { parse as parseYaml } from 'yaml';
import { decodeProtobuf } from '../protobuf/decode.ts';
import { badRequest, unsupportedMediaType } from '../verbs/status-errors.ts';
import { parseMediaType } from './media-type.ts';

const protobuf = 'application/vnd.kubernetes.protobuf';
const accepted = ['application/json', 'application/yaml', protobuf];

/** Parses a body by its Content-Type; JSON where there is none. @throws {StatusError} */
export function parseContent(body: Buffer, contentType: string | undefined): unknown {
  const { name } = parseMediaType(contentType || 'application/json');
  switch (name) {
    case 'application/json':
      return parseJson(body);
    case 'application/yaml':
      return parseYamlText(body);
    case protobuf:
      try {
        return decodeProtobuf(body).object;
      } catch (error) {
        throw badRequest(`the protobuf body cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      }
    default:
      throw unsupportedMediaType(accepted);
  }
}

/** @throws {StatusError} BadRequest */
export function parseJson(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(
      `couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** YAML, and so JSON too. @throws {StatusError} BadRequest */
export function parseYamlText(body: Buffer): unknown {
  try {
    return parseYaml(body.toString('utf8'), { maxAliasCount: 100 });
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
