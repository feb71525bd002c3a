// Tables: objects as rows for people. Facts: k8s.io/apimachinery meta/v1 Table.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { defaultColumns } from '../kinds/columns/column.ts';
import type { Kind } from '../kinds/kind.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface TableOptions {
  /** Version of meta.k8s.io. */
  readonly version: string;
  readonly includeObject: IncludeObject;
  /** Watches send the columns with their first event only. */
  readonly hasColumns: boolean;
}

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: string;
  readonly metadata: object;
  readonly columnDefinitions: readonly object[] | null;
  readonly rows: readonly object[] | null;
}

/** Prints objects of one kind as a Table. `metadata` is that of the list, or carries the object's resourceVersion. */
export function printTable(
  kind: Kind,
  objects: readonly KubernetesObject[],
  metadata: object,
  options: TableOptions,
  now: Date,
): Table {
  const columns = kind.columns.map(({ name, type, format, description, priority }) => ({
    name,
    type,
    format,
    description,
    priority,
  }));
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata,
    columnDefinitions: options.hasColumns ? columns : null,
    rows: rowsOf(kind, objects, options, now),
  };
}

function rowsOf(kind: Kind, objects: readonly KubernetesObject[], options: TableOptions, now: Date) {
  // Kinds without columns of their own begin with a list of Go that is nil.
  if (objects.length === 0 && kind.columns === defaultColumns) return null;
  return objects.map((object) => {
    const printed = (kind.conversion?.toStored(object) ?? object) as KubernetesObject;
    return {
      cells: kind.columns.map((column) => column.cell(printed, now) ?? null),
      ...shownObject(options.includeObject === 'Object' ? object : printed, options),
    };
  });
}

function shownObject(object: KubernetesObject, { includeObject, version }: TableOptions): object {
  switch (includeObject) {
    case 'None':
      return { object: null };
    case 'Object':
      return { object };
    case 'Metadata':
      return { object: partialMetadata(object, version) };
  }
}

/** PartialObjectMetadata: an object without anything but its identity. */
export function partialMetadata(object: KubernetesObject, version: string): KubernetesObject {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
}
