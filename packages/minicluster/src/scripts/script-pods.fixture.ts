/**
 * Runs the scripts of a MiniCluster as pods would: a process tree per rank with its own host name, files and names of
 * the others, and a real Flux. For tests on Linux as root.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeCertificate } from '../objects/certificate.ts';
import { desiredObjects } from '../objects/desired-objects.ts';
import { normalize } from '../resolve/normalize.ts';
import type { MiniClusterSpec } from '../schema/minicluster.ts';

export interface ScriptPod {
  /** Standard output and error so far. */
  output(): string;
  /** Resolves with the exit status, 128 + signal when it was killed. */
  ended: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** Sends a signal to the broker alone. */
  killBroker(signal: NodeJS.Signals): void;
  /** Runs a command in the pod. */
  exec(command: string): { status: number; text: string };
  folder: string;
}

/** Whether this machine can: root, unshare, and a flux to run. */
export function canRunPods(): boolean {
  return process.getuid?.() === 0 && spawnSync('unshare', ['-mu', 'true']).status === 0 && fluxFolder() !== undefined;
}

/** Folder of the `flux` to test with: that of EBB_TEST_FLUX, or the first on the PATH that npm did not put there. */
function fluxFolder(): string | undefined {
  const given = process.env['EBB_TEST_FLUX'];
  if (given) return dirname(given);
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  return folders.find((folder) => existsSync(join(folder, 'flux')));
}

export class ScriptPods {
  readonly #root = mkdtempSync(join(tmpdir(), 'ebb-pods-'));
  readonly #data: Record<string, string>;
  readonly #certificate: string;
  readonly #net: number;
  readonly #hosts: string;
  readonly #processes: ChildProcess[] = [];
  readonly name = 'flux-sample';

  constructor(spec: MiniClusterSpec) {
    const cluster = normalize({
      apiVersion: 'flux-framework.org/v1alpha2',
      kind: 'MiniCluster',
      metadata: { name: this.name, namespace: 'default', uid: 'u' },
      spec: {
        ...spec,
        flux: { ...spec.flux, container: { ...spec.flux?.container, disable: true, mountPath: '/mnt/flux' } },
      },
    });
    this.#certificate = makeCertificate(this.name);
    const objects = desiredObjects(cluster, { certificate: this.#certificate });
    this.#data = objects.find((each) => each.kind === 'ConfigMap')?.['data'] as Record<string, string>;
    this.#net = 2 + Math.floor(Math.random() * 200);
    const hosts = Array.from({ length: 16 }, (_, rank) => {
      const host = `${this.name}-${rank}`;
      return `${this.address(rank)} ${host}.${this.name}.default.svc.cluster.local ${host}`;
    });
    this.#hosts = `127.0.0.1 localhost\n${hosts.join('\n')}\n`;
  }

  address(rank: number): string {
    return `127.77.${this.#net}.${rank + 1}`;
  }

  /** Starts the pod of a rank: its init container, then the script of its Flux container. */
  start(rank: number): ScriptPod {
    const folder = join(this.#root, `${rank}-${this.#processes.length}`);
    for (const part of ['operator', 'curve', 'mnt', 'work']) mkdirSync(join(folder, part), { recursive: true });
    const here = (text: string) =>
      text
        .replaceAll('/flux_operator/', `${folder}/operator/`)
        .replaceAll('/mnt/curve/', `${folder}/curve/`)
        .replaceAll('/dev/termination-log', `${folder}/termination-log`)
        .replaceAll('/tmp/custom-entrypoint.sh', `${folder}/custom-entrypoint.sh`);
    for (const [key, text] of Object.entries(this.#data)) {
      const file = key === 'flux-view' ? 'flux-init.sh' : /^(wait|program|start)-/.test(key) ? `${key}.sh` : key;
      writeFileSync(join(folder, 'operator', file), here(text), { mode: 0o755 });
    }
    writeFileSync(join(folder, 'curve', 'curve.cert'), this.#certificate, { mode: 0o400 });
    writeFileSync(join(folder, 'hosts'), this.#hosts);
    const index = Object.keys(this.#data).find((key) => key.startsWith('wait-')) ?? 'wait-0';
    const setUp = `mount --bind ${folder}/hosts /etc/hosts && mount --bind ${folder}/mnt /mnt && hostname ${this.name}-${rank} && mount -t tmpfs tmpfs /run
      cd ${folder}/work && bash ${folder}/operator/flux-init.sh && exec bash ${folder}/operator/${index}.sh`;
    const child = spawn('unshare', ['-mu', 'bash', '-c', setUp], {
      env: {
        PATH: `${fluxFolder()}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
        HOME: '/root',
        LANG: 'C.UTF-8',
        POD_IP: this.address(rank),
        JOB_COMPLETION_INDEX: `${rank}`,
        HOSTNAME: `${this.name}-${rank}`,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#processes.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return {
      folder,
      output: () => text,
      ended: new Promise((resolve) =>
        child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 143))),
      ),
      kill: (signal) => child.kill(signal),
      killBroker: (signal) => spawnSync('pkill', [`-${signal.slice(3)}`, '-P', `${child.pid}`]),
      exec: (command) => {
        const run = spawnSync(
          'nsenter',
          [
            '-t',
            `${child.pid}`,
            '-m',
            '-u',
            'bash',
            '-c',
            `export PATH=${fluxFolder()}:$PATH FLUX_URI=local:///mnt/flux/config/run/flux/local; ${command}`,
          ],
          { encoding: 'utf8' },
        );
        return { status: run.status ?? -1, text: run.stdout + run.stderr };
      },
    };
  }

  /** What the script left for Kubernetes to read as the container's last words. */
  lastWords(pod: ScriptPod): string {
    try {
      return readFileSync(join(pod.folder, 'termination-log'), 'utf8');
    } catch {
      return '';
    }
  }

  /** Ends all that still runs and removes the files. */
  stop(): void {
    for (const child of this.#processes) {
      if (child.exitCode !== null || child.pid === undefined) continue;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It ended in between.
      }
    }
    rmSync(this.#root, { recursive: true, force: true });
  }
}
