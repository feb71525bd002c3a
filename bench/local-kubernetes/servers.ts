/** The two that are measured, each in processes of its own, so that their memory can be told from the benchmark's. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNodes } from '../../test/clusters/real.ts';
import { startControlPlane } from '../../test/control-plane/control-plane.ts';
import { processesOf, residentMiB } from '../../test/soak/processes.ts';

/** A Kubernetes whose API answers. */
export interface Server {
  readonly kubeconfigPath: string;
  /** Memory now, in MiB, of all its processes but the node agents. */
  residentMiB(): number;
  /** Resolves when pods can run. */
  startNodes(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerKind {
  readonly title: string;
  start(): Promise<Server>;
}

const program = join(import.meta.dirname, '..', '..', 'packages', 'local-kubernetes', 'dist', 'local-kubernetes.js');

/** The command of the package, with one node from the start. */
export const embedded: ServerKind = {
  title: 'embedded',
  async start() {
    if (!existsSync(program)) throw new Error(`${program} is missing: npm run build`);
    const folder = mkdtempSync(join(tmpdir(), 'ebb-bench-embedded-'));
    const child = spawn(process.execPath, [program, '--state', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const kubeconfigPath = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk;
        const path = /^export KUBECONFIG=(.+)$/m.exec(text)?.[1];
        if (path) resolve(path);
      });
      child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    });
    return {
      kubeconfigPath,
      residentMiB: () => serversMiB(folder),
      startNodes: async () => {},
      async stop() {
        child.kill('SIGTERM');
        await ended;
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

/** etcd, kube-apiserver, kube-controller-manager and kube-scheduler. */
export const real: ServerKind = {
  title: 'real control plane',
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'ebb-bench-real-'));
    const controlPlane = await startControlPlane({ folder, log: console.error });
    let nodes: Awaited<ReturnType<typeof startNodes>> | undefined;
    return {
      kubeconfigPath: controlPlane.kubeconfigPath,
      residentMiB: () => serversMiB(folder),
      async startNodes() {
        nodes = await startNodes(controlPlane, folder, 1);
      },
      async stop() {
        await nodes?.stop();
        await controlPlane.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

function serversMiB(folder: string): number {
  const servers = processesOf(folder).filter(
    ({ command }) => command.includes(folder) && !command.includes('node-agent'),
  );
  return Math.round(servers.reduce((sum, { pid }) => sum + residentMiB(pid), 0));
}
