/** Volumes of the pods and their mounts. */
import type { ResolvedContainer, ResolvedMiniCluster } from '../resolve/resolved.ts';
import type { ContainerVolume } from '../schema/volume.ts';
import { certificateSecret } from './secret.ts';

type PodVolume = { name: string } & Record<string, unknown>;
type Mount = { name: string; mountPath: string; readOnly?: boolean };

/** Volumes for the users' containers: the list for the pod and each container's mounts. */
export interface UserVolumes {
  volumes: PodVolume[];
  mounts: Map<ResolvedContainer, Mount[]>;
}

/**
 * The users' volumes. Two containers that name the same thing share it; two that give one name to different things get one
 * volume each.
 */
export function userVolumes(containers: readonly ResolvedContainer[], taken: readonly string[]): UserVolumes {
  const volumes: PodVolume[] = [];
  const mounts = new Map<ResolvedContainer, Mount[]>();
  for (const container of containers) {
    const list: Mount[] = [];
    for (const [key, volume] of Object.entries(container.volumes).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const source = volumeSource(volume);
      let name = key;
      for (let again = 0; ; again++) {
        const same = volumes.find((each) => each.name === name);
        if (same && JSON.stringify(same) === JSON.stringify({ name, ...source })) break;
        if (!same && !taken.includes(name)) {
          volumes.push({ name, ...source });
          break;
        }
        name = `${key}-${container.index}${again === 0 ? '' : `-${again}`}`;
      }
      list.push({ name, mountPath: mountPathOf(volume), ...(volume.readOnly ? { readOnly: true } : {}) });
    }
    mounts.set(container, list);
  }
  return { volumes, mounts };
}

function mountPathOf(volume: ContainerVolume): string {
  if (volume.path) return volume.path;
  return volume.emptyDir && !volume.csiDriver && !volume.secretName ? '/dev/shm' : '/data';
}

/** The first field that is set decides, in the order of the upstream operator. */
function volumeSource(volume: ContainerVolume): Record<string, unknown> {
  if (volume.csiDriver) {
    const attributes = volume.csiDriverAttributes;
    return {
      csi: {
        driver: volume.csiDriver,
        ...(volume.readOnly ? { readOnly: true } : {}),
        ...(attributes && Object.keys(attributes).length > 0 ? { volumeAttributes: attributes } : {}),
      },
    };
  }
  if (volume.secretName) return { secret: { secretName: volume.secretName } };
  if (volume.emptyDir) {
    return {
      emptyDir: {
        ...(volume.emptyDirMedium?.toLowerCase() === 'memory' ? { medium: 'Memory' } : {}),
        ...(volume.emptyDirSizeLimit ? { sizeLimit: volume.emptyDirSizeLimit } : {}),
      },
    };
  }
  if (volume.hostPath) return { hostPath: { path: volume.hostPath, type: 'Directory' } };
  if (volume.configMapName) {
    const items = Object.entries(volume.items ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      configMap: {
        name: volume.configMapName,
        ...(items.length > 0 ? { items: items.map(([key, path]) => ({ key, path })) } : {}),
      },
    };
  }
  return { persistentVolumeClaim: { claimName: volume.claimName ?? '' } };
}

/** Volumes that every pod of the Job has. */
export function ownVolumes(cluster: ResolvedMiniCluster): PodVolume[] {
  const scripts = cluster.containers.flatMap((container) => {
    if (container.runFlux) {
      return [
        { key: `wait-${container.index}`, path: `wait-${container.index}.sh`, mode: 0o777 },
        { key: `program-${container.index}`, path: `program-${container.index}.sh`, mode: 0o777 },
      ];
    }
    if (container.noWrapEntrypoint) return [];
    return [{ key: `start-${container.index}`, path: `start-${container.index}.sh`, mode: 0o777 }];
  });
  const view = cluster.flux.container.name;
  return [
    { name: 'spack-software', emptyDir: {} },
    { name: 'flux-operator-home', emptyDir: {} },
    { name: view, emptyDir: {} },
    {
      name: `${cluster.name}-entrypoint`,
      configMap: {
        name: `${cluster.name}-entrypoint`,
        items: [
          ...scripts,
          { key: view, path: 'flux-init.sh', mode: 0o777 },
          { key: 'broker.toml', path: 'broker.toml' },
          { key: 'quorum', path: 'quorum' },
        ],
      },
    },
    {
      name: `${cluster.name}-curve`,
      secret: {
        secretName: certificateSecret(cluster),
        items: [{ key: 'curve.cert', path: 'curve.cert' }],
        defaultMode: 0o400,
      },
    },
  ];
}

/** Mounts of our own volumes. The certificate goes only to those that need it. */
export function ownMounts(cluster: ResolvedMiniCluster, who: 'init' | 'flux' | 'sidecar'): Mount[] {
  const { name, mountPath } = cluster.flux.container;
  return [
    { name: 'flux-operator-home', mountPath: '/home/flux-operator' },
    { name, mountPath },
    { name: `${cluster.name}-entrypoint`, mountPath: '/flux_operator/', readOnly: true },
    ...(who === 'init' ? [] : [{ name: 'spack-software', mountPath: '/opt/software' }]),
    ...(who === 'sidecar' ? [] : [{ name: `${cluster.name}-curve`, mountPath: '/mnt/curve', readOnly: true }]),
  ];
}
