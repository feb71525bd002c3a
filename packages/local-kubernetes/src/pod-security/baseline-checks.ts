// What baseline forbids: known ways for a pod to get at its node. Facts: the Pod Security Standards, and
// k8s.io/pod-security-admission policy.

import { at, listAt, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import { goQuote } from '../schema/field-error.ts';
import type { JsonObject } from '../schema/schema.ts';
import { containerAppArmor, containerSeccomp, podSeccomp } from '../validation/pods/profile-annotations.ts';
import { containersOf, distinct, type Examine, named, nameOf, plural, quoted, settersOf } from './violation.ts';

/** What containers say that they may not. */
interface Said {
  readonly by: string[];
  readonly values: string[];
}

/** @param said by one container, of what it may not say */
function saidBy(containers: readonly JsonObject[], said: (container: JsonObject) => readonly string[]): Said {
  const found = containers.map((container) => ({ name: nameOf(container), values: said(container) }));
  const bad = found.filter(({ values }) => values.length > 0);
  return { by: bad.map(({ name }) => name), values: distinct(bad.flatMap(({ values }) => values)) };
}

/** The type of a profile where it is given and none of those allowed. */
const typeBut =
  (field: string, ...allowed: readonly string[]) =>
  (holder: JsonObject): string[] => {
    const profile = at(holder, `securityContext.${field}`);
    const type = textAt(profile, 'type');
    return profile === undefined || profile === null || allowed.includes(type) ? [] : [type];
  };

const wrongAppArmor = typeBut('appArmorProfile', 'RuntimeDefault', 'Localhost');

export const appArmorProfile: Examine = (pod) => {
  const ofPod = wrongAppArmor(pod.spec);
  const { by, values } = saidBy(containersOf(pod), wrongAppArmor);
  const annotations = Object.entries(pod.annotations)
    .filter(([key]) => key.startsWith(containerAppArmor))
    .filter(([, value]) => !(value === '' || value === 'runtime/default' || value.startsWith('localhost/')))
    .map(([key, value]) => `${key}=${goQuote(value)}`)
    .sort();
  const setters = [
    settersOf(ofPod.length > 0, by),
    annotations.length > 0 ? plural(annotations.length, 'annotation') : '',
  ];
  const told = [...distinct([...ofPod, ...values]), ...annotations];
  if (told.length === 0) return undefined;
  return {
    reason: plural(told.length, 'forbidden AppArmor profile'),
    detail: `${setters.filter(Boolean).join(' and ')} must not set AppArmor profile type to ${quoted(told)}`,
  };
};

const defaultCapabilities =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );

/** Containers that add other capabilities than those, in the words of both levels. */
export function addedCapabilities(containers: readonly JsonObject[], allowed: readonly string[]): string | undefined {
  const { by, values } = saidBy(containers, (container) =>
    textsAt(container, 'securityContext.capabilities.add').filter((capability) => !allowed.includes(capability)),
  );
  if (by.length === 0) return undefined;
  return `${named('container', by)} must not include ${quoted(values)} in securityContext.capabilities.add`;
}

export const capabilities: Examine = (pod) => {
  const detail = addedCapabilities(containersOf(pod), defaultCapabilities);
  return detail === undefined ? undefined : { reason: 'non-default capabilities', detail };
};

export const hostNamespaces: Examine = ({ spec }) => {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true);
  if (shared.length === 0) return undefined;
  return { reason: 'host namespaces', detail: shared.map((field) => `${field}=true`).join(', ') };
};

export const hostPathVolumes: Examine = ({ spec }) => {
  const volumes = listAt(spec, 'volumes').filter((volume) => at(volume, 'hostPath'));
  if (volumes.length === 0) return undefined;
  return { reason: 'hostPath volumes', detail: named('volume', volumes.map(nameOf)) };
};

export const hostPorts: Examine = (pod) => {
  const { by, values } = saidBy(containersOf(pod), (container) =>
    listAt(container, 'ports')
      .map((port) => textAt(port, 'hostPort'))
      .filter((port) => port !== '' && port !== '0'),
  );
  if (by.length === 0) return undefined;
  const ports = `${plural(values.length, 'hostPort')} ${values.join(', ')}`;
  return { reason: 'hostPort', detail: `${named('container', by)} ${plural(by.length, 'uses', 'use')} ${ports}` };
};

const handlers = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'];

export const probeHosts: Examine = (pod) => {
  const found = saidBy(containersOf(pod), (container) =>
    handlers
      .flatMap((field) => ['httpGet', 'tcpSocket'].map((way) => textAt(container, `${field}.${way}.host`)))
      .filter(Boolean),
  );
  const by = distinct(found.by);
  if (by.length === 0) return undefined;
  const what = 'probe or lifecycle host';
  const hosts = `${plural(found.values.length, what)} ${quoted(found.values)}`;
  return { reason: what, detail: `${named('container', by)} ${plural(by.length, 'uses', 'use')} ${hosts}` };
};

export const privileged: Examine = (pod) => {
  const bad = containersOf(pod).filter((container) => at(container, 'securityContext.privileged') === true);
  if (bad.length === 0) return undefined;
  const who = named('container', bad.map(nameOf));
  return { reason: 'privileged', detail: `${who} must not set securityContext.privileged=true` };
};

export const procMount: Examine = (pod) => {
  const { by, values } = saidBy(containersOf(pod), (container) =>
    [textAt(container, 'securityContext.procMount')].filter((type) => type !== '' && type !== 'Default'),
  );
  if (by.length === 0) return undefined;
  return {
    reason: 'procMount',
    detail: `${named('container', by)} must not set securityContext.procMount to ${quoted(values)}`,
  };
};

/** @param types that are allowed besides none */
export const seLinuxOptions =
  (...types: readonly string[]): Examine =>
  (pod) => {
    const optionsOf = (holder: JsonObject) => mapAt(holder, 'securityContext.seLinuxOptions');
    const isWrongType = (options: JsonObject) => !['', ...types].includes(textAt(options, 'type'));
    const isBad = (options: JsonObject) =>
      isWrongType(options) || Boolean(textAt(options, 'user')) || Boolean(textAt(options, 'role'));
    const bad = containersOf(pod).filter((container) => isBad(optionsOf(container)));
    const ofPod = optionsOf(pod.spec);
    const setters = settersOf(isBad(ofPod), bad.map(nameOf));
    if (!setters) return undefined;
    const all = [ofPod, ...bad.map(optionsOf)];
    const wrong = distinct(all.filter(isWrongType).map((options) => textAt(options, 'type')));
    const told = [
      ...(wrong.length > 0 ? [named('type', wrong)] : []),
      ...['user', 'role']
        .filter((field) => all.some((options) => textAt(options, field)))
        .map((field) => `${field} may not be set`),
    ];
    return {
      reason: 'seLinuxOptions',
      detail: `${setters} set forbidden securityContext.seLinuxOptions: ${told.join('; ')}`,
    };
  };

/** Before seccomp was a field it was an annotation. */
export const seccompAnnotations: Examine = (pod) => {
  const keys = [podSeccomp, ...containersOf(pod).map((container) => `${containerSeccomp}${nameOf(container)}`)];
  const forbidden = keys.flatMap((key) => {
    const value = Object.hasOwn(pod.annotations, key) ? pod.annotations[key] : undefined;
    const isAllowed =
      value === undefined ||
      value === 'runtime/default' ||
      value === 'docker/default' ||
      value.startsWith('localhost/');
    return isAllowed ? [] : [`${key}=${goQuote(value)}`];
  });
  const told = distinct(forbidden);
  if (told.length === 0) return undefined;
  return { reason: 'seccompProfile', detail: `forbidden ${plural(told.length, 'annotation')} ${told.join(', ')}` };
};

const wrongSeccomp = typeBut('seccompProfile', 'RuntimeDefault', 'Localhost');

export const seccompProfile: Examine = (pod) => {
  const ofPod = wrongSeccomp(pod.spec);
  const { by, values } = saidBy(containersOf(pod), wrongSeccomp);
  const setters = settersOf(ofPod.length > 0, by);
  if (!setters) return undefined;
  const types = quoted(distinct([...ofPod, ...values]));
  return {
    reason: 'seccompProfile',
    detail: `${setters} must not set securityContext.seccompProfile.type to ${types}`,
  };
};

export const sysctls =
  (...allowed: readonly string[]): Examine =>
  ({ spec }) => {
    const names = listAt(spec, 'securityContext.sysctls').map((sysctl) => textAt(sysctl, 'name'));
    const forbidden = names.filter((name) => !allowed.includes(name));
    return forbidden.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: forbidden.join(', ') };
  };

export const windowsHostProcess: Examine = (pod) => {
  const isSet = (holder: JsonObject) => at(holder, 'securityContext.windowsOptions.hostProcess') === true;
  const setters = settersOf(isSet(pod.spec), containersOf(pod).filter(isSet).map(nameOf));
  if (!setters) return undefined;
  return { reason: 'hostProcess', detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true` };
};
