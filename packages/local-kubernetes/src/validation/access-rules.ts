/** Roles and their bindings. */
import { listAt, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, invalid, notSupported, required } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import type { KindRules } from './built-in-strategy.ts';
import { named, validateLabelSelector } from './field-checks.ts';
import { fillIn, nullWhenEmpty } from './fill-in.ts';
import { isPathSegment, isSubdomain } from './names.ts';

function validateRules(object: JsonObject, isNamespaced: boolean): FieldError[] {
  return listAt(object, 'rules').flatMap((rule, index) => {
    const path = `rules[${index}]`;
    const errors: FieldError[] = [];
    if (textsAt(rule, 'verbs').length === 0)
      errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
    const urls = textsAt(rule, 'nonResourceURLs');
    if (urls.length > 0) {
      if (isNamespaced) {
        errors.push(invalid(`${path}.nonResourceURLs`, urls, 'namespaced rules cannot apply to non-resource URLs'));
      }
      if (
        textsAt(rule, 'apiGroups').length + textsAt(rule, 'resources').length + textsAt(rule, 'resourceNames').length >
        0
      ) {
        errors.push(
          invalid(
            `${path}.nonResourceURLs`,
            urls,
            'rules cannot apply to both regular resources and non-resource URLs',
          ),
        );
      }
      return errors;
    }
    if (textsAt(rule, 'apiGroups').length === 0) {
      errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if (textsAt(rule, 'resources').length === 0) {
      errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
    }
    return errors;
  });
}

export const roleRules: KindRules = {
  nameCheck: isPathSegment,
  allowCreateOnUpdate: true,
  prepareForCreate: (role) => nullWhenEmpty(role, 'rules'),
  prepareForUpdate: (role) => nullWhenEmpty(role, 'rules'),
  validate: (role) => validateRules(role, true),
};

export const clusterRoleRules: KindRules = {
  nameCheck: isPathSegment,
  allowCreateOnUpdate: true,
  prepareForCreate: (role) => nullWhenEmpty(role, 'rules'),
  prepareForUpdate: (role) => nullWhenEmpty(role, 'rules'),
  validate: (role) => [...validateRules(role, false), ...validateAggregation(role['aggregationRule'])],
};

function validateAggregation(rule: unknown): FieldError[] {
  if (!isObject(rule)) return [];
  const path = 'aggregationRule.clusterRoleSelectors';
  const selectors = listAt(rule, 'clusterRoleSelectors');
  if (selectors.length > 0) {
    return selectors.flatMap((selector, index) => validateLabelSelector(selector, `${path}[${index}]`));
  }
  return [required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil')];
}

const rbacGroup = 'rbac.authorization.k8s.io';

function defaultBinding(binding: JsonObject): void {
  const reference = binding['roleRef'];
  if (isObject(reference)) fillIn(reference, { apiGroup: rbacGroup });
  for (const subject of listAt(binding, 'subjects')) {
    if (subject['kind'] === 'User' || subject['kind'] === 'Group') fillIn(subject, { apiGroup: rbacGroup });
  }
}

function validateBinding(binding: JsonObject, isNamespaced: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const reference = mapAt(binding, 'roleRef');
  const group = textAt(reference, 'apiGroup');
  if (group !== rbacGroup) errors.push(notSupported('roleRef.apiGroup', group, [rbacGroup]));
  const kinds = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(textAt(reference, 'kind')))
    errors.push(notSupported('roleRef.kind', textAt(reference, 'kind'), kinds));
  const name = textAt(reference, 'name');
  if (!name) errors.push(required('roleRef.name'));
  else errors.push(...named(name, isPathSegment, 'roleRef.name'));
  for (const [index, subject] of listAt(binding, 'subjects').entries()) {
    errors.push(...validateSubject(subject, isNamespaced, `subjects[${index}]`));
  }
  return errors;
}

function validateSubject(subject: JsonObject, isNamespaced: boolean, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const name = textAt(subject, 'name');
  const group = textAt(subject, 'apiGroup');
  if (!name) errors.push(required(`${path}.name`));
  switch (textAt(subject, 'kind')) {
    case 'ServiceAccount':
      if (name) errors.push(...named(name, isSubdomain, `${path}.name`));
      if (group) errors.push(notSupported(`${path}.apiGroup`, group, ['']));
      if (!isNamespaced && !textAt(subject, 'namespace')) errors.push(required(`${path}.namespace`));
      return errors;
    case 'User':
    case 'Group':
      if (group !== rbacGroup) errors.push(notSupported(`${path}.apiGroup`, group, [rbacGroup]));
      return errors;
    default:
      errors.push(notSupported(`${path}.kind`, textAt(subject, 'kind'), ['ServiceAccount', 'User', 'Group']));
      return errors;
  }
}

const bindingRules = (isNamespaced: boolean): KindRules => ({
  nameCheck: isPathSegment,
  allowCreateOnUpdate: true,
  defaults: defaultBinding,
  validate: (binding) => validateBinding(binding, isNamespaced),
  validateUpdate: (binding, old) => [
    ...validateBinding(binding, isNamespaced),
    ...(deepEqual(binding['roleRef'], old['roleRef'])
      ? []
      : [invalid('roleRef', internalReference(mapAt(binding, 'roleRef')), 'cannot change roleRef')]),
  ],
});

/** The reference as the real server's internal type prints. */
function internalReference(reference: JsonObject): JsonObject {
  return { APIGroup: reference['apiGroup'], Kind: reference['kind'], Name: reference['name'] };
}

export const roleBindingRules = bindingRules(true);
export const clusterRoleBindingRules = bindingRules(false);
