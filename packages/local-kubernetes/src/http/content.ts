// From the bytes of a request body to a value: JSON, YAML, or the protobuf that kubectl sends for some creates.

import { parse as parseYaml } from 'yaml';
import { decodeProtobuf } from '../protobuf/decode.ts';
import { readJsonText } from '../schema/json-text.ts';
import { unrecognized } from '../verbs/incoming-object.ts';
import { badRequest, unsupportedMediaType } from '../verbs/status-errors.ts';
import { parseMediaType } from './media-type.ts';

const protobuf = 'application/vnd.kubernetes.protobuf';
const accepted = ['application/json', 'application/yaml', protobuf];

export interface Content {
  readonly value: unknown;
  /** Paths of members that stand twice; only JSON can tell. */
  readonly duplicates: readonly string[];
}

/** Parses a body by its Content-Type; JSON where there is none. @param kind named in messages @throws {StatusError} */
export function parseContent(body: Buffer, contentType: string | undefined, kind: string): Content {
  const { name } = parseMediaType(contentType || 'application/json');
  switch (name) {
    case 'application/json':
      return parseJson(body, (problem) => unrecognized(kind, problem, body));
    case 'application/yaml':
      return { value: parseYamlText(body), duplicates: [] };
    case protobuf:
      try {
        return { value: decodeProtobuf(body).object, duplicates: [] };
      } catch (error) {
        throw badRequest(`the protobuf body cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      }
    default:
      throw unsupportedMediaType(accepted);
  }
}

/** The value of a patch. @throws {StatusError} BadRequest */
export function parsePatch(body: Buffer, isYaml: boolean): unknown {
  if (isYaml) return parseYamlText(body);
  return parseJson(body, (problem) => badRequest(`error decoding patch: ${problem}`)).value;
}

function parseJson(body: Buffer, refuse: (problem: string) => Error): Content {
  const { problem, duplicates } = readJsonText(body);
  if (problem !== undefined) throw refuse(problem);
  return { value: JSON.parse(body.toString('utf8')), duplicates };
}

/** YAML, and so JSON too. @throws {StatusError} BadRequest */
function parseYamlText(body: Buffer): unknown {
  try {
    // Kubernetes reads YAML 1.1 (yes, on, 0644), but leaves times as the texts they are.
    return parseYaml(body.toString('utf8'), {
      version: '1.1',
      maxAliasCount: 100,
      customTags: (tags) => tags.filter((each) => typeof each === 'string' || !each.tag.endsWith(':timestamp')),
    });
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
