// What a client accepts and what it sends. RFC 9110 12.5.1, and the `as`, `g`, `v` parameters by which a Kubernetes
// client asks for a Table, for metadata alone, or for aggregated discovery.

import { notAcceptable, unknownForm } from '../verbs/status-errors.ts';

export interface MediaType {
  /** `type/subtype` in lower case. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export function parseMediaType(text: string): MediaType {
  const [name = '', ...rest] = text.split(';');
  const parameters: Record<string, string> = {};
  for (const part of rest) {
    const equals = part.indexOf('=');
    if (equals > 0)
      parameters[part.slice(0, equals).trim().toLowerCase()] = part
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1');
  }
  return { name: name.trim().toLowerCase(), parameters };
}

/** The accepted types by falling preference; an absent or empty header accepts everything. */
export function parseAccept(header: string | undefined): MediaType[] {
  if (!header?.trim()) return [{ name: '*/*', parameters: {} }];
  return header
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(parseMediaType)
    .map((type, index) => ({ type, index, quality: Number(type.parameters['q'] ?? 1) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.index - b.index)
    .map(({ type }) => type);
}

export type Encoding = 'json' | 'yaml';
/** How a resource is shown: whole, as a table, or its metadata alone. */
export type Representation = 'object' | 'table' | 'metadata';

export interface Negotiated {
  readonly encoding: Encoding;
  readonly representation: Representation;
  /** Whether a list of metadata was asked for by its name. */
  readonly isList?: boolean;
  /** Version of meta.k8s.io for tables and metadata. */
  readonly version: string;
}

/** What is served; the protobuf of a real server is not, and every client of the API that asks for it accepts JSON too. */
export const servedMediaTypes = ['application/json', 'application/yaml'];

/** Picks the form of an answer. @throws {StatusError} NotAcceptable when nothing asked for can be served */
export function negotiate(accepted: readonly MediaType[]): Negotiated {
  for (const { name, parameters } of accepted) {
    const encoding = encodingOf(name);
    if (!encoding) continue;
    const { as, g: group, v: version = 'v1' } = parameters;
    if (!as) return { encoding, representation: 'object', version: 'v1' };
    if (group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) continue;
    if (as === 'Table') return { encoding, representation: 'table', version };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') {
      return { encoding, representation: 'metadata', version, isList: as === 'PartialObjectMetadataList' };
    }
  }
  // The type would do, but not in that form.
  if (accepted.some(({ name }) => encodingOf(name))) throw unknownForm(servedMediaTypes);
  throw notAcceptable(servedMediaTypes);
}

function encodingOf(name: string): Encoding | undefined {
  if (name === '*/*' || name === 'application/*' || name === 'application/json') return 'json';
  return name === 'application/yaml' ? 'yaml' : undefined;
}
