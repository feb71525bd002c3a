/** What a field selector compares with: the fields of an object, as the registry of each kind names them. */
import { ownMember } from '../schema/own-member.ts';
import type { JsonObject } from '../schema/schema.ts';
import { at, textAt } from './columns/read.ts';
import type { Kind } from './kind.ts';

const renamed: Record<string, Record<string, (object: JsonObject) => string>> = {
  Event: {
    source: (event) => textAt(event, 'source.component') || textAt(event, 'reportingComponent'),
  },
  Job: { 'status.successful': (job) => `${at(job, 'status.succeeded') ?? 0}` },
  Node: { 'spec.unschedulable': (node) => `${at(node, 'spec.unschedulable') === true}` },
  Pod: { 'spec.hostNetwork': (pod) => `${at(pod, 'spec.hostNetwork') === true}` },
};

/** Whether the kind can be selected by the field. */
export function isSelectableField(kind: Kind, field: string): boolean {
  if (field === 'metadata.name') return true;
  if (field === 'metadata.namespace') return kind.namespaced;
  return kind.fieldSelectors.includes(field);
}

/** The text a field selector sees, empty for a missing field. */
export function selectableFieldText(kind: Kind, object: JsonObject, field: string): string {
  const special = kind.builtIn ? ownMember(ownMember(renamed, kind.kind), field) : undefined;
  if (special) return special(object);
  // Events are kept under their older names.
  return textAt(object, kind.storedAs ? field.replace(/^regarding\./, 'involvedObject.') : field);
}
