// metav1.LabelSelector and core/v1 NodeSelectorTerm.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { ownMember } from '../schema/own-member.ts';

export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface NodeSelectorTerm {
  matchExpressions?: Requirement[];
  matchFields?: Requirement[];
}

export function matchesLabelSelector(selector: object, labels: Readonly<Record<string, string>>): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector as {
    matchLabels?: Record<string, string>;
    matchExpressions?: Requirement[];
  };
  return (
    Object.entries(matchLabels).every(([key, value]) => ownMember(labels, key) === value) &&
    matchExpressions.every((requirement) => meetsRequirement(requirement, ownMember(labels, requirement.key)))
  );
}

/** Any of the terms; a term without expressions matches nothing. */
export function matchesNodeSelectorTerms(terms: readonly NodeSelectorTerm[], node: KubernetesObject): boolean {
  return terms.some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length + matchFields.length === 0) return false;
    return (
      matchExpressions.every((requirement) =>
        meetsRequirement(requirement, ownMember(node.metadata.labels, requirement.key)),
      ) &&
      matchFields.every(
        (requirement) => requirement.key === 'metadata.name' && meetsRequirement(requirement, node.metadata.name),
      )
    );
  });
}

/** @param value undefined where there is none */
export function meetsRequirement(
  { operator, values = [] }: Omit<Requirement, 'key'>,
  value: string | undefined,
): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
