/** `ebb exec NAME -- COMMAND` and `ebb flux NAME COMMAND`: a command in the pod where rank 0 runs. */
import type { Cluster, ClusterName } from '../cluster/cluster.ts';
import { type ClusterOptions, openCluster } from '../cluster/open-cluster.ts';
import { commandName } from '../terminal/command-name.ts';
import { namedCluster } from './options.ts';

export interface ExecOptions extends ClusterOptions {
  readonly container?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
}

export async function exec(name: string, words: readonly string[], options: ExecOptions): Promise<number> {
  const cluster = openCluster(options);
  return inLeadPod(cluster, await namedCluster(cluster, name, options), words, options);
}

/** Runs `flux` with these words inside the MiniCluster's Flux instance. */
export async function flux(name: string, words: readonly string[], options: ExecOptions): Promise<number> {
  const cluster = openCluster(options);
  const target = await namedCluster(cluster, name, options);
  return inLeadPod(cluster, target, fluxCommand(words), options);
}

/**
 * The command that runs `flux WORDS` in a pod: with a Flux view its environment is read first, without one Flux is on
 * the image's own PATH.
 */
export function fluxCommand(words: readonly string[]): string[] {
  const script = [
    'if [ -f /mnt/flux/flux-view.sh ]; then . /mnt/flux/flux-view.sh; fi',
    'FLUX_URI=${fluxsocket:-local:///mnt/flux/config/run/flux/local}; export FLUX_URI',
    'exec flux "$@"',
  ].join('; ');
  return ['/bin/sh', '-c', script, 'flux', ...words];
}

async function inLeadPod(
  cluster: Cluster,
  target: ClusterName,
  command: readonly string[],
  options: ExecOptions,
): Promise<number> {
  const { pod, container, phase } = await cluster.container(target, '0', options.container);
  if (phase !== 'Running') {
    throw new Error(`pod ${pod} is ${phase}: nothing can be run in it; its log: ${commandName()} logs ${target.name}`);
  }
  const tty = options.tty ?? (process.stdin.isTTY === true && process.stdout.isTTY === true);
  const stdin = options.stdin === false ? undefined : process.stdin;
  if (tty) process.stdin.setRawMode?.(true);
  try {
    return await cluster.exec(target.namespace, pod, {
      container,
      command,
      stdout: process.stdout,
      stderr: process.stderr,
      ...(stdin ? { stdin } : {}),
      tty,
    });
  } finally {
    if (tty) process.stdin.setRawMode?.(false);
    process.stdin.unref?.();
  }
}
