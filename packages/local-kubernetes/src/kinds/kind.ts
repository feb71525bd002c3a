import type { JsonObject, Schema } from '../schema/schema.ts';

/** Where the scale subresource of a custom resource reads and writes: JSON paths such as `.spec.size`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** A subresource besides status and scale, as discovery lists it. */
export interface NamedSubresource {
  readonly name: string;
  /** The kind it takes or answers with, e.g. `Eviction`; the parent's own when absent. */
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly verbs: readonly string[];
}

export interface Subresources {
  readonly status?: boolean;
  readonly scale?: ScalePaths;
  readonly others?: readonly NamedSubresource[];
}

/** A column of a Table, and what stands in it for an object. */
export interface PrinterColumn {
  readonly name: string;
  /** `string`, `integer`, `number`, `boolean` or `date`. */
  readonly type: string;
  /** `name` for the column that identifies the object. */
  readonly format: string;
  readonly description: string;
  /** 0 is shown always, 1 in wide output only. */
  readonly priority: number;
  /**
   * The cell's value. Ages are relative to `now`.
   * @param object what is stored, in this kind's version
   */
  cell(object: JsonObject, now: Date): unknown;
}

/** Between the version that is stored and another, each object whole and with its apiVersion. */
export interface Conversion {
  toStored(object: JsonObject): JsonObject;
  fromStored(object: JsonObject): JsonObject;
}

/** One version of one kind: everything the API server needs to know about it. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Verbs as discovery lists them; a review has `create` alone and is never stored. */
  readonly verbs: readonly string[];
  readonly subresources: Subresources;
  /** The schema of the whole object, metadata included. */
  readonly schema: Schema;
  readonly columns: readonly PrinterColumn[];
  /** Set where the fields of this version are not those of the stored one. A Table has the cells and metadata of what is stored. */
  readonly conversion?: Conversion;
  /** Field selectors besides metadata.name and metadata.namespace. */
  readonly fieldSelectors: readonly string[];
  /** The version objects are stored in, by all versions of a kind the same. */
  readonly storageVersion: string;
  /** True for kinds of Kubernetes itself: their objects are normalized as Go structs are, not pruned by a CRD schema. */
  readonly builtIn: boolean;
  /** Set when the version is deprecated: the text of the Warning header. */
  readonly deprecationWarning?: string;
  /** Set when none of its objects can be made here: why, and what to do instead. Discovery and lists know the kind all the same. */
  readonly notRun?: string;
  /** Set for a version that is defined and not served: there may be managers of fields who wrote in it. */
  readonly unserved?: true;
  /** Other group and version under which the same stored objects are served, e.g. events.k8s.io of core Event. */
  readonly storedAs?: { readonly group: string; readonly plural: string };
}

/** `batch/v1`, or `v1` for the core group. */
export function apiVersionOf({ group, version }: Pick<Kind, 'group' | 'version'>): string {
  return group ? `${group}/${version}` : version;
}
