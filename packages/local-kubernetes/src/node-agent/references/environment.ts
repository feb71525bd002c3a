// A container's environment and command, resolved as kubelet does. Pure: what the API holds comes in
// as look-ups.

import type { Container } from '../pod-types.ts';
import { ContainerConfigError } from './container-config-error.ts';
import { type FieldContext, fieldText, resourceText } from './field-references.ts';

export interface EnvironmentSources {
  /** The data of a ConfigMap or Secret of the pod's namespace; undefined when there is none. */
  configMap(name: string): Record<string, string> | undefined;
  secret(name: string): Record<string, string> | undefined;
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
