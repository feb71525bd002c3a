// From the bytes of a request body to a value: JSON, YAML, or the protobuf that kubectl sends for some creates.

import { decodeProtobuf } from '../protobuf/decode.ts';
import { readJsonText } from '../schema/json-text.ts';
import { unreadableOptions, unrecognized } from '../verbs/incoming-object.ts';
import type { PatchType } from '../verbs/patch.ts';
import type { FieldValidation } from '../verbs/request.ts';
import { badRequest, unsupportedMediaType } from '../verbs/status-errors.ts';
import { parseMediaType } from './media-type.ts';
import { allTwice, readYaml } from './yaml-text.ts';

const protobuf = 'application/vnd.kubernetes.protobuf';
const accepted = ['application/json', 'application/yaml', protobuf];

export interface Content {
  readonly value: unknown;
  /** Paths of members that stand twice in JSON. */
  readonly duplicates: readonly string[];
  /** Sentences about keys that stand twice in YAML. */
  readonly twice?: readonly string[];
}

/** Parses a body by its Content-Type; JSON where there is none. @param kind named in messages @throws {StatusError} */
export function parseContent(body: Buffer, contentType: string | undefined, kind: string): Content {
  const { name } = parseMediaType(contentType || 'application/json');
  switch (name) {
    case 'application/json':
      return parseJson(body, (problem) =>
        kind === 'DeleteOptions' ? unreadableOptions(problem) : unrecognized(kind, problem, body),
      );
    case 'application/yaml':
      return parseYamlText(body, (problem) => unrecognized(kind, problem, body, false));
    case protobuf:
      try {
        return { value: decodeProtobuf(body).object, duplicates: [] };
      } catch (error) {
        throw unrecognized(kind, error instanceof Error ? error.message : String(error), body, false);
      }
    default:
      throw unsupportedMediaType(accepted);
  }
}

/** The value of a patch. A client that ignores what strict decoding finds hears of another reader. @throws {StatusError} BadRequest */
export function parsePatch(body: Buffer, type: PatchType, validation: FieldValidation): Content {
  if (type === 'apply') return parseYamlText(body, (problem) => badRequest(`error decoding YAML: ${problem}`));
  return parseJson(body, (problem) => {
    if (type === 'strategic') return badRequest(problem);
    if (validation !== 'Ignore') return badRequest(`error decoding patch: ${problem}`);
    return badRequest(type === 'merge' ? 'Invalid JSON Patch' : problem);
  });
}

function parseJson(body: Buffer, refuse: (problem: string) => Error): Content {
  const { problem, duplicates } = readJsonText(body);
  if (problem !== undefined) throw refuse(problem);
  return { value: JSON.parse(body.toString('utf8')), duplicates };
}

/** The first document of a YAML text, and so JSON too. @throws what `refuse` makes of a text that is none */
function parseYamlText(body: Buffer, refuse: (problem: string) => Error): Content {
  try {
    const { value, twice } = readYaml(body.toString('utf8'));
    return { value, duplicates: [], twice };
  } catch (error) {
    throw refuse(`error converting YAML to JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What keys that stand twice in YAML are told as, under one validation. */
export function twiceTexts({ twice = [] }: Content, validation: FieldValidation): readonly string[] {
  return validation === 'Strict' && twice.length > 0 ? [allTwice(twice)] : twice;
}
