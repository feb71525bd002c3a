// The shell script that makes a container's file system inside its new mount and process namespaces and then becomes
// the container's program. Pure: a description in, text out. Descriptor 3 tells the agent how far it came: one line
// `started`, or the sentence of what went wrong.

import { q } from '../host/shell-word.ts';
import type { RootMount } from '../roots/lay-root.ts';
import { type Becoming, becomingWords } from './becoming.ts';

export interface Mount {
  /** On this machine. */
  readonly source: string;
  /** In the container, absolute. */
  readonly target: string;
  readonly isReadOnly: boolean;
  readonly isFile: boolean;
  /** Of the mount that the source lies in: they have to be named again when this one is made read-only. */
  readonly options?: readonly string[];
}

export interface ContainerPlan extends Becoming {
  /** Files of control groups, by which the container's processes join them. */
  readonly entrances?: readonly string[];
  /** `/` for this machine's own file system. */
  readonly imageRoot: string;
  /** Holds `root` and the layers of its overlays. */
  readonly folder: string;
  readonly root: readonly RootMount[];
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly workingDir: string;
  readonly isRootReadOnly: boolean;
  readonly isPrivileged: boolean;
  /** Standard input is a terminal, which is to control the program's session. */
  readonly hasTerminal?: boolean;
  /** The container has a process namespace of its own, so that /proc has to be mounted anew. */
  readonly hasOwnProcesses: boolean;
  readonly terminationMessage?: { readonly source: string; readonly target: string };
}

export function containerScript(plan: ContainerPlan): string {
  const { imageRoot, folder } = plan;
  const root = `${folder}/root`;
  const lines = [
    'set -e',
    `trap 'echo "cannot set the container up: line $step" >&3' EXIT`,
    'umask 022',
    ...(plan.entrances ?? []).flatMap((path) => ['step=cgroup', `echo 0 > ${q(path)}`]),
    'step=overlay',
    ...plan.root.flatMap((mount) => rootLines(mount, root, isConfined(plan))),
    // What is to be the root has to be a mount.
    ...(plan.root.some(({ target }) => target === '/') ? [] : [`mount --rbind ${q(root)} ${q(root)}`]),
    `mkdir -p ${['proc', 'sys', 'dev', 'etc', 'tmp', 'run'].map((name) => q(`${root}/${name}`)).join(' ')}`,
    ...systemMounts(plan, root),
    ...plan.mounts.flatMap((mount) => bindLines(mount, root)),
    'step=root',
    ...(plan.isRootReadOnly ? readOnlyLines(plan.root, root) : []),
    ...(imageRoot === '/' ? pivotLines(root) : []),
    'step=workingDir',
    ...finalLines(plan, root),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same where there are no namespaces: the program in this machine's own file system. */
export function plainScript(plan: ContainerPlan): string {
  const lines = [
    'set -e',
    `trap 'echo "cannot set the container up: line $step" >&3' EXIT`,
    'umask 022',
    'step=workingDir',
    ...finalLines(plan, '/'),
  ];
  return `${lines.join('\n')}\n`;
}

function rootLines({ target, source, options, layers }: RootMount, root: string, hasOwnAttributes: boolean): string[] {
  const place = q(target === '/' ? root : `${root}${target}`);
  const bind = `mount --rbind ${q(source)} ${place} && ${remountLine(place, options)}`;
  if (!layers) return [bind];
  const { upper, work } = layers;
  const parts = Object.entries({ lower: source, upper, work }).map(([name, at]) => `${name}dir=${escapeOption(at)}`);
  const overlay = `mount -t overlay overlay -o ${q([...(hasOwnAttributes ? ['userxattr'] : []), ...parts].join(','))} ${place}`;
  // Not every file system can be part of an overlay. What is only a part of the root may be for reading alone.
  return [target === '/' ? overlay : `${overlay} 2>/dev/null || { ${bind}; }`];
}

const isConfined = ({ rights }: ContainerPlan): boolean => rights === 'user';

const remountLine = (place: string, options: readonly string[] = []): string =>
  `mount -o remount,bind,${['ro', ...options].join(',')} ${place}`;

function readOnlyLines(mounts: readonly RootMount[], root: string): string[] {
  const overlays = mounts.filter(({ layers }) => layers).map(({ target }) => target);
  return [...new Set(['/', ...overlays])].map((target) => remountLine(q(target === '/' ? root : `${root}${target}`)));
}

function systemMounts(plan: ContainerPlan, root: string): string[] {
  const dev = `${root}/dev`;
  const nodes = [
    ['null', 3],
    ['zero', 5],
    ['full', 7],
    ['random', 8],
    ['urandom', 9],
  ] as const;
  return [
    'step=proc',
    plan.hasOwnProcesses ? `mount -t proc proc ${q(`${root}/proc`)}` : `mount --rbind /proc ${q(`${root}/proc`)}`,
    `mount -t sysfs ${plan.isPrivileged ? '' : '-o ro '}sysfs ${q(`${root}/sys`)} || mount --rbind /sys ${q(`${root}/sys`)}`,
    'step=dev',
    ...(plan.isPrivileged
      ? [`mount --rbind /dev ${q(dev)}`]
      : [
          `mount -t tmpfs -o nosuid,mode=755,size=65536k dev ${q(dev)}`,
          ...(isConfined(plan)
            ? [...nodes.map(([name]) => name), 'tty'].map(
                (name) => `: > ${q(`${dev}/${name}`)}; mount --bind /dev/${name} ${q(`${dev}/${name}`)}`,
              )
            : [
                ...nodes.map(([name, minor]) => `mknod -m 666 ${q(`${dev}/${name}`)} c 1 ${minor}`),
                `mknod -m 666 ${q(`${dev}/tty`)} c 5 0`,
              ]),
          `mkdir ${q(`${dev}/pts`)} ${q(`${dev}/shm`)} ${q(`${dev}/mqueue`)}`,
          // This machine's, so that a terminal the agent made has a name in the container.
          `if [ -c /dev/pts/ptmx ]; then mount --bind /dev/pts ${q(`${dev}/pts`)}`,
          `else mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts ${q(`${dev}/pts`)}; fi`,
          `mount -t tmpfs -o nosuid,nodev,noexec,size=65536k shm ${q(`${dev}/shm`)}`,
          isConfined(plan) ? `ln -s pts/ptmx ${q(`${dev}/ptmx`)}` : `mknod -m 666 ${q(`${dev}/ptmx`)} c 5 2`,
          `ln -s /proc/self/fd ${q(`${dev}/fd`)}`,
          ...[0, 1, 2].map((fd) => `ln -s /proc/self/fd/${fd} ${q(`${dev}/${['stdin', 'stdout', 'stderr'][fd]}`)}`),
        ]),
    ...(plan.terminationMessage
      ? bindLines({ ...plan.terminationMessage, isReadOnly: false, isFile: true }, root)
      : []),
  ];
}

function bindLines({ source, target, isReadOnly, isFile, options }: Mount, root: string): string[] {
  const place = q(`${root}${target}`);
  const parent = q(`${root}${target.replace(/\/[^/]*$/, '') || '/'}`);
  return [
    `step=${q(`mount of ${target}`)}`,
    isFile ? `mkdir -p ${parent}; [ -e ${place} ] || : > ${place}` : `mkdir -p ${place}`,
    `mount --${isFile ? '' : 'r'}bind ${q(source)} ${place}`,
    ...(isReadOnly ? [remountLine(place, options)] : []),
  ];
}

function pivotLines(root: string): string[] {
  // pivot_root(2): the old root comes to lie over the new one, and is then taken off.
  return [`cd ${q(root)}`, 'pivot_root . .', 'umount -l .', 'cd /'];
}

function finalLines(plan: ContainerPlan, root: string): string[] {
  const { command, env, workingDir, imageRoot } = plan;
  const isPivoted = imageRoot === '/';
  const inside = isPivoted ? '' : root;
  const [program = ''] = command;
  const becoming = becomingWords(plan, env, isPivoted ? undefined : { root, workingDir });
  const words = [...(plan.hasTerminal ? ['setsid', '--ctty'] : []), ...becoming, ...command];
  return [
    `mkdir -p ${q(`${inside}${workingDir}`)} 2>/dev/null || true`,
    `cd ${q(`${inside}${workingDir}`)}`,
    // A program that is not there is an error of the start, not of the program.
    ...(isPivoted
      ? [
          `if ! PATH=${q(env['PATH'] ?? '/usr/bin:/bin')} command -v -- ${q(program)} >/dev/null; then`,
          `  trap - EXIT; echo ${q(notFound(program))} >&3; exit 128`,
          'fi',
        ]
      : []),
    'trap - EXIT',
    'echo started >&3',
    'exec 3>&-',
    `exec ${words.map(q).join(' ')}`,
  ];
}

function notFound(program: string): string {
  const why = program.includes('/')
    ? `stat ${program}: no such file or directory`
    : 'executable file not found in $PATH';
  return (
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ' +
    `unable to start container process: error during container init: exec: "${program}": ${why}: unknown`
  );
}

const escapeOption = (path: string): string => path.replace(/[\\,:]/g, '\\$&');
