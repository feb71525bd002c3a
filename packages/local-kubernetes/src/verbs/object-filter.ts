import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { isSelectableField, selectableFieldText } from '../kinds/field-selectors.ts';
import type { Target } from './request.ts';
import { matchesFields, matchesLabels, parseFieldSelector, parseLabelSelector } from './selectors.ts';
import { badRequest } from './status-errors.ts';

export interface Selectors {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export type ObjectFilter = (object: KubernetesObject) => boolean;

/** One test of an object by both selectors; undefined when there is nothing to test. @throws {StatusError} BadRequest */
export function objectFilter(target: Target, selectors: Selectors): ObjectFilter | undefined {
  const labels = parseLabelSelector(selectors.labelSelector ?? '');
  const fields = parseFieldSelector(selectors.fieldSelector ?? '');
  for (const { field } of fields) {
    if (!isSelectableField(target.kind, field)) {
      throw badRequest(
        target.kind.builtIn && target.kind.fieldSelectors.length === 0
          ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
          : unsupported(target, field),
      );
    }
  }
  if (target.name) fields.push({ field: 'metadata.name', isEqual: true, value: target.name });
  if (labels.length === 0 && fields.length === 0) return undefined;
  return (object) =>
    matchesLabels(labels, object.metadata.labels) &&
    matchesFields(fields, (field) => selectableFieldText(target.kind, object, field));
}

/** Each group says it in words of its own. */
function unsupported({ kind }: Target, field: string): string {
  return kind.group === 'batch'
    ? `field label "${field}" not supported for ${kind.kind}`
    : `field label not supported: ${field}`;
}
