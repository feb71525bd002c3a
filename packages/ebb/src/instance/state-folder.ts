/**
 * Where one local instance of Ebb keeps everything: certificates, the store, logs, pods' files, and the record of the
 * process that runs it. One folder per instance name, so that several instances live beside each other.
 */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export interface StateFolder {
  /** The instance's name, `ebb` by default. */
  readonly name: string;
  readonly path: string;
  /** State of the embedded Kubernetes. */
  readonly kubernetes: string;
  /** The file tree that is laid into pods as the Flux view. */
  readonly fluxView: string;
  /** The record of the running process. */
  readonly record: string;
  /** Output of a detached instance. */
  readonly log: string;
  /** The operator's log of the last start. */
  readonly operatorLog: string;
  /** What the embedded Kubernetes had to say since the last start. */
  readonly kubernetesLog: string;
}

const instanceName = /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/;

/**
 * The folder of the instance called `name`, under `EBB_HOME` where that is set, else under the user's state folder.
 * @throws Error when the name is not 1 to 40 lower-case letters, digits and dashes
 */
export function stateFolder(name = 'ebb', environment: NodeJS.ProcessEnv = process.env): StateFolder {
  if (!instanceName.test(name)) {
    throw new Error(`--name ${JSON.stringify(name)}: use 1 to 40 lower-case letters, digits and dashes`);
  }
  const state = environment['XDG_STATE_HOME'] ?? join(environment['HOME'] ?? homedir(), '.local', 'state');
  const path = join(environment['EBB_HOME'] ?? join(state, 'ebb'), name);
  return {
    name,
    path,
    kubernetes: join(path, 'kubernetes'),
    fluxView: join(path, 'flux-view'),
    record: join(path, 'instance.json'),
    log: join(path, 'ebb.log'),
    operatorLog: join(path, 'operator.log'),
    kubernetesLog: join(path, 'kubernetes.log'),
  };
}

/**
 * Makes the folder where it is missing, for its owner alone.
 * @throws Error with the remedy where it cannot be made or written
 */
export function makeStateFolder({ path }: StateFolder): void {
  try {
    // One by one: the runtime's own recursive way never comes back where a file system refuses new folders as missing.
    for (const each of missingFolders(path)) makeFolder(each);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(
      `the state folder ${path} cannot be written: set EBB_HOME to a folder of yours (${(error as Error).message})`,
    );
  }
}

/** Folders on the way to `path` that are not there, outermost first. */
function missingFolders(path: string): string[] {
  return existsSync(path) ? [] : [...missingFolders(dirname(path)), path];
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
