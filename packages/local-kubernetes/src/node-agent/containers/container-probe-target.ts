// A running container as its probes and hooks meet it: at the pod's address, or by a program run in it.

import type { AgentContext } from '../agent-context.ts';
import { dial } from '../network/pod-network.ts';
import type { Container } from '../pod-types.ts';
import { type EnteredContainer, execInContainer } from '../processes/exec.ts';
import type { ProbeTarget } from './handler.ts';

/** Characters of what a program says that are kept. */
const longestOutput = 10_240;

export function containerProbeTarget(
  runner: EnteredContainer & { readonly container: Container },
  address: string,
  { network }: Pick<AgentContext, 'network'>,
): ProbeTarget {
  return {
    container: runner.container,
    address,
    dial: (host, port) => network?.connect(host, port) ?? dial(host, port),
    exec: async (command, timeoutMs) => {
      const { child, stdout, stderr, closed } = execInContainer(runner, command, false);
      const chunks: Buffer[] = [];
      stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
      await closed;
      clearTimeout(timer);
      const exitCode = child.signalCode ? 137 : (child.exitCode ?? 1);
      return { exitCode, output: Buffer.concat(chunks).toString().slice(0, longestOutput) };
    },
  };
}
