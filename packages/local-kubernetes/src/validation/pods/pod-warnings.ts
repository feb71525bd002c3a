/** What the API server warns of in a pod it takes. Facts: k8s.io/kubernetes pkg/api/pod. */
import { listAt, mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { isLabelName, isLabelValue } from '../names.ts';
import { claimSpecWarnings } from '../storage/claim-warnings.ts';
import { brokenBytes } from '../whole-bytes.ts';
import { pathWarnings } from './path-warnings.ts';
import { containerProfileWarnings, podProfileWarnings } from './profile-annotations.ts';

const containerFields = ['initContainers', 'containers', 'ephemeralContainers'];

/** @param where what is called by the name: pods are hosts, and hosts have shorter names */
export function nameWarnings(name: string, where: string): string[] {
  const problems = isLabelName(name);
  if (problems.length === 0) return [];
  const what = `metadata.name: this is used in ${where}, which can result in surprising behavior`;
  return [`${what}; a DNS label is recommended: [${problems.join(' ')}]`];
}

/**
 * @param pod or the template of one
 * @param path of the template, ending with a dot; empty for a pod
 */
export function podWarnings(pod: JsonObject, path: string): string[] {
  const spec = mapAt(pod, 'spec');
  const at = `${path}spec`;
  const containers = containerFields.flatMap((field) =>
    listAt(spec, field).map((container, index) => ({ container, place: `${at}.${field}[${index}]` })),
  );
  return [
    ...oldNodeLabels(spec, at),
    ...emptySpreads(spec, at),
    ...oldAnnotations(mapAt(pod, 'metadata.annotations'), `${path}metadata.annotations`),
    ...oldVolumes(spec, `${at}.volumes`),
    ...pathWarnings(listAt(spec, 'volumes')),
    ...repeated(spec, 'hostAliases', 'ip', `${at}.hostAliases`),
    ...repeated(spec, 'imagePullSecrets', 'name', `${at}.imagePullSecrets`),
    ...listAt(spec, 'imagePullSecrets').flatMap((secret, index) =>
      textAt(secret, 'name') ? [] : [`${at}.imagePullSecrets[${index}].name: invalid empty name ""`],
    ),
    ...brokenBytes(mapAt(spec, 'overhead'), byteAmounts, `${at}.overhead`),
    ...podProfileWarnings(pod, path),
    ...containers.flatMap(({ container, place }) => [
      ...containerProfileWarnings(container, pod, path),
      ...brokenBytes(mapAt(container, 'resources.limits'), byteAmounts, `${place}.resources.limits`),
      ...brokenBytes(mapAt(container, 'resources.requests'), byteAmounts, `${place}.resources.requests`),
      ...hiddenVariables(container, `${place}.env`),
    ]),
    ...repeatedPorts(containers),
    ...repeatedPortNames(containers),
    ...emptyAffinities(spec, `${at}.affinity`),
  ];
}

const oldLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
};

const needed = 'requiredDuringSchedulingIgnoredDuringExecution';
const wished = 'preferredDuringSchedulingIgnoredDuringExecution';

function oldNodeLabels(spec: JsonObject, path: string): string[] {
  const selector = Object.keys(mapAt(spec, 'nodeSelector')).flatMap((key) =>
    Object.hasOwn(oldLabels, key) ? [`${path}.nodeSelector[${key}]: ${oldLabels[key]}`] : [],
  );
  const affinity = mapAt(spec, 'affinity.nodeAffinity');
  const place = `${path}.affinity.nodeAffinity`;
  return [
    ...selector,
    ...listAt(affinity, `${needed}.nodeSelectorTerms`).flatMap((term, index) =>
      termWarnings(term, `${place}.${needed}.nodeSelectorTerms[${index}]`),
    ),
    ...listAt(affinity, wished).flatMap((term, index) =>
      termWarnings(mapAt(term, 'preference'), `${place}.${wished}[${index}].preference`, true),
    ),
  ];
}

/** @param isWish whether validation takes values that no label has */
function termWarnings(term: JsonObject, path: string, isWish = false): string[] {
  return listAt(term, 'matchExpressions').flatMap((expression, index) => {
    const key = textAt(expression, 'key');
    const place = `${path}.matchExpressions[${index}]`;
    return [
      ...(Object.hasOwn(oldLabels, key) ? [`${place}.key: ${key} is ${oldLabels[key]}`] : []),
      ...(isWish ? textsAt(expression, 'values') : []).flatMap((value, at) =>
        isLabelValue(value).map((problem) => `${place}.values[${at}]: ${value} is invalid, ${problem}`),
      ),
    ];
  });
}

const matchesNone = 'a null labelSelector results in matching no pod';

function emptySpreads(spec: JsonObject, path: string): string[] {
  return listAt(spec, 'topologySpreadConstraints').flatMap((constraint, index) => {
    const place = `${path}.topologySpreadConstraints[${index}]`;
    const key = textAt(constraint, 'topologyKey');
    return [
      ...(Object.hasOwn(oldLabels, key) ? [`${place}.topologyKey: ${key} is ${oldLabels[key]}`] : []),
      ...(isObject(constraint['labelSelector']) ? [] : [`${place}.labelSelector: ${matchesNone}`]),
    ];
  });
}

function emptyAffinities(spec: JsonObject, path: string): string[] {
  return ['podAffinity', 'podAntiAffinity'].flatMap((kind) => {
    const affinity = mapAt(spec, `affinity.${kind}`);
    const warn = (term: JsonObject, place: string) =>
      isObject(term['labelSelector']) ? [] : [`${place}.labelSelector: ${matchesNone}`];
    return [
      ...listAt(affinity, needed).flatMap((term, index) => warn(term, `${path}.${kind}.${needed}[${index}]`)),
      ...listAt(affinity, wished).flatMap((term, index) =>
        warn(mapAt(term, 'podAffinityTerm'), `${path}.${kind}.${wished}[${index}].podAffinityTerm`),
      ),
    ];
  });
}

const annotations: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

function oldAnnotations(given: JsonObject, path: string): string[] {
  return Object.entries(annotations).flatMap(([key, text]) =>
    given[key] === undefined ? [] : [`${path}[${key}]: ${text}`],
  );
}

const plugins: Readonly<Record<string, readonly [shown: string, text: string]>> = {
  photonPersistentDisk: ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  gitRepo: ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  scaleIO: ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  flocker: ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  storageos: ['storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  quobyte: ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  glusterfs: ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  cephfs: ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  rbd: ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
};

function oldVolumes(spec: JsonObject, path: string): string[] {
  return listAt(spec, 'volumes').flatMap((volume, index) => [
    ...claimSpecWarnings(
      mapAt(volume, 'ephemeral.volumeClaimTemplate.spec'),
      `${path}[${index}].ephemeral.volumeClaimTemplate.spec`,
    ),
    ...Object.entries(plugins).flatMap(([field, [shown, text]]) =>
      isObject(volume[field]) ? [`${path}[${index}].${shown}: ${text}`] : [],
    ),
  ]);
}

function repeated(spec: JsonObject, list: string, field: string, path: string): string[] {
  const values = listAt(spec, list).map((each) => textAt(each, field));
  return values.flatMap((value, index) =>
    values.indexOf(value) < index ? [`${path}[${index}].${field}: duplicate ${field} "${value}"`] : [],
  );
}

const byteAmounts = ['memory', 'ephemeral-storage'];

function hiddenVariables(container: JsonObject, path: string): string[] {
  const variables = listAt(container, 'env');
  const names = variables.map((variable) => textAt(variable, 'name'));
  return variables.flatMap((variable, index) => {
    const name = names[index]!;
    const value = textAt(variable, 'value');
    const reference = `$(${name})`;
    // One that says more by the one before it is meant.
    const isMeant = variable['valueFrom'] === undefined && value !== reference && value.includes(reference);
    if (names.indexOf(name) === index || isMeant) return [];
    return [`${path}[${index}]: hides previous definition of "${name}", which may be dropped when using apply`];
  });
}

interface Placed {
  readonly container: JsonObject;
  readonly place: string;
}

const portsOf = (containers: readonly Placed[]) =>
  containers.flatMap(({ container, place }) =>
    listAt(container, 'ports').map((port, index) => ({ port, path: `${place}.ports[${index}]` })),
  );

function repeatedPorts(containers: readonly Placed[]): string[] {
  const ports = portsOf(containers).map(({ port, path }) => ({
    path,
    key: `${port['containerPort']}/${textAt(port, 'protocol')}`,
    hostIP: textAt(port, 'hostIP'),
    hostPort: port['hostPort'] ?? 0,
  }));
  return ports.flatMap((port, index) =>
    ports.slice(0, index).flatMap((other) => {
      if (other.key !== port.key) return [];
      if (other.hostIP === port.hostIP && other.hostPort === port.hostPort) {
        return [`${port.path}: duplicate port definition with ${other.path}`];
      }
      if (port.hostPort === 0 || other.hostPort === 0) {
        return [`${port.path}: overlapping port definition with ${other.path}`];
      }
      const isOneOpen = (port.hostIP === '') !== (other.hostIP === '');
      if (port.hostPort !== other.hostPort || !isOneOpen) return [];
      return [`${port.path}: dangerously ambiguous port definition with ${other.path}`];
    }),
  );
}

function repeatedPortNames(containers: readonly Placed[]): string[] {
  const seen = new Map<string, string>();
  return portsOf(containers).flatMap(({ port, path }) => {
    const name = textAt(port, 'name');
    const other = seen.get(name);
    if (name && other === undefined) seen.set(name, path);
    if (!name || other === undefined) return [];
    return [
      `${path}: duplicate port name "${name}" with ${other}, services and probes that select ports by name will use ${other}`,
    ];
  });
}
