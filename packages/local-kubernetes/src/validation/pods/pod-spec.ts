/** The whole specification of a pod, in pods and in templates, in the order of the real server. */
import { listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { goObject } from '../../kinds/go-object.ts';
import { duplicate, type FieldError, forbidden, invalid, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { between, named, oneOf } from '../field-checks.ts';
import { isLabelName, isQualifiedName, isSubdomain } from '../names.ts';
import { validateLabels } from '../object-meta.ts';
import { validateAffinity } from './affinity.ts';
import { validateHostNetwork } from './container-ports.ts';
import { validateContainers, validateInitContainers } from './containers.ts';
import { validateFileVolumes } from './environment.ts';
import { validateDns, validateHostAliases, validateHostname } from './name-lookup.ts';
import { validateOperatingSystem } from './operating-system.ts';
import { validatePodResources, validateResources } from './resources.ts';
import { validateGates, validateSpread, validateTolerations } from './scheduling.ts';
import { validatePodSecurity } from './security.ts';
import { validateVolumes } from './volumes.ts';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const longestDeadline = 2 ** 31 - 1;

/** @param podName the name of the pod; undefined for a template */
export function validatePodSpec(spec: JsonObject, path: string, podName?: string): FieldError[] {
  const { errors, sound } = validateVolumes(spec, path, podName);
  return [
    ...errors,
    ...validateClaims(spec, `${path}.resourceClaims`),
    ...validateContainers(spec, sound, path),
    ...validateInitContainers(spec, sound, path),
    ...validatePodResources(spec, `${path}.resources`),
    ...validateHostNetwork(spec, podName !== undefined, path),
    ...oneOf(spec['restartPolicy'], restartPolicies, `${path}.restartPolicy`, true),
    ...oneOf(spec['dnsPolicy'], dnsPolicies, `${path}.dnsPolicy`, true),
    ...validateLabels(mapAt(spec, 'nodeSelector'), `${path}.nodeSelector`),
    ...validatePodSecurity(spec, `${path}.securityContext`),
    ...validateAffinity(spec['affinity'], `${path}.affinity`),
    ...validateDns(spec, `${path}.dnsConfig`),
    ...listAt(spec, 'readinessGates').flatMap((gate, index) =>
      named(textAt(gate, 'conditionType'), isQualifiedName, `${path}.readinessGates[${index}].conditionType`),
    ),
    ...validateGates(spec, `${path}.schedulingGates`),
    ...validateSpread(spec, `${path}.topologySpreadConstraints`),
    ...validateHostUsers(spec, path),
    ...validateHostname(spec, `${path}.hostnameOverride`),
    ...validateNames(spec, { serviceAccountName: isSubdomain, nodeName: isSubdomain }, path),
    ...between(spec['activeDeadlineSeconds'], 1, longestDeadline, `${path}.activeDeadlineSeconds`),
    ...validateNames(spec, { hostname: isLabelName, subdomain: isLabelName }, path),
    ...validateTolerations(spec, `${path}.tolerations`),
    ...validateHostAliases(spec, `${path}.hostAliases`),
    ...validateNames(spec, { priorityClassName: isSubdomain, runtimeClassName: isSubdomain }, path),
    ...oneOf(spec['preemptionPolicy'], ['PreemptLowerPriority', 'Never'], `${path}.preemptionPolicy`),
    // An overhead is what limits are, by another path.
    ...validateResources({ limits: mapAt(spec, 'overhead') }, [], `${path}.overhead`),
    ...validateOperatingSystem(spec, path),
    ...validateFiles(spec, path),
  ];
}

function validateNames(
  spec: JsonObject,
  checks: Readonly<Record<string, typeof isSubdomain>>,
  path: string,
): FieldError[] {
  return Object.entries(checks).flatMap(([name, check]) => {
    const value = textAt(spec, name);
    return value ? named(value, check, `${path}.${name}`) : [];
  });
}

function validateFiles(spec: JsonObject, path: string): FieldError[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) =>
    listAt(spec, field).flatMap((container, index) =>
      validateFileVolumes(container, listAt(spec, 'volumes'), `${path}.${field}[${index}]`),
    ),
  );
}

/** Users of the pod's own cannot share other things of the node. */
function validateHostUsers(spec: JsonObject, path: string): FieldError[] {
  if (spec['hostUsers'] !== false) return [];
  const detail = 'when `hostUsers` is false';
  const shared = [
    ['hostNetwork', 'hostNetwork'],
    ['hostPID', 'HostPID'],
    ['hostIPC', 'HostIPC'],
  ] as const;
  return shared.filter(([field]) => spec[field] === true).map(([, shown]) => forbidden(`${path}.${shown}`, detail));
}

function validateClaims(spec: JsonObject, path: string): FieldError[] {
  const claims = listAt(spec, 'resourceClaims');
  const names = claims.map((claim) => textAt(claim, 'name'));
  return claims.flatMap((claim, index) => {
    const place = `${path}[${index}]`;
    const name = textAt(claim, 'name');
    const { resourceClaimName: one, resourceClaimTemplateName: template } = claim;
    const wrong = (detail: string) => [invalid(place, goObject(claim, 'core.PodResourceClaim'), detail)];
    return [
      ...(!name
        ? [required(`${place}.name`)]
        : names.indexOf(name) < index
          ? [duplicate(`${place}.name`, name)]
          : named(name, isLabelName, `${place}.name`)),
      ...(one !== undefined && template !== undefined
        ? wrong('at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified')
        : []),
      ...(one === undefined && template === undefined
        ? wrong('must specify one of: `resourceClaimName`, `resourceClaimTemplateName`')
        : []),
      ...(typeof one === 'string' ? named(one, isSubdomain, `${place}.resourceClaimName`) : []),
      ...(typeof template === 'string' ? named(template, isSubdomain, `${place}.resourceClaimTemplateName`) : []),
    ];
  });
}

/** Tokens for an account that is not named: of pods alone. */
export function validateTokens(spec: JsonObject, path: string): FieldError[] {
  if (textAt(spec, 'serviceAccountName')) return [];
  return listAt(spec, 'volumes').flatMap((volume, index) =>
    listAt(volume, 'projected.sources').flatMap((source, at) =>
      isObject(source['serviceAccountToken'])
        ? [
            forbidden(
              `${path}.volumes[${index}].projected.sources[${at}].serviceAccountToken`,
              'must not be specified when serviceAccountName is not set',
            ),
          ]
        : [],
    ),
  );
}
