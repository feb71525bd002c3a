import type { KubernetesObject } from '../client/kubernetes-object.ts';
import type { Page } from '../store/store.ts';
import { CompactedError, FutureRevisionError } from '../store/store-errors.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import { objectFilter } from './object-filter.ts';
import { type Presented, presentItem } from './presentation.ts';
import { type ApiContext, apiVersionOf, bucketOf, type Target } from './request.ts';
import { askedRevision } from './revision.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';
import { badRequest, expired, expiredContinue, invalid, tooLargeResourceVersion } from './status-errors.ts';

export interface ListOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** The most items of one answer; 0 is no limit. */
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
  /** For watches alone: a list that has it is refused. */
  readonly sendInitialEvents?: boolean;
}

export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface ListResult {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ListMetadata;
  readonly items: Presented[];
}

/** Lists a collection. @throws {StatusError} for bad selectors, tokens and revisions */
export function listObjects(context: ApiContext, target: Target, options: ListOptions): ListResult {
  const { kind, namespace } = target;
  // Selectors are read with the options; which fields there are is asked only after all options are found good.
  parseLabelSelector(options.labelSelector ?? '');
  parseFieldSelector(options.fieldSelector ?? '');
  checkRevisionOptions(options);
  const filter = objectFilter(target, options);
  const position = options.continue ? decodeContinue(options.continue) : undefined;
  if (position && options.resourceVersion && options.resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  const asked = askedRevision(options.resourceVersion ?? '', (problem) =>
    badRequest(`invalid resource version: ${problem}`),
  );
  const limit = options.limit && options.limit > 0 ? options.limit : Number.POSITIVE_INFINITY;
  const prefix = kind.namespaced && namespace ? `${namespace}/` : '';
  const isExact =
    options.resourceVersionMatch === 'Exact' || (!options.resourceVersionMatch && limit !== Number.POSITIVE_INFINITY);
  const revision = position ? position.revision : isExact && asked > 0 ? asked : undefined;
  if (asked > context.store.revision) throw tooLargeResourceVersion(asked, context.store.revision);

  let page: Page<KubernetesObject>;
  try {
    page = context.store.list(bucketOf(kind), {
      prefix,
      limit,
      ...(position ? { after: prefix + position.after } : {}),
      // A token with revision -1 goes on with today's state, as its first answer said.
      ...(revision !== undefined && revision >= 0 ? { revision } : {}),
      ...(filter ? { filter } : {}),
    });
  } catch (error) {
    if (error instanceof CompactedError) {
      if (position) throw expiredContinue(encodeContinue({ revision: -1, after: position.after }));
      throw expired('The resourceVersion for the provided list is too old.');
    }
    if (error instanceof FutureRevisionError) throw tooLargeResourceVersion(asked, error.current);
    throw error;
  }
  const { items, remaining, last } = page;
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.listKind,
    metadata: {
      resourceVersion: String(page.revision),
      ...(last === undefined
        ? kind.builtIn
          ? {}
          : { continue: '' }
        : { continue: encodeContinue({ revision: page.revision, after: last.slice(prefix.length) }) }),
      // With a selector a real server does not know how many remain.
      ...(last !== undefined && !filter ? { remainingItemCount: remaining } : {}),
    },
    items: items.map((item) => presentItem(kind, item)),
  };
}

function checkRevisionOptions(options: ListOptions): void {
  const { resourceVersionMatch: match, resourceVersion = '' } = options;
  const problems: [reason: string, field: string, message: string][] = [];
  if (match) {
    if (resourceVersion === '') {
      problems.push([
        'FieldValueForbidden',
        'resourceVersionMatch',
        'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
      ]);
    }
    if (options.continue) {
      problems.push([
        'FieldValueForbidden',
        'resourceVersionMatch',
        'Forbidden: resourceVersionMatch is forbidden when continue is provided',
      ]);
    }
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      problems.push([
        'FieldValueNotSupported',
        'resourceVersionMatch',
        `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`,
      ]);
    }
    if (match === 'Exact' && resourceVersion === '0') {
      problems.push([
        'FieldValueForbidden',
        'resourceVersionMatch',
        'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
      ]);
    }
  }
  if (options.sendInitialEvents !== undefined) {
    problems.push(['FieldValueForbidden', 'sendInitialEvents', 'Forbidden: sendInitialEvents is forbidden for list']);
  }
  if (problems.length > 0) {
    throw invalid(
      { group: 'meta.k8s.io', kind: 'ListOptions' },
      '',
      problems.map(([reason, field, message]) => ({ reason, field, message })),
    );
  }
}
