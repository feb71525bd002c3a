/** The containers of a pod. */
import type { ResolvedContainer, ResolvedMiniCluster } from '../resolve/resolved.ts';
import { bareScript, serviceScript } from '../scripts/sidecar-script.ts';
import { ownMounts } from './volumes.ts';

type Mount = { name: string; mountPath: string; readOnly?: boolean };

/** The init container that sets Flux up. */
export function initContainer(cluster: ResolvedMiniCluster): Record<string, unknown> {
  const view = cluster.flux.container;
  return {
    name: view.name,
    image: view.image,
    imagePullPolicy: view.imagePullPolicy,
    command: ['/bin/bash', '/flux_operator/flux-init.sh'],
    ...(view.workingDir ? { workingDir: view.workingDir } : {}),
    env: [podAddress],
    stdin: true,
    tty: true,
    // Its last words, by which the operator says why no broker starts.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...(view.resources ? { resources: view.resources } : {}),
    securityContext: view.securityContext,
    volumeMounts: ownMounts(cluster, 'init'),
  };
}

/** A container of the pods of the Job. */
export function jobContainer(
  cluster: ResolvedMiniCluster,
  container: ResolvedContainer,
  mounts: readonly Mount[],
): Record<string, unknown> {
  const command = container.runFlux
    ? { command: ['/bin/bash', `/flux_operator/wait-${container.index}.sh`] }
    : container.noWrapEntrypoint
      ? plainCommand(container, bareScript)
      : { command: ['/bin/bash', `/flux_operator/start-${container.index}.sh`] };
  return {
    name: container.runFlux ? cluster.name : container.name,
    ...command,
    ...containerFields(container),
    volumeMounts: [...ownMounts(cluster, container.runFlux ? 'flux' : 'sidecar'), ...mounts],
  };
}

/** A container of the service pod. */
export function serviceContainer(container: ResolvedContainer, mounts: readonly Mount[]): Record<string, unknown> {
  return {
    name: container.name,
    ...plainCommand(container, serviceScript),
    ...containerFields(container),
    ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
  };
}

/** The image's own entrypoint, or the command that was given in its place. */
function plainCommand(
  container: ResolvedContainer,
  script: (container: ResolvedContainer) => string,
): Record<string, unknown> {
  const hasProgram = container.commands.script !== '' || container.command !== '';
  return hasProgram ? { command: ['/bin/sh', '-c', script(container)] } : {};
}

function containerFields(container: ResolvedContainer): Record<string, unknown> {
  const lifecycle = {
    ...(container.postStartExec ? { postStart: { exec: { command: [container.postStartExec] } } } : {}),
    ...(container.preStopExec ? { preStop: { exec: { command: [container.preStopExec] } } } : {}),
  };
  const env = [
    ...sorted(container.environment).map(([name, value]) => ({ name, value })),
    ...sorted(container.secrets).map(([name, from]) => ({
      name,
      valueFrom: { secretKeyRef: { name: from.name, key: from.key } },
    })),
  ];
  return {
    image: container.image,
    imagePullPolicy: container.imagePullPolicy,
    ...(container.workingDir ? { workingDir: container.workingDir } : {}),
    stdin: true,
    tty: true,
    ...(env.length > 0 ? { env } : {}),
    ...(container.ports.length > 0
      ? { ports: [...new Set(container.ports)].map((port) => ({ containerPort: port, protocol: 'TCP' })) }
      : {}),
    ...(Object.keys(lifecycle).length > 0 ? { lifecycle } : {}),
    ...(container.resources ? { resources: container.resources } : {}),
    securityContext: container.securityContext,
  };
}

const podAddress = { name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } };

function sorted<T>(map: Record<string, T>): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}
