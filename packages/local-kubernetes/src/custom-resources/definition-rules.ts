/** CustomResourceDefinitions: defaults, validation, and which versions have stored objects. */
import { at, listAt, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, forbidden, goQuote, invalid, notSupported, required } from '../schema/field-error.ts';
import { isKnownFormat } from '../schema/formats.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import type { KindRules } from '../validation/built-in-strategy.ts';
import { fillIn } from '../validation/fill-in.ts';
import { isDns1035Label, isSubdomain } from '../validation/names.ts';
import { validateVersions } from './version-rules.ts';

export const definitionRules: KindRules = {
  hasGeneration: true,
  takesAnyFinalizer: true,
  allowUnconditionalUpdate: false,
  defaults: defaultDefinition,
  prepareForCreate: recordStorage,
  prepareForUpdate: (crd, _old, subresource) => {
    if (subresource !== 'status') recordStorage(crd);
  },
  validate: (crd) => validateDefinition(crd, undefined),
  validateUpdate: (crd, old) => [...validateFixed(crd, old), ...validateDefinition(crd, old)],
  warnings: (crd) => unknownFormats(crd),
};

/** Errors of a whole definition, metadata aside. */
export function validateCustomResourceDefinition(definition: object): FieldError[] {
  const crd = structuredClone(definition) as JsonObject;
  defaultDefinition(crd);
  recordStorage(crd);
  return validateDefinition(crd, undefined);
}

function defaultDefinition(crd: JsonObject): void {
  const spec = mapAt(crd, 'spec');
  const names = mapAt(spec, 'names');
  const kind = textAt(names, 'kind');
  fillIn(names, { singular: kind.toLowerCase(), listKind: kind ? `${kind}List` : '' });
  if (!isObject(spec['conversion'])) spec['conversion'] = { strategy: 'None' };
}

/** The version objects are written in now is one that may be found in the store. */
function recordStorage(crd: JsonObject): void {
  const status = isObject(crd['status']) ? crd['status'] : {};
  const storage = listAt(crd, 'spec.versions').find((version) => version['storage'] === true);
  const stored = textsAt(status, 'storedVersions');
  const name = textAt(storage, 'name');
  if (storage && !stored.includes(name)) stored.push(name);
  crd['status'] = { ...status, storedVersions: stored };
}

function validateDefinition(crd: JsonObject, old: JsonObject | undefined): FieldError[] {
  const spec = mapAt(crd, 'spec');
  const names = mapAt(spec, 'names');
  const group = textAt(spec, 'group');
  const errors: FieldError[] = [];
  const name = textAt(crd, 'metadata.name');
  if (!old && name && name !== `${textAt(names, 'plural')}.${group}`) {
    errors.push(invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  }
  if (!group) errors.push(required('spec.group'));
  else {
    const problems = isSubdomain(group);
    if (problems.length > 0) errors.push(invalid('spec.group', group, problems.join(',')));
    else if (!group.includes('.'))
      errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
  }
  const scope = textAt(spec, 'scope');
  if (!scope) errors.push(required('spec.scope'));
  else if (scope !== 'Cluster' && scope !== 'Namespaced') {
    errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  }
  errors.push(...validateVersions(spec, old), ...validateNames(names), ...validateConversion(spec));
  if (spec['preserveUnknownFields'] === true) {
    errors.push(
      invalid(
        'spec.preserveUnknownFields',
        true,
        'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      ),
    );
  }
  return [...errors, ...validateStored(crd), ...validateApproval(crd, group)];
}

function validateNames(names: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const name of ['plural', 'singular', 'kind', 'listKind']) {
    if (!textAt(names, name)) errors.push(required(`spec.names.${name}`));
  }
  const mixed = 'may have mixed case, but should otherwise match: ';
  for (const [name, prefix] of [
    ['plural', ''],
    ['singular', ''],
    ['kind', mixed],
    ['listKind', mixed],
  ] as const) {
    const value = textAt(names, name);
    const problems = value ? isDns1035Label(prefix ? value.toLowerCase() : value) : [];
    if (problems.length > 0) errors.push(invalid(`spec.names.${name}`, value, prefix + problems.join(',')));
  }
  for (const list of ['shortNames', 'categories']) {
    for (const [index, value] of textsAt(names, list).entries()) {
      const problems = isDns1035Label(value);
      if (problems.length > 0) errors.push(invalid(`spec.names.${list}[${index}]`, value, problems.join(',')));
    }
  }
  if (textAt(names, 'kind') && textAt(names, 'kind') === textAt(names, 'listKind')) {
    errors.push(invalid('spec.names.listKind', textAt(names, 'listKind'), 'kind and listKind may not be the same'));
  }
  return errors;
}

function validateConversion(spec: JsonObject): FieldError[] {
  const strategy = textAt(spec, 'conversion.strategy');
  if (!strategy) return [required('spec.conversion.strategy')];
  if (strategy === 'Webhook') {
    const missing = [
      ...(isObject(at(spec, 'conversion.webhook.clientConfig'))
        ? []
        : [required('spec.conversion.webhookClientConfig', 'required when strategy is set to Webhook')]),
      ...(textsAt(spec, 'conversion.webhook.conversionReviewVersions').length > 0
        ? []
        : [required('spec.conversion.conversionReviewVersions')]),
    ];
    if (missing.length > 0) return missing;
    return [
      forbidden('spec.conversion.strategy', 'conversion by webhook is not part of local-kubernetes; use strategy None'),
    ];
  }
  return strategy === 'None' ? [] : [notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook'])];
}

function validateStored(crd: JsonObject): FieldError[] {
  const stored = textsAt(crd, 'status.storedVersions');
  const versions = listAt(crd, 'spec.versions').map((version) => textAt(version, 'name'));
  if (stored.length === 0) return [invalid('status.storedVersions', null, 'must have at least one stored version')];
  return stored.flatMap((name, index) =>
    versions.includes(name)
      ? []
      : [
          invalid(
            `status.storedVersions[${index}]`,
            name,
            `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
          ),
        ],
  );
}

const approvalAnnotation = 'api-approved.kubernetes.io';

/** Groups of Kubernetes itself are protected. */
function validateApproval(crd: JsonObject, group: string): FieldError[] {
  const isProtected = /(^|\.)(k8s\.io|kubernetes\.io)$/.test(group);
  const value = mapAt(crd, 'metadata.annotations')[approvalAnnotation];
  if (!isProtected || (typeof value === 'string' && /^(unapproved|https?:\/\/)/.test(value))) return [];
  const path = `metadata.annotations[${approvalAnnotation}]`;
  const detail = `protected groups must have approval annotation "${approvalAnnotation}", see https://github.com/kubernetes/enhancements/pull/1111`;
  return [value === undefined ? required(path, detail) : invalid(path, value, detail)];
}

/** Names are fixed once they are accepted. */
function validateFixed(crd: JsonObject, old: JsonObject): FieldError[] {
  const isEstablished = listAt(old, 'status.conditions').some(
    (condition) => condition['type'] === 'Established' && condition['status'] === 'True',
  );
  const fixed = ['group', ...(isEstablished ? ['scope', 'names.kind'] : []), 'names.plural'];
  return fixed.flatMap((path) => {
    const value = at(crd, `spec.${path}`);
    return deepEqual(value, at(old, `spec.${path}`))
      ? []
      : [invalid(`spec.${path}`, value ?? '', 'field is immutable')];
  });
}

function unknownFormats(crd: JsonObject): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isObject(value)) return;
    const { format, type } = value;
    if (typeof format === 'string' && type === 'string' && !isKnownFormat(format)) found.add(format);
    for (const member of Object.values(value)) visit(member);
  };
  for (const version of listAt(crd, 'spec.versions')) visit(at(version, 'schema.openAPIV3Schema'));
  return [...found].sort().map((format) => `unrecognized format ${goQuote(format)}`);
}
