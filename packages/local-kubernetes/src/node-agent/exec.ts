// Starts another program in a running container: its namespaces, root, user and environment.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { ContainerRunner } from './container-runner.ts';

/** The words that run `command` in the container. @throws when it is not running */
export function execWords(runner: ContainerRunner, command: readonly string[]): string[] {
  const processId = runner.process?.processId;
  const { plan } = runner;
  if (processId === undefined || !plan) throw new Error(`container not found ("${runner.container.name}")`);
  const { user, capabilities, env, workingDir } = plan;
  const groups = user.groups.length > 0 ? `--groups=${user.groups.join(',')}` : '--clear-groups';
  return [
    'nsenter',
    ...['-t', String(processId), '--mount', '--uts', '--ipc', '--net', '--pid', '-r', `--wdns=${workingDir}`],
    'setpriv',
    ...[`--reuid=${user.uid}`, `--regid=${user.gid}`, groups],
    ...(capabilities
      ? [
          `--bounding-set=${['-all', ...capabilities.map((name) => `+${name.toLowerCase()}`)].join(',')}`,
          '--inh-caps=-all',
        ]
      : []),
    ...(plan.noNewPrivileges ? ['--no-new-privs'] : []),
    '--',
    'env',
    '-i',
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...command,
  ];
}

export function execInContainer(runner: ContainerRunner, command: readonly string[]): ChildProcessWithoutNullStreams {
  const [program, ...args] = execWords(runner, command);
  const child = spawn(program!, args, { cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  return child;
}
