// What one run of a container is made of: its root, mounts, environment, command and user.

import { posix } from 'node:path';
import type { AgentContext } from '../agent-context.ts';
import type { ContainerGroup } from '../host/cgroup.ts';
import { isBelow, lockedOptions, readMounts } from '../host/mount-table.ts';
import type { Container, Pod } from '../pod-types.ts';
import type { ContainerPlan, Mount } from '../processes/container-script.ts';
import { expand } from '../references/environment.ts';
import type { Image } from '../roots/image-table.ts';
import { layRoot } from '../roots/lay-root.ts';
import { listFolder } from '../roots/list-folder.ts';
import { resolveInRoot } from '../roots/resolve-in-root.ts';
import { rootLayout } from '../roots/root-layout.ts';
import { capabilitiesOf, type Identity } from './identity.ts';

export interface Run {
  readonly pod: Pod;
  readonly container: Container;
  readonly image: Image;
  readonly env: Readonly<Record<string, string>>;
  readonly identity: Identity;
  readonly group: ContainerGroup | undefined;
  /** The volumes and files of the pod, where the container wants them. */
  readonly mounts: readonly Mount[];
  /** Where the layers of its root lie. */
  readonly layers: string;
  /** The file of its termination message. */
  readonly message: string;
}

export function planContainer(run: Run, context: Pick<AgentContext, 'rights' | 'podsFolder'>): ContainerPlan {
  const { pod, container, image, env, identity, group, layers } = run;
  const { rights } = context;
  const {
    privileged = false,
    readOnlyRootFilesystem = false,
    allowPrivilegeEscalation = true,
  } = container.securityContext ?? {};
  const capabilities = capabilitiesOf(container);
  const overlays = Object.entries(image.overlays).map(([target, source]) => ({
    source,
    target,
    isReadOnly: true,
    isFile: false,
  }));
  const mounts = placed(image, [...overlays, ...run.mounts]);
  const workingDir = container.workingDir || image.workingDir;
  const command = container.command ?? image.entrypoint;
  const words = [...command, ...(container.args ?? (container.command ? [] : image.command))];
  return {
    ...(group ? { entrances: group.entrances } : {}),
    imageRoot: image.root,
    folder: layers,
    rights: rights.kind,
    root: rootOf(image, layers, [workingDir, ...mounts.map(({ target }) => posix.dirname(target))], context),
    mounts,
    env,
    command: words.map((word) => expand(word, env)),
    workingDir,
    user: identity,
    ...(capabilities ? { capabilities } : {}),
    isRootReadOnly: readOnlyRootFilesystem,
    noNewPrivileges: !allowPrivilegeEscalation,
    isPrivileged: privileged,
    hasTerminal: container.tty === true,
    hasOwnProcesses: !pod.spec.hostPID,
    terminationMessage: { source: run.message, target: container.terminationMessagePath || '/dev/termination-log' },
  };
}

/** @param opened folders in which mounts will be made */
function rootOf(
  image: Image,
  folder: string,
  opened: readonly string[],
  { rights, podsFolder }: Pick<AgentContext, 'rights' | 'podsFolder'>,
) {
  if (rights.kind === 'none') return [];
  const isConfined = rights.kind === 'user';
  const table = readMounts();
  const places = table.map(({ place }) => place).filter((place) => !isBelow(place, podsFolder));
  const pieces = image.root === '/' ? rootLayout(places, isConfined, opened, listFolder) : [];
  const plan = { imageRoot: image.root, folder, pieces, mounts: table };
  return layRoot({ ...plan, opened: isConfined ? ['/var/tmp', ...opened] : [] });
}

/** Mounts are made from outside, where a link such as /var/run would lead into this machine's own folders. */
function placed(image: Image, mounts: readonly Mount[]): Mount[] {
  const table = readMounts();
  return mounts.map((mount) => ({
    ...mount,
    target: resolveInRoot(image.root, mount.target),
    options: lockedOptions(table, mount.source),
  }));
}
