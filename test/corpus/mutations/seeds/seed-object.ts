/** A valid object that mutations start from. `{run}` in it is a word of the run's own. */
export interface SeedObject {
  /** What it is called where a difference is told. */
  readonly title: string;
  /** The collection it is made in; `{namespace}` is the run's own namespace. */
  readonly path: string;
  readonly body: SeedBody;
  /** How often it is chosen. Default: 1. */
  readonly weight?: number;
  /** Controllers of either cluster write into it when they see it, so that nothing of it is stored. */
  readonly isNeverStored?: boolean;
}

export interface SeedBody {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** The path of a namespaced resource. */
export const at = (resource: string, group = 'api/v1') => `/${group}/namespaces/{namespace}/${resource}`;
