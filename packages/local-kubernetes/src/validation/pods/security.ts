/** Users, groups and rights of pods and containers. Facts: k8s.io/kubernetes pkg/apis/core/validation. */
import { listAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { goObject } from '../../kinds/go-object.ts';
import { duplicate, type FieldError, invalid, notSupported, required, tooLong } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { between, oneOf, oneOfGiven } from '../field-checks.ts';
import { validateRelativePath } from './local-path.ts';

const highestId = 2 ** 31 - 1;
const validateId = (value: unknown, path: string) => between(value, 0, highestId, path);

/** @param spec whose host's namespaces stand beside the context in the API, and within it in the real server */
export function validatePodSecurity(spec: JsonObject, path: string): FieldError[] {
  const context = isObject(spec['securityContext']) ? spec['securityContext'] : {};
  const ids = ['fsGroup', 'runAsUser', 'runAsGroup'].flatMap((name) => validateId(context[name], `${path}.${name}`));
  const groups = Array.isArray(context['supplementalGroups']) ? context['supplementalGroups'] : [];
  return [
    ...ids,
    ...groups.flatMap((group, index) => validateId(group, `${path}.supplementalGroups[${index}]`)),
    ...validateSharing(spec, `${path}.shareProcessNamespace`),
    ...validateSysctls(context, spec, `${path}.sysctls`),
    ...oneOfGiven(context['fsGroupChangePolicy'], ['Always', 'OnRootMismatch'], `${path}.fsGroupChangePolicy`),
    ...validateSeccomp(context['seccompProfile'], `${path}.seccompProfile`),
    ...validateAppArmor(context['appArmorProfile'], `${path}.appArmorProfile`),
    ...oneOfGiven(context['supplementalGroupsPolicy'], ['Merge', 'Strict'], `${path}.supplementalGroupsPolicy`),
    ...oneOfGiven(context['seLinuxChangePolicy'], ['Recursive'], `${path}.seLinuxChangePolicy`),
  ];
}

function validateSharing(spec: JsonObject, path: string): FieldError[] {
  if (spec['hostPID'] !== true || spec['shareProcessNamespace'] !== true) return [];
  return [invalid(path, true, 'ShareProcessNamespace and HostPID cannot both be enabled')];
}

const segment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const sysctlPattern = `^(${segment}[\\./])*${segment}$`;
const longestSysctl = 253;

function validateSysctls(context: JsonObject, spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, sysctl] of listAt(context, 'sysctls').entries()) {
    const place = `${path}[${index}].name`;
    const name = textAt(sysctl, 'name');
    if (!name) errors.push(required(place));
    else if (name.length > longestSysctl || !new RegExp(sysctlPattern).test(name)) {
      const detail = `must have at most ${longestSysctl} characters and match regex ${sysctlPattern}`;
      errors.push(invalid(place, name, detail));
    } else if (seen.has(name)) errors.push(duplicate(place, name));
    seen.add(name);
    errors.push(...validateHostSysctl(name, spec, place));
  }
  return errors;
}

const ipcSysctls = new Set(
  'sem shmall shmmax shmmni shm_rmid_forced shm msgmax msgmnb msgmni msg'.split(' ').map((name) => `kernel.${name}`),
);

/** Sysctls of a namespace that the pod shares with its node would be the node's. */
function validateHostSysctl(name: string, spec: JsonObject, path: string): FieldError[] {
  // Written with slashes where the first separator is one.
  const dotted = /^[^.]*\//.test(name) ? name.replaceAll('/', '.') : name;
  if (dotted.startsWith('net.') && spec['hostNetwork'] === true) {
    return [invalid(path, name, "may not be specified when 'hostNetwork' is true")];
  }
  const isIpc = ipcSysctls.has(dotted) || dotted.startsWith('fs.mqueue.');
  if (!isIpc || spec['hostIPC'] !== true) return [];
  return [invalid(path, name, "may not be specified when 'hostIPC' is true")];
}

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function validateSeccomp(profile: unknown, path: string): FieldError[] {
  if (!isObject(profile)) return [];
  const type = textAt(profile, 'type');
  const local = profile['localhostProfile'];
  const errors = !type
    ? [required(`${path}.type`, 'type is required when seccompProfile is set')]
    : oneOf(type, profileTypes, `${path}.type`);
  if (type === 'Localhost') {
    if (typeof local === 'string') return [...errors, ...validateRelativePath(local, `${path}.localhostProfile`)];
    return [...errors, required(`${path}.localhostProfile`, 'must be set when seccomp type is Localhost')];
  }
  if (local === undefined) return errors;
  const shown = goObject(profile, 'core.SeccompProfile');
  return [...errors, invalid(`${path}.localhostProfile`, shown, 'can only be set when seccomp type is Localhost')];
}

const longestProfile = 4095;

function validateAppArmor(profile: unknown, path: string): FieldError[] {
  if (!isObject(profile)) return [];
  const type = textAt(profile, 'type');
  const local = profile['localhostProfile'];
  const place = `${path}.localhostProfile`;
  const missing = required(place, 'must be set when AppArmor type is Localhost');
  if (!type) return [required(`${path}.type`, 'type is required when appArmorProfile is set')];
  if (!profileTypes.includes(type)) return [notSupported(`${path}.type`, type, profileTypes)];
  if (type !== 'Localhost') {
    return local === undefined ? [] : [invalid(place, local, 'can only be set when AppArmor type is Localhost')];
  }
  if (typeof local !== 'string') return [missing];
  const errors: FieldError[] = [];
  if (local.trim() !== local) errors.push(invalid(place, local, 'must not be padded with whitespace'));
  else if (local === '') errors.push(missing);
  return local.length > longestProfile ? [...errors, tooLong(place, longestProfile)] : errors;
}

/** @param usesHostUsers whether the pod's users are those of the node */
export function validateContainerSecurity(context: unknown, usesHostUsers: boolean, path: string): FieldError[] {
  if (!isObject(context)) return [];
  return [
    ...validateId(context['runAsUser'], `${path}.runAsUser`),
    ...validateId(context['runAsGroup'], `${path}.runAsGroup`),
    ...oneOfGiven(context['procMount'], ['Default', 'Unmasked'], `${path}.procMount`),
    ...(usesHostUsers && context['procMount'] === 'Unmasked'
      ? [invalid(`${path}.procMount`, 'Unmasked', '`hostUsers` must be false to use `Unmasked`')]
      : []),
    ...validateSeccomp(context['seccompProfile'], `${path}.seccompProfile`),
    ...validateEscalation(context, path),
    ...validateAppArmor(context['appArmorProfile'], `${path}.appArmorProfile`),
  ];
}

function validateEscalation(context: JsonObject, path: string): FieldError[] {
  if (context['allowPrivilegeEscalation'] !== false) return [];
  const wrong = (what: string) =>
    invalid(
      path,
      goObject(context, 'core.SecurityContext'),
      `cannot set \`allowPrivilegeEscalation\` to false and ${what}`,
    );
  return [
    ...(context['privileged'] === true ? [wrong('`privileged` to true')] : []),
    ...textsAt(context, 'capabilities.add')
      .filter((capability) => capability === 'CAP_SYS_ADMIN')
      .map(() => wrong('`capabilities.Add` CAP_SYS_ADMIN')),
  ];
}
