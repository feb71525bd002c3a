// The node agent as a child process: it starts other people's programs, so it has a process of its own, and ends with
// this one because its standard input closes.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { KeyedCertificate } from '../certificates/authority.ts';
import { type AgentRights, findRights, type Loss, withRights } from '../node-agent/host/agent-rights.ts';
import type { ImageMapping } from '../node-agent/roots/image-table.ts';

/** What the agent's process is told, as a JSON file that its owner alone can read. */
export interface AgentConfiguration {
  readonly kubeconfigPath: string;
  readonly stateFolder: string;
  readonly nodes: readonly { readonly name: string }[];
  readonly images: readonly ImageMapping[];
  /** Issues the certificate under which the agent serves logs and exec. */
  readonly authority: KeyedCertificate;
}

export interface AgentProcess {
  readonly rights: AgentRights;
  /** What pods have to do without on this machine. */
  readonly losses: readonly Loss[];
  /** Ends the agent and every pod it runs. */
  stop(): Promise<void>;
}

const startTimeoutMs = 20_000;
const stopTimeoutMs = 20_000;

/** The built agent: beside this package's sources, wherever this module was bundled into. */
export function agentProgram(): string | undefined {
  const sources = dirname(createRequire(import.meta.url).resolve('@ebb/local-kubernetes'));
  const path = join(sources, '..', 'dist', 'node-agent.js');
  return existsSync(path) ? path : undefined;
}

/**
 * Starts the agent and waits until it says that its nodes are registered.
 * @throws when it ends before, with what it last said
 */
export async function startAgentProcess(
  program: string,
  configuration: AgentConfiguration,
  log: (text: string) => void,
): Promise<AgentProcess> {
  const folder = join(configuration.stateFolder, 'agent');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'configuration.json');
  const rights = await findRights(folder);
  writeFileSync(path, JSON.stringify({ ...configuration, rights }), { mode: 0o600 });
  const [command, ...words] = withRights(rights, [process.execPath, program, path]);
  // A group of its own: Ctrl-C at a terminal is this process's to hear, which then ends the agent in its turn.
  const child = spawn(command!, words, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  child.stdin.on('error', () => {});
  const losses = await ready(child, log);
  let isStopping = false;
  child.on('exit', (code, signal) => {
    if (!isStopping) log(`the node agent ended with ${signal ?? code}; pods are no longer looked after`);
  });
  return {
    rights,
    losses,
    async stop() {
      isStopping = true;
      await ended(child, log);
    },
  };
}

function ready(child: ChildProcess, log: (text: string) => void): Promise<Loss[]> {
  return new Promise((resolve, reject) => {
    let tail = '';
    const timer = setTimeout(() => fail(`was not ready after ${startTimeoutMs / 1000} s`), startTimeoutMs);
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`the node agent ${why}${tail ? `; it said: ${tail.trim()}` : ''}`));
    };
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => fail(`ended with ${signal ?? code}`));
    child.stderr?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-2000);
      log(chunk.toString().trimEnd());
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-10_000);
      if (!/^ready$/m.test(output)) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve([...output.matchAll(/^lost (.*)$/gm)].map(([, loss]) => JSON.parse(loss!) as Loss));
    });
  });
}

function ended(child: ChildProcess, log: (text: string) => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      log(`the node agent did not end within ${stopTimeoutMs / 1000} s and is killed`);
      child.kill('SIGKILL');
    }, stopTimeoutMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
    child.stdin?.end();
  });
}
