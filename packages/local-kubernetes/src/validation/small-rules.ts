/** Rules of the kinds that have few: configuration, namespaces, access, leases, events, storage, quotas. */
import { at, listAt, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import { deepEqual } from '../schema/equality.ts';
import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import type { KindRules } from './built-in-strategy.ts';
import {
  named,
  nonNegative,
  oneOf,
  positive,
  unchanged,
  validateAmount,
  validateLabelSelector,
} from './field-checks.ts';
import { fillIn } from './fill-in.ts';
import { isConfigKey, isLabelName, isPathSegment, isSubdomain } from './names.ts';

const mostBytes = 1024 * 1024;
const frozen = 'field is immutable when `immutable` is set';

function validateKeys(data: JsonObject, path: string): FieldError[] {
  return Object.keys(data).flatMap((key) => named(key, isConfigKey, `${path}[${key}]`));
}

/** Data marked immutable stays so, and stays as it is. */
function validateFrozen(object: JsonObject, old: JsonObject, fields: readonly string[]): FieldError[] {
  if (old['immutable'] !== true) return [];
  const errors: FieldError[] = [];
  if (object['immutable'] !== true) errors.push(forbidden('immutable', frozen));
  for (const field of fields) {
    if (!deepEqual(object[field] ?? {}, old[field] ?? {})) errors.push(forbidden(field, frozen));
  }
  return errors;
}

function validateConfigMap(object: JsonObject): FieldError[] {
  const data = mapAt(object, 'data');
  const binary = mapAt(object, 'binaryData');
  const errors = validateKeys(data, 'data');
  for (const key of Object.keys(data)) {
    if (Object.hasOwn(binary, key)) errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
  }
  errors.push(...validateKeys(binary, 'binaryData'));
  const size =
    Object.values(data).reduce<number>((total, value) => total + Buffer.byteLength(String(value)), 0) +
    encodedSize(binary);
  if (size > mostBytes) errors.push(tooLong('', mostBytes));
  return errors;
}

function encodedSize(data: JsonObject): number {
  return Object.values(data).reduce<number>((total, value) => total + Buffer.byteLength(String(value), 'base64'), 0);
}

export const configMapRules: KindRules = {
  validate: validateConfigMap,
  validateUpdate: (object, old) => [
    ...validateFrozen(object, old, ['data', 'binaryData']),
    ...validateConfigMap(object),
  ],
};

const secretKeys: Record<string, readonly string[]> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
};

function validateSecret(object: JsonObject): FieldError[] {
  const data = mapAt(object, 'data');
  const type = textAt(object, 'type');
  const errors = validateKeys(data, 'data');
  if (encodedSize(data) > mostBytes) errors.push(tooLong('data', mostBytes));
  for (const key of secretKeys[type] ?? []) if (!Object.hasOwn(data, key)) errors.push(required(`data[${key}]`));
  if (
    type === 'kubernetes.io/service-account-token' &&
    !mapAt(object, 'metadata.annotations')['kubernetes.io/service-account.name']
  ) {
    errors.push(required('metadata.annotations[kubernetes.io/service-account.name]'));
  }
  if (type === 'kubernetes.io/basic-auth' && !Object.hasOwn(data, 'username') && !Object.hasOwn(data, 'password')) {
    errors.push(required('data[username]'), required('data[password]'));
  }
  return errors;
}

export const secretRules: KindRules = {
  defaults(secret) {
    fillIn(secret, { type: 'Opaque' });
    mergeStringData(secret);
  },
  validate: validateSecret,
  validateUpdate: (secret, old) => [
    ...(textAt(secret, 'type') === textAt(old, 'type')
      ? []
      : [invalid('type', textAt(secret, 'type'), 'field is immutable')]),
    ...validateFrozen(secret, old, ['data']),
    ...validateSecret(secret),
  ],
};

/** stringData is for writing only: it becomes data. */
function mergeStringData(secret: JsonObject): void {
  const texts = mapAt(secret, 'stringData');
  if (Object.keys(texts).length > 0) {
    const data = { ...mapAt(secret, 'data') };
    for (const [key, value] of Object.entries(texts)) data[key] = Buffer.from(String(value)).toString('base64');
    secret['data'] = data;
  }
  delete secret['stringData'];
}

export const namespaceRules: KindRules = {
  nameCheck: isLabelName,
  defaults(namespace) {
    const name = textAt(namespace, 'metadata.name');
    if (!name) return;
    const metadata = mapAt(namespace, 'metadata');
    metadata['labels'] = { ...mapAt(metadata, 'labels'), 'kubernetes.io/metadata.name': name };
  },
  prepareForCreate(namespace) {
    namespace['status'] = { phase: 'Active' };
    const spec = isObject(namespace['spec']) ? namespace['spec'] : {};
    const finalizers = textsAt(spec, 'finalizers');
    namespace['spec'] = {
      ...spec,
      finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'],
    };
  },
  prepareForUpdate(namespace, old, subresource) {
    if (subresource === 'finalize') return;
    if (subresource !== 'status') namespace['spec'] = { ...mapAt(namespace, 'spec'), ...withFinalizers(old) };
  },
  validateUpdate: () => [],
};

function withFinalizers(old: JsonObject): JsonObject {
  const finalizers = at(old, 'spec.finalizers');
  return finalizers === undefined ? {} : { finalizers: structuredClone(finalizers) };
}

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
  validate: (role) => validateRules(role, true),
};

export const clusterRoleRules: KindRules = {
  nameCheck: isPathSegment,
  allowCreateOnUpdate: true,
  validate: (role) => validateRules(role, false),
};

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

function validateLease(lease: JsonObject): FieldError[] {
  return [
    ...positive(at(lease, 'spec.leaseDurationSeconds'), 'spec.leaseDurationSeconds'),
    ...nonNegative(at(lease, 'spec.leaseTransitions'), 'spec.leaseTransitions'),
  ];
}

export const leaseRules: KindRules = {
  validate: validateLease,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
};

function validateEvent(event: JsonObject): FieldError[] {
  const namespace = textAt(event, 'metadata.namespace');
  const about = textAt(event, 'involvedObject.namespace') || textAt(event, 'regarding.namespace');
  const isFine = about === namespace || (about === '' && namespace === 'default');
  const errors = isFine ? [] : [invalid('involvedObject.namespace', about, 'does not match event.namespace')];
  if (event['apiVersion'] !== 'events.k8s.io/v1') return errors;
  if (!event['eventTime']) errors.push(required('eventTime'));
  const type = textAt(event, 'type');
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalid('type', type, `has invalid value: ${type}`));
  return errors;
}

export const eventRules: KindRules = {
  allowCreateOnUpdate: true,
  defaults: (event) => {
    if (event['apiVersion'] !== 'events.k8s.io/v1') fillIn(event, { type: 'Normal' });
  },
  validate: validateEvent,
};

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

function validateClaim(claim: JsonObject): FieldError[] {
  const modes = textsAt(claim, 'spec.accessModes');
  const errors: FieldError[] = [];
  if (modes.length === 0) errors.push(required('spec.accessModes', 'at least 1 access mode is required'));
  for (const mode of modes)
    if (!accessModes.includes(mode)) errors.push(notSupported('spec.accessModes', mode, accessModes));
  errors.push(...validateLabelSelector(at(claim, 'spec.selector'), 'spec.selector'));
  const storage = mapAt(claim, 'spec.resources.requests')['storage'];
  if (storage === undefined) errors.push(required('spec.resources[storage]'));
  else errors.push(...validateAmount(storage, 'spec.resources[storage]'));
  return [...errors, ...oneOf(at(claim, 'spec.volumeMode'), ['Block', 'Filesystem'], 'spec.volumeMode')];
}

const claimForbidden =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

export const claimRules: KindRules = {
  defaults: (claim) => {
    if (isObject(claim['spec'])) fillIn(claim['spec'], { volumeMode: 'Filesystem' });
  },
  prepareForCreate: (claim) => {
    claim['status'] = { phase: 'Pending' };
  },
  validate: validateClaim,
  validateUpdate(claim, old) {
    const munged = structuredClone(mapAt(claim, 'spec'));
    const before = mapAt(old, 'spec');
    if (!textAt(before, 'volumeName')) {
      if (munged['volumeName'] === undefined) delete munged['volumeName'];
      else munged['volumeName'] = before['volumeName'];
      if (munged['volumeName'] === undefined) delete munged['volumeName'];
    } else if (textAt(old, 'status.phase') === 'Bound') {
      munged['resources'] = before['resources'];
      if (before['volumeAttributesClassName'] === undefined) delete munged['volumeAttributesClassName'];
    }
    if (before['storageClassName'] === undefined) delete munged['storageClassName'];
    const errors = validateClaim(claim);
    return deepEqual(munged, before) ? errors : [...errors, forbidden('spec', claimForbidden)];
  },
};

export const volumeRules: KindRules = {
  defaults: (volume) => {
    if (isObject(volume['spec']))
      fillIn(volume['spec'], { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
  },
  prepareForCreate: (volume) => {
    volume['status'] = { phase: 'Pending' };
  },
  validate(volume) {
    const errors: FieldError[] = [];
    const modes = textsAt(volume, 'spec.accessModes');
    if (modes.length === 0) errors.push(required('spec.accessModes'));
    for (const mode of modes)
      if (!accessModes.includes(mode)) errors.push(notSupported('spec.accessModes', mode, accessModes));
    const capacity = mapAt(volume, 'spec.capacity');
    if (Object.keys(capacity).length === 0) errors.push(required('spec.capacity'));
    else if (capacity['storage'] === undefined || Object.keys(capacity).length > 1) {
      errors.push(notSupported('spec.capacity', capacity, ['storage']));
    }
    return errors;
  },
};

export const storageClassRules: KindRules = {
  defaults: (object) => fillIn(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  validate: (object) => [
    ...(textAt(object, 'provisioner') ? [] : [required('provisioner')]),
    ...oneOf(object['reclaimPolicy'], ['Delete', 'Retain'], 'reclaimPolicy', true),
    ...oneOf(object['volumeBindingMode'], ['Immediate', 'WaitForFirstConsumer'], 'volumeBindingMode', true),
  ],
  validateUpdate: (object, old) =>
    ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'].flatMap((field) =>
      deepEqual(object[field], old[field])
        ? []
        : field === 'parameters' || field === 'provisioner'
          ? [forbidden(field, `updates to ${field} are forbidden.`)]
          : unchanged(object[field], old[field], field),
    ),
};

const highestPriority = 1_000_000_000;

export const priorityClassRules: KindRules = {
  defaults: (object) => fillIn(object, { preemptionPolicy: 'PreemptLowerPriority' }),
  prepareForCreate: (object) => {
    (object['metadata'] as JsonObject)['generation'] = 1;
  },
  validate(object) {
    const { value } = object;
    const name = textAt(object, 'metadata.name');
    const errors: FieldError[] = [];
    if (name.startsWith('system-')) {
      errors.push(
        forbidden(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
        ),
      );
    } else if (typeof value === 'number' && value > highestPriority) {
      errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${highestPriority}`));
    }
    return [...errors, ...oneOf(object['preemptionPolicy'], ['PreemptLowerPriority', 'Never'], 'preemptionPolicy')];
  },
  validateUpdate: (object, old) => [
    ...(object['value'] === old['value'] ? [] : [forbidden('value', 'may not be changed in an update.')]),
    ...unchanged(object['preemptionPolicy'], old['preemptionPolicy'], 'preemptionPolicy'),
  ],
};

export const runtimeClassRules: KindRules = {
  validate: (object) => named(textAt(object, 'handler'), isLabelName, 'handler'),
  validateUpdate: (object, old) => unchanged(object['handler'], old['handler'], 'handler'),
};

export const disruptionBudgetRules: KindRules = {
  hasGeneration: true,
  validate(object) {
    const spec = mapAt(object, 'spec');
    const errors: FieldError[] = [];
    if (spec['minAvailable'] !== undefined && spec['maxUnavailable'] !== undefined) {
      errors.push(invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set'));
    }
    for (const field of ['minAvailable', 'maxUnavailable']) errors.push(...validateShare(spec[field], `spec.${field}`));
    errors.push(...validateLabelSelector(spec['selector'], 'spec.selector'));
    return [
      ...errors,
      ...oneOf(
        spec['unhealthyPodEvictionPolicy'],
        ['AlwaysAllow', 'IfHealthyBudget'],
        'spec.unhealthyPodEvictionPolicy',
      ),
    ];
  },
};

/** A number, or a percentage up to 100%. */
function validateShare(value: unknown, path: string): FieldError[] {
  if (typeof value !== 'string') return nonNegative(value, path);
  if (!/^[0-9]+%$/.test(value)) {
    return [
      invalid(
        path,
        value,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ),
    ];
  }
  return Number(value.slice(0, -1)) > 100 ? [invalid(path, value, 'must not be greater than 100%')] : [];
}

export const quotaRules: KindRules = {
  prepareForCreate: (object) => {
    object['status'] = {};
  },
  validate: (object) =>
    Object.entries(mapAt(object, 'spec.hard')).flatMap(([name, amount]) =>
      validateAmount(amount, `spec.hard[${name}]`),
    ),
};

export const nodeRules: KindRules = {
  // A kubelet registers itself with its status.
  keepsStatus: true,
  validate(node) {
    return listAt(node, 'spec.taints').flatMap((taint, index) =>
      oneOf(taint['effect'], ['NoSchedule', 'PreferNoSchedule', 'NoExecute'], `spec.taints[${index}].effect`, true),
    );
  },
};

export const autoscalerRules: KindRules = {
  defaults: (object) => {
    if (isObject(object['spec'])) fillIn(object['spec'], { minReplicas: 1 });
  },
  validate(object) {
    const spec = mapAt(object, 'spec');
    const errors: FieldError[] = [];
    const { minReplicas, maxReplicas } = spec;
    if (typeof minReplicas === 'number' && minReplicas < 1) {
      errors.push(invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'));
    }
    if (typeof maxReplicas !== 'number' || maxReplicas < 1) {
      errors.push(invalid('spec.maxReplicas', maxReplicas ?? 0, 'must be greater than 0'));
    }
    if (typeof minReplicas === 'number' && typeof maxReplicas === 'number' && maxReplicas < minReplicas) {
      errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'));
    }
    for (const field of ['kind', 'name']) {
      if (!textAt(spec, `scaleTargetRef.${field}`)) errors.push(required(`spec.scaleTargetRef.${field}`));
    }
    return errors;
  },
};
