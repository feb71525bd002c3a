/** One container with nothing left open; its volumes with the forms of v1alpha1 folded in. */
import type { MiniClusterContainer } from '../schema/container.ts';
import type { SecurityContext } from '../schema/core.ts';
import type { MiniClusterSpec } from '../schema/minicluster.ts';
import type { ContainerVolume, LegacyVolume } from '../schema/volume.ts';
import { present } from './present.ts';
import type { ResolvedContainer } from './resolved.ts';

/** @param only whether it is the only container, which runs Flux by itself */
export function normalizeContainer(
  container: MiniClusterContainer,
  index: number,
  spec: MiniClusterSpec,
  only: boolean,
): ResolvedContainer {
  const commands = container.commands ?? {};
  const runFlux = only || container.runFlux === true;
  const pod = spec.pod?.resources;
  const resources =
    container.resources ?? (runFlux && pod && Object.keys(pod).length > 0 ? { limits: pod, requests: pod } : undefined);
  const limits = resources?.limits ?? {};
  const cores = container.cores && container.cores > 0 ? container.cores : wholeNumber(limits['cpu']);
  const gpus = Object.entries(limits)
    .filter(([name]) => name.endsWith('/gpu'))
    .map(([, value]) => wholeNumber(value))
    .find((value) => value !== undefined);
  return {
    index,
    name: container.name || '',
    image: container.image || 'ghcr.io/rse-ops/accounting:app-latest',
    runFlux,
    command: container.diagnostics ? '' : (container.command ?? '').trim(),
    launcher: container.launcher === true,
    batch: container.batch === true,
    batchRaw: container.batchRaw === true,
    logs: container.logs || '/tmp/fluxout',
    noWrapEntrypoint: container.noWrapEntrypoint === true,
    ...present('workingDir', container.workingDir),
    imagePullPolicy: container.pullAlways ? 'Always' : container.imagePullPolicy || 'IfNotPresent',
    ...present('imagePullSecret', container.imagePullSecret),
    ports: container.ports ?? [],
    environment: container.environment ?? {},
    secrets: container.secrets ?? {},
    volumes: volumesOf(container, spec.volumes ?? {}),
    ...present('postStartExec', container.lifeCycle?.postStartExec || container.postStartExec),
    ...present('preStopExec', container.lifeCycle?.preStopExec),
    ...(resources ? { resources } : {}),
    securityContext: securityContextOf(container.securityContext ?? {}),
    commands: {
      init: commands.init ?? '',
      pre: commands.pre || container.preCommand || '',
      brokerPre: commands.brokerPre ?? '',
      workerPre: commands.workerPre ?? '',
      post: commands.post ?? '',
      prefix: commands.prefix ?? '',
      script: commands.script ?? '',
      servicePre: commands.servicePre ?? '',
    },
    ...(cores === undefined ? {} : { cores }),
    ...(gpus === undefined ? {} : { gpus }),
  };
}

/** A quantity that is a whole number of one or more; anything else says nothing about how many there are. */
function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isInteger(number) && number >= 1 ? number : undefined;
}

function securityContextOf(given: SecurityContext): SecurityContext {
  const { addCapabilities, fsGroup: _moved, ...context } = given;
  if (!addCapabilities || addCapabilities.length === 0) return context;
  const add = [...new Set([...(context.capabilities?.add ?? []), ...addCapabilities])];
  return { ...context, capabilities: { ...context.capabilities, add } };
}

/**
 * In v1alpha1 containers[].volumes.NAME referred to spec.volumes.NAME, of which the operator made a volume and a claim
 * NAME-claim. Storage is not made any more: a hostpath volume mounts that path of the node, any other an existing claim.
 */
function volumesOf(
  container: MiniClusterContainer,
  legacy: Record<string, LegacyVolume>,
): Record<string, ContainerVolume> {
  const volumes: Record<string, ContainerVolume> = { ...container.existingVolumes };
  for (const [name, volume] of Object.entries(container.volumes ?? {})) {
    const old = legacy[name];
    const says =
      volume.claimName ||
      volume.hostPath ||
      volume.secretName ||
      volume.configMapName ||
      volume.csiDriver ||
      volume.emptyDir;
    if (!old || says) {
      volumes[name] = volume;
      continue;
    }
    const storageClass = old.storageClass || old.class || 'hostpath';
    volumes[name] =
      storageClass === 'hostpath' && old.path
        ? { ...volume, hostPath: old.path }
        : { ...volume, claimName: `${name}-claim` };
  }
  return volumes;
}
