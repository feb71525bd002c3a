/**
 * The program that is etcd, kube-apiserver, kube-controller-manager and kube-scheduler in one, built once from the Go
 * module in this folder and kept in the user's cache folder under a name made of everything that decides its content.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { constants, homedir, setPriority } from 'node:os';
import { join } from 'node:path';
import { FolderInUseError, type FolderLock, takeFolder } from '@ebb/local-kubernetes';

const folder = import.meta.dirname;
const sources = ['go.mod', 'go.sum', 'main.go'];
const progressEveryMs = 15_000;

/** The Go command's version line, or undefined where there is no Go on the PATH. */
export function goVersion(): string | undefined {
  try {
    return execFileSync('go', ['version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** Kubernetes' version as the module pins it, for example `v1.35.4`. */
export function kubernetesVersion(): string {
  const pinned = /k8s\.io\/kubernetes (v\S+)/.exec(readFileSync(join(folder, 'go.mod'), 'utf8'));
  if (!pinned?.[1])
    throw new Error('test/control-plane/go.mod: no k8s.io/kubernetes version; add it to the require block');
  return pinned[1];
}

/**
 * Path of the built program. Builds it first where this version is not in the cache (minutes; a line of progress every
 * 15 s goes to `log`); who comes while another process builds it waits for that one.
 * @throws Error with the compiler's last lines when the build fails
 */
export async function controlPlaneBinary(log: (line: string) => void): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ebb');
  const binary = join(cache, `control-plane-${kubernetesVersion()}-${contentKey()}`);
  if (existsSync(binary)) return binary;
  const building = `${binary}.building`;
  mkdirSync(building, { recursive: true });
  const lock = await turnToBuild(building);
  try {
    if (existsSync(binary)) return binary;
    log(`building a real Kubernetes ${kubernetesVersion()} control plane once; this takes some minutes`);
    const output = join(building, 'control-plane');
    await build(output, log);
    renameSync(output, binary);
    return binary;
  } finally {
    lock.release();
  }
}

async function turnToBuild(folder: string): Promise<FolderLock> {
  for (;;) {
    try {
      return takeFolder(folder);
    } catch (error) {
      if (!(error instanceof FolderInUseError)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function contentKey(): string {
  const hash = createHash('sha256');
  for (const name of sources) hash.update(readFileSync(join(folder, name)));
  return hash
    .update(goVersion() ?? '')
    .digest('hex')
    .slice(0, 16);
}

function build(output: string, log: (line: string) => void): Promise<void> {
  const version = kubernetesVersion();
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const stamp = 'k8s.io/component-base/version';
  const flags = [
    '-s -w',
    `-X ${stamp}.gitVersion=${version}`,
    `-X ${stamp}.gitMajor=${major}`,
    `-X ${stamp}.gitMinor=${minor}`,
  ];
  const started = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn('go', ['build', '-ldflags', flags.join(' '), '-o', output, '.'], {
      cwd: folder,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Suites that need no control plane run meanwhile.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    let tail = '';
    const keep = (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const progress = setInterval(
      () => log(`building the control plane: ${Math.round((Date.now() - started) / 1000)} s`),
      progressEveryMs,
    );
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(progress);
      if (code === 0) resolve();
      else reject(new Error(`go build of test/control-plane ended with ${code}:\n${tail}`));
    });
  });
}
