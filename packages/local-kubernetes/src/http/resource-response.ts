// Objects and lists in the form a client accepts: whole, as a table, or metadata alone; JSON or YAML.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import type { Kind } from '../kinds/kind.ts';
import { type IncludeObject, partialMetadata, printTable } from '../table/table.ts';
import type { ListResult } from '../verbs/list.ts';
import { apiVersionOf } from '../verbs/request.ts';
import { badRequest, noList } from '../verbs/status-errors.ts';
import type { Exchange } from './exchange.ts';
import { type Negotiated, negotiate } from './media-type.ts';

/** How much of each object a table carries. @throws {StatusError} BadRequest */
export function includeObject({ query }: Exchange): IncludeObject {
  const value = query.get('includeObject') || 'Metadata';
  if (value !== 'None' && value !== 'Metadata' && value !== 'Object') {
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: "${value}": must be 'Metadata', 'Object', 'None', or empty`,
    );
  }
  return value;
}

export function sendObject(exchange: Exchange, code: number, kind: Kind, object: KubernetesObject, now: Date): void {
  const form = negotiate(exchange.accepted);
  if (form.representation === 'table' && object.kind === kind.kind) {
    const metadata = { resourceVersion: object.metadata.resourceVersion };
    const options = { version: form.version, includeObject: includeObject(exchange), hasColumns: true };
    exchange.send(code, printTable(kind, [object], metadata, options, now), form.encoding);
  } else if (form.representation === 'metadata') {
    if (form.isList) throw noList('PartialObjectMetadataList', kind);
    exchange.send(code, partialMetadata(object, form.version), form.encoding);
  } else {
    exchange.send(code, object, form.encoding);
  }
}

export function sendList(exchange: Exchange, kind: Kind, list: ListResult, now: Date): void {
  const form = negotiate(exchange.accepted);
  const { metadata, items } = list;
  const objects = () => items.map(({ object }) => object);
  if (form.representation === 'table') {
    const options = { version: form.version, includeObject: includeObject(exchange), hasColumns: true };
    const { continue: token, ...rest } = metadata as { continue?: string };
    const shown = token ? metadata : rest;
    exchange.send(200, printTable(kind, objects(), shown, options, now), form.encoding);
  } else if (form.representation === 'metadata') {
    exchange.send(200, metadataList(list, form), form.encoding);
  } else if (form.encoding === 'yaml') {
    exchange.send(200, { apiVersion: list.apiVersion, kind: list.kind, metadata, items: objects() }, 'yaml');
  } else {
    const head = JSON.stringify({ kind: list.kind, apiVersion: list.apiVersion, metadata }).slice(0, -1);
    exchange.sendJson(200, `${head},"items":[${items.map(({ text }) => itemText(kind, text)).join(',')}]}`);
  }
}

function metadataList({ metadata, items }: ListResult, form: Negotiated): object {
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: `meta.k8s.io/${form.version}`,
    metadata,
    items: items.map(({ object }) => partialMetadata(object, form.version)),
  };
}

/** Items of a built-in list do not repeat what the list says: a real server leaves kind and apiVersion out. */
function itemText(kind: Kind, text: string): string {
  if (!kind.builtIn) return text;
  const apiVersion = apiVersionOf(kind);
  for (const head of [
    `{"apiVersion":"${apiVersion}","kind":"${kind.kind}",`,
    `{"kind":"${kind.kind}","apiVersion":"${apiVersion}",`,
  ]) {
    if (text.startsWith(head)) return `{${text.slice(head.length)}`;
  }
  const { apiVersion: _version, kind: _kind, ...rest } = JSON.parse(text) as KubernetesObject;
  return JSON.stringify(rest);
}
