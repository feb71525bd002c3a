/** `ebb doctor`: what this machine can and cannot do for a local instance, and what to do about it. */
import { cpus, freemem } from 'node:os';
import pc from 'picocolors';
import { stateFolder } from '../instance/state-folder.ts';
import { findKubectl } from '../kubectl/find-kubectl.ts';
import { refuseOutput } from './options.ts';

export interface Finding {
  readonly subject: string;
  /** `limited`: Ebb works, with something lost. `missing`: what is named does not work. */
  readonly state: 'good' | 'limited' | 'missing';
  readonly found: string;
  /** What is lost and what to do about it, where not all is good. */
  readonly remedy?: string;
}

const oldestNode: readonly [number, number] = [20, 19];
const mebibyte = 1024 * 1024;
/** What four brokers, the API server and the operator take. */
const leastMemoryMebibytes = 600;

export async function doctor(options: { output?: string }): Promise<number> {
  refuseOutput(options.output, 'json');
  const findings = [
    nodeVersion(process.versions.node),
    machine(cpus().length, freemem() / mebibyte),
    await kubectlFound(),
  ];
  const { probeCapabilities } = await import('@ebb/local-kubernetes');
  findings.push(...(await probeCapabilities(stateFolder().path)));
  if (options.output === 'json') process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else process.stdout.write(report(findings));
  return findings.some(({ state }) => state === 'missing') ? 1 : 0;
}

export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return {
    subject: 'Node',
    state: good ? 'good' : 'missing',
    found: version,
    ...(good ? {} : { remedy: `install Node ${oldestNode.join('.')} or later` }),
  };
}

export function machine(cores: number, freeMebibytes: number): Finding {
  const enough = freeMebibytes >= leastMemoryMebibytes;
  return {
    subject: 'Machine',
    state: enough ? 'good' : 'limited',
    found: `${cores} cores, ${Math.round(freeMebibytes)} MiB of memory free`,
    ...(enough
      ? {}
      : { remedy: `a MiniCluster of four wants about ${leastMemoryMebibytes} MiB: free some, or start a smaller one` }),
  };
}

async function kubectlFound(): Promise<Finding> {
  const kubectl = await findKubectl();
  if (kubectl) return { subject: 'kubectl', state: 'good', found: kubectl.path };
  return {
    subject: 'kubectl',
    state: 'limited',
    found: 'none of version 1.28 or later on the PATH',
    remedy: 'ebb get, scale, logs and exec do without it; the walkthrough (ebb demo) needs it',
  };
}

export function report(findings: readonly Finding[]): string {
  const marks = { good: pc.green('✔'), limited: pc.yellow('!'), missing: pc.red('✘') };
  return findings
    .map(
      ({ subject, state, found, remedy }) =>
        `${marks[state]} ${pc.bold(subject)}: ${found}\n${remedy ? `    ${remedy}\n` : ''}`,
    )
    .join('');
}
