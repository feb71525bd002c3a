// What a pod gives to its containers: names, name servers, volumes, environment, and the namespaces they share.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentContext } from '../agent-context.ts';
import { containerMounts } from '../containers/container-mounts.ts';
import type { RunnerPod } from '../containers/container-run.ts';
import { readResolver, resolverText } from '../network/resolver.ts';
import type { Container, EphemeralContainer, Pod } from '../pod-types.ts';
import { resolveEnvironment } from '../references/environment.ts';
import type { FieldContext } from '../references/field-references.ts';
import { dataOf } from '../references/object-sources.ts';
import type { MadeVolumes } from '../volumes/made-volumes.ts';
import { kernelNameOf } from './hostnames.ts';
import type { PodContainers } from './pod-containers.ts';
import type { PodSandbox } from './pod-sandbox.ts';

export interface HostParts extends Pick<RunnerPod, 'pod' | 'folder' | 'changed' | 'event'> {
  readonly fields: () => FieldContext;
  readonly sandbox: PodSandbox;
  readonly volumes: MadeVolumes;
  readonly containers: () => PodContainers;
}

export function containerHost(parts: HostParts, context: AgentContext): RunnerPod {
  const { pod, folder, sandbox, volumes, containers, changed, event } = parts;
  const hasOwnNetwork = !pod().spec.hostNetwork && context.network !== undefined;
  return {
    pod,
    folder,
    changed,
    event,
    hasOwnNetwork,
    sandbox: () => sandbox.namespaces!,
    address: () => sandbox.address!,
    groups: () => sandbox.groups,
    mountsOf: (container, env) =>
      containerMounts(container, env, {
        hosts: join(folder, 'hosts'),
        resolver: writeResolver(pod(), folder, hasOwnNetwork),
        volumes: volumes.paths,
      }),
    async environmentOf(container, image) {
      const data = await dataOf(context.client, pod().metadata.namespace!, container);
      const base = { ...image.env, ...ownVariables(pod(), container, context) };
      return resolveEnvironment(container, parts.fields(), data, base);
    },
    sharedProcessOf: (container: EphemeralContainer) =>
      sandbox.namespaces!.sharedProcessId ?? containers().find(container.targetContainerName ?? '')?.process?.processId,
  };
}

function ownVariables(pod: Pod, { tty }: Container, { apiAddress }: AgentContext): Record<string, string> {
  return {
    HOSTNAME: kernelNameOf(pod),
    ...(tty ? { TERM: 'xterm' } : {}),
    KUBERNETES_SERVICE_HOST: apiAddress.host,
    KUBERNETES_SERVICE_PORT: String(apiAddress.port),
    KUBERNETES_SERVICE_PORT_HTTPS: String(apiAddress.port),
  };
}

/** The file of name servers, as the pod's dnsPolicy and dnsConfig have it. */
function writeResolver({ spec }: Pod, folder: string, hasOwnNetwork: boolean): string {
  const path = join(folder, 'resolv.conf');
  writeFileSync(path, resolverText(spec, readResolver(hasOwnNetwork)));
  return path;
}
