/** The whole specification of a pod, in pods and in templates. */
import { listAt, mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { between, named, nonNegative, oneOf, validateLabelSelector } from '../field-checks.ts';
import { isLabelName, isLabelValue, isQualifiedName, isSubdomain } from '../names.ts';
import { validateLabels } from '../object-meta.ts';
import { validateContainers } from './containers.ts';
import { validateIds, validatePullSecrets, validateVolumes } from './volumes.ts';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const longestDeadline = 2 ** 31 - 1;

export function validatePodSpec(spec: JsonObject, path: string): FieldError[] {
  const errors = [
    ...validateVolumes(spec, path),
    ...validateContainers(spec, path, false),
    ...validateContainers(spec, path, true),
    ...oneOf(spec['restartPolicy'], restartPolicies, `${path}.restartPolicy`, true),
    ...oneOf(spec['dnsPolicy'], dnsPolicies, `${path}.dnsPolicy`, true),
    ...validateLabels(mapAt(spec, 'nodeSelector'), `${path}.nodeSelector`),
    ...validateSecurity(spec['securityContext'], `${path}.securityContext`),
    ...validatePullSecrets(spec, path),
    ...validateAffinity(spec['affinity'], `${path}.affinity`),
    ...validateDns(spec, path),
    ...nonNegative(spec['terminationGracePeriodSeconds'], `${path}.terminationGracePeriodSeconds`),
    ...between(spec['activeDeadlineSeconds'], 1, longestDeadline, `${path}.activeDeadlineSeconds`),
    ...validateSpread(spec, path),
  ];
  for (const name of ['serviceAccountName', 'nodeName', 'priorityClassName', 'runtimeClassName']) {
    const value = textAt(spec, name);
    if (value) errors.push(...named(value, isSubdomain, `${path}.${name}`));
  }
  for (const name of ['hostname', 'subdomain']) {
    const value = textAt(spec, name);
    if (value) errors.push(...named(value, isLabelName, `${path}.${name}`));
  }
  for (const [index, toleration] of listAt(spec, 'tolerations').entries()) {
    errors.push(...validateToleration(toleration, `${path}.tolerations[${index}]`));
  }
  for (const [index, alias] of listAt(spec, 'hostAliases').entries()) {
    for (const hostname of textsAt(alias, 'hostnames')) {
      errors.push(...named(hostname, isSubdomain, `${path}.hostAliases[${index}].hostnames`));
    }
  }
  for (const [index, gate] of listAt(spec, 'readinessGates').entries()) {
    const type = textAt(gate, 'conditionType');
    errors.push(...named(type, isQualifiedName, `${path}.readinessGates[${index}].conditionType`));
  }
  if (spec['hostPID'] === true && spec['shareProcessNamespace'] === true) {
    errors.push(
      invalid(
        `${path}.securityContext.shareProcessNamespace`,
        true,
        'ShareProcessNamespace and HostPID cannot both be enabled',
      ),
    );
  }
  return errors;
}

function validateSecurity(context: unknown, path: string): FieldError[] {
  if (!isObject(context)) return [];
  const errors = ['runAsUser', 'runAsGroup', 'fsGroup'].flatMap((name) =>
    validateIds(context[name], `${path}.${name}`),
  );
  const sysctls = new Set<string>();
  for (const [index, sysctl] of listAt(context, 'sysctls').entries()) {
    const name = textAt(sysctl, 'name');
    if (!name) errors.push(required(`${path}.sysctls[${index}].name`));
    else if (sysctls.has(name))
      errors.push({ type: 'Duplicate', field: `${path}.sysctls[${index}].name`, detail: '', badValue: name });
    sysctls.add(name);
  }
  return errors;
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function validateToleration(toleration: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const key = textAt(toleration, 'key');
  const operator = textAt(toleration, 'operator');
  const value = textAt(toleration, 'value');
  const effect = textAt(toleration, 'effect');
  if (key) errors.push(...named(key, isQualifiedName, `${path}.key`));
  if (!key && operator !== 'Exists') {
    errors.push(
      invalid(
        `${path}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    );
  }
  if (toleration['tolerationSeconds'] !== undefined && effect !== 'NoExecute') {
    errors.push(invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  if (operator === 'Exists') {
    if (value) errors.push(invalid(`${path}.operator`, value, "value must be empty when `operator` is 'Exists'"));
  } else if (operator === 'Equal' || operator === '') {
    errors.push(...named(value, isLabelValue, `${path}.operator`));
  } else errors.push(notSupported(`${path}.operator`, operator, ['Equal', 'Exists']));
  if (effect && !effects.includes(effect)) errors.push(notSupported(`${path}.effect`, effect, effects));
  return errors;
}

function validateDns(spec: JsonObject, path: string): FieldError[] {
  const config = spec['dnsConfig'];
  const isNone = spec['dnsPolicy'] === 'None';
  if (!isObject(config)) {
    return isNone ? [required(`${path}.dnsConfig`, 'must provide `dnsConfig` when `dnsPolicy` is None')] : [];
  }
  const servers = textsAt(config, 'nameservers');
  if (isNone && servers.length === 0) {
    return [
      required(`${path}.dnsConfig.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'),
    ];
  }
  return servers.length > 3
    ? [invalid(`${path}.dnsConfig.nameservers`, servers, 'must not have more than 3 nameservers')]
    : [];
}

const nodeOperators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

function validateAffinity(affinity: unknown, path: string): FieldError[] {
  if (!isObject(affinity)) return [];
  const errors: FieldError[] = [];
  const node = mapAt(affinity, 'nodeAffinity');
  const neededPath = `${path}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution`;
  const needed = node['requiredDuringSchedulingIgnoredDuringExecution'];
  if (isObject(needed)) {
    const terms = listAt(needed, 'nodeSelectorTerms');
    if (terms.length === 0) {
      errors.push(required(`${neededPath}.nodeSelectorTerms`, 'must have at least one node selector term'));
    }
    for (const [index, term] of terms.entries()) {
      errors.push(...validateNodeTerm(term, `${neededPath}.nodeSelectorTerms[${index}]`));
    }
  }
  for (const [index, term] of listAt(node, 'preferredDuringSchedulingIgnoredDuringExecution').entries()) {
    const place = `${path}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    errors.push(...weight(term, place), ...validateNodeTerm(mapAt(term, 'preference'), `${place}.preference`));
  }
  for (const kind of ['podAffinity', 'podAntiAffinity'])
    errors.push(...validatePodAffinity(mapAt(affinity, kind), `${path}.${kind}`));
  return errors;
}

function validateNodeTerm(term: JsonObject, path: string): FieldError[] {
  return listAt(term, 'matchExpressions').flatMap((expression, index) => {
    const place = `${path}.matchExpressions[${index}]`;
    const operator = textAt(expression, 'operator');
    const values = textsAt(expression, 'values');
    const errors: FieldError[] = [];
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0)
        errors.push(required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        errors.push(forbidden(`${place}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      }
    } else if (operator === 'Gt' || operator === 'Lt') {
      if (values.length !== 1)
        errors.push(required(`${place}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
    } else if (!nodeOperators.includes(operator)) {
      errors.push(invalid(`${place}.operator`, operator, 'not a valid selector operator'));
    }
    return [...errors, ...named(textAt(expression, 'key'), isQualifiedName, `${place}.key`)];
  });
}

function validatePodAffinity(affinity: JsonObject, path: string): FieldError[] {
  const needed = listAt(affinity, 'requiredDuringSchedulingIgnoredDuringExecution').flatMap((term, index) =>
    validatePodTerm(term, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`),
  );
  const preferred = listAt(affinity, 'preferredDuringSchedulingIgnoredDuringExecution').flatMap((term, index) => {
    const place = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    return [...weight(term, place), ...validatePodTerm(mapAt(term, 'podAffinityTerm'), `${place}.podAffinityTerm`)];
  });
  return [...needed, ...preferred];
}

function weight(term: JsonObject, path: string): FieldError[] {
  const value = term['weight'];
  const isFine = typeof value === 'number' && value > 0 && value <= 100;
  return isFine ? [] : [invalid(`${path}.weight`, value ?? 0, 'must be in the range 1-100')];
}

function validatePodTerm(term: JsonObject, path: string): FieldError[] {
  const errors = validateLabelSelector(term['labelSelector'], `${path}.labelSelector`);
  const key = textAt(term, 'topologyKey');
  if (!key) errors.push(required(`${path}.topologyKey`, 'can not be empty'));
  return [...errors, ...named(key, isQualifiedName, `${path}.topologyKey`)];
}

function validateSpread(spec: JsonObject, path: string): FieldError[] {
  return listAt(spec, 'topologySpreadConstraints').flatMap((constraint, index) => {
    const place = `${path}.topologySpreadConstraints[${index}]`;
    const errors: FieldError[] = [];
    const skew = constraint['maxSkew'];
    if (typeof skew !== 'number' || skew <= 0)
      errors.push(invalid(`${place}.maxSkew`, skew ?? 0, 'must be greater than zero'));
    const key = textAt(constraint, 'topologyKey');
    if (!key) errors.push(required(`${place}.topologyKey`, 'can not be empty'));
    errors.push(
      ...oneOf(constraint['whenUnsatisfiable'], ['DoNotSchedule', 'ScheduleAnyway'], `${place}.whenUnsatisfiable`),
    );
    return errors;
  });
}
