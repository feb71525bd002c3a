// A container's environment, command and field references, resolved as kubelet does. Pure: what the API holds comes in
// as look-ups.

import { parseQuantity } from '../schema/quantity.ts';
import type { Container, FieldRef, Pod, ResourceFieldRef } from './pod-types.ts';

export interface EnvironmentSources {
  /** The data of a ConfigMap or Secret of the pod's namespace; undefined when there is none. */
  configMap(name: string): Record<string, string> | undefined;
  secret(name: string): Record<string, string> | undefined;
}

export interface FieldContext {
  /** What the node gives to pods: what a container without a limit may have. */
  readonly allocatable: Readonly<Record<string, string>>;
  readonly pod: Pod;
  readonly podIP: string;
  readonly hostIP: string;
}

/** What the container asks for is not there (yet): CreateContainerConfigError. */
export class ContainerConfigError extends Error {
  override readonly name = 'ContainerConfigError';
}

/** @throws {ContainerConfigError} */
export function resolveEnvironment(
  container: Container,
  context: FieldContext,
  sources: EnvironmentSources,
  base: Readonly<Record<string, string>>,
): Record<string, string> {
  const env: Record<string, string> = { ...base };
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const [kind, ref, data] = configMapRef
      ? (['configmap', configMapRef, sources.configMap(configMapRef.name)] as const)
      : (['secret', secretRef!, sources.secret(secretRef!.name)] as const);
    if (!data && !ref.optional) throw new ContainerConfigError(`${kind} "${ref.name}" not found`);
    for (const [key, value] of Object.entries(data ?? {})) env[`${prefix}${key}`] = value;
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (!valueFrom) {
      env[name] = expand(value ?? '', env);
      continue;
    }
    const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
    if (fieldRef) env[name] = fieldText(fieldRef, context);
    else if (resourceFieldRef) env[name] = resourceText(resourceFieldRef, context, container);
    else if (configMapKeyRef || secretKeyRef) {
      const ref = (configMapKeyRef ?? secretKeyRef)!;
      const kind = configMapKeyRef ? 'configmap' : 'secret';
      const data = configMapKeyRef ? sources.configMap(ref.name ?? '') : sources.secret(ref.name ?? '');
      const found = data?.[ref.key];
      if (found !== undefined) env[name] = found;
      else if (!ref.optional) {
        const { namespace } = context.pod.metadata;
        throw new ContainerConfigError(
          data
            ? `couldn't find key ${ref.key} in ${kind === 'secret' ? 'Secret' : 'ConfigMap'} ${namespace}/${ref.name}`
            : `${kind} "${ref.name}" not found`,
        );
      }
    }
  }
  return env;
}

/** `$(NAME)` becomes its value, `$$` a `$`; a name that is not there stays as it is. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^()]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (env[name] ?? whole),
  );
}

/** @throws {ContainerConfigError} for a path that names no field */
export function fieldText({ fieldPath }: FieldRef, { pod, podIP, hostIP }: FieldContext): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  if (keyed) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2]!] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return pod.metadata.name!;
    case 'metadata.namespace':
      return pod.metadata.namespace!;
    case 'metadata.uid':
      return pod.metadata.uid!;
    case 'metadata.labels':
    case 'metadata.annotations':
      return Object.entries(pod.metadata[fieldPath.slice(9) as 'labels' | 'annotations'] ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join('\n');
    case 'spec.nodeName':
      return pod.spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? '';
    case 'status.podIP':
    case 'status.podIPs':
      return podIP;
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIP;
    default:
      throw new ContainerConfigError(`unsupported fieldPath: ${fieldPath}`);
  }
}

export function resourceText(ref: ResourceFieldRef, { pod, allocatable }: FieldContext, owner?: Container): string {
  const container = pod.spec.containers.find(({ name }) => name === ref.containerName) ?? owner;
  const [kind = '', ...rest] = ref.resource.split('.');
  const amounts = container?.resources?.[kind as 'requests' | 'limits'] ?? {};
  const resource = rest.join('.');
  const isOfNode = kind === 'limits' && ['cpu', 'memory', 'ephemeral-storage'].includes(resource);
  const amount = amounts[resource] ?? (isOfNode ? allocatable[resource] : undefined);
  if (amount === undefined) return '0';
  const divisor = parseQuantity(ref.divisor === undefined || String(ref.divisor) === '0' ? '1' : ref.divisor).nanos;
  const { nanos } = parseQuantity(amount);
  return String((nanos + divisor - 1n) / divisor);
}
