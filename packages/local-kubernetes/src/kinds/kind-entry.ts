/** How a kind of Kubernetes itself is written down: what stands here by default holds for most of them. */

import { defaultColumns } from './columns/column.ts';
import type { Kind, NamedSubresource, PrinterColumn, ScalePaths } from './kind.ts';
import { kindSchema } from './kind-schema.ts';

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const;
export const withoutCollectionDelete = allVerbs.filter((verb) => verb !== 'deletecollection');
export const reviewVerbs = ['create'] as const;

export interface KindEntry {
  readonly kind: string;
  /** The struct that describes it, `core.Pod`; its package and kind when absent. */
  readonly struct?: string;
  readonly plural?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly isClusterWide?: boolean;
  readonly verbs?: readonly string[];
  readonly status?: boolean;
  /** Where its replicas stand, for a kind with a scale. */
  readonly scale?: ScalePaths;
  readonly others?: readonly NamedSubresource[];
  readonly columns?: readonly PrinterColumn[];
  readonly conversion?: Kind['conversion'];
  readonly fieldSelectors?: readonly string[];
  readonly storageVersion?: string;
  readonly storedAs?: Kind['storedAs'];
  readonly deprecationWarning?: string;
  readonly notRun?: string;
}

export function kindOf(group: string, version: string, packageName: string, entry: KindEntry): Kind {
  const { kind } = entry;
  const singular = kind.toLowerCase();
  return {
    group,
    version,
    kind,
    listKind: `${kind}List`,
    plural: entry.plural ?? `${singular}s`,
    singular,
    shortNames: entry.shortNames ?? [],
    categories: entry.categories ?? [],
    namespaced: !entry.isClusterWide,
    verbs: entry.verbs ?? allVerbs,
    subresources: {
      ...(entry.status ? { status: true } : {}),
      ...(entry.scale ? { scale: entry.scale } : {}),
      ...(entry.others ? { others: entry.others } : {}),
    },
    schema: kindSchema(group, version, kind, entry.struct ?? `${packageName}.${kind}`),
    columns: entry.columns ?? defaultColumns,
    ...(entry.conversion ? { conversion: entry.conversion } : {}),
    fieldSelectors: entry.fieldSelectors ?? [],
    storageVersion: entry.storageVersion ?? version,
    builtIn: true,
    ...(entry.storedAs ? { storedAs: entry.storedAs } : {}),
    ...(entry.deprecationWarning ? { deprecationWarning: entry.deprecationWarning } : {}),
    ...(entry.notRun ? { notRun: entry.notRun } : {}),
  };
}
