/** The ssh connector: `ssh HOST flux relay PATH`, and messages over its standard input and output. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Duplex } from 'node:stream';
import { FluxError } from './flux-error.ts';
import { openStream } from './stream-transport.ts';
import type { Transport } from './transport.ts';

const mostErrorText = 4096;

/** @throws FluxError with what ssh says, when the other side cannot be reached */
export async function openSsh(uri: string, environment: NodeJS.ProcessEnv): Promise<Transport> {
  const [program, ...words] = sshCommand(uri, environment) as [string, ...string[]];
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], env: environment });
  let errorText = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errorText = (errorText + text).slice(-mostErrorText);
  });
  const gone = new Promise<Error | undefined>((resolve) => {
    child.once('error', resolve);
    child.once('close', () => resolve(undefined));
  });
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.once('close', () => child.kill());
  try {
    return await openStream(stream);
  } catch (error) {
    child.kill();
    const failed = await gone;
    if (failed) {
      const text = `ssh-connector: ${program}: ${failed.message}\nHint: set FLUX_SSH in environment to override`;
      throw new FluxError('ENOENT', text, { cause: failed });
    }
    const hint =
      'Unable to establish clean ssh connection.\n' +
      'Hint: Check that shell init files do not write to stdout when non-interactive.';
    throw new FluxError('ECONNRESET', errorText.trim() || hint, { cause: error });
  }
}

/** The words of the command that reaches `ssh://[user@]host[:port]/path`. @throws FluxError EINVAL */
export function sshCommand(uri: string, environment: NodeJS.ProcessEnv): string[] {
  const match = /^ssh:\/\/(?:([^@/:]+)@)?([^@/:]+)(?::(\d{1,5}))?(\/[^?#]+)$/.exec(uri);
  // A host that begins with a dash would be an option of ssh.
  if (!match || match[2]!.startsWith('-') || match[1]?.startsWith('-')) {
    throw new FluxError('EINVAL', `${uri}: use ssh://[USER@]HOST[:PORT]/PATH`);
  }
  const [, user, host, port, path] = match;
  const remoteFlux = environment['FLUX_SSH_RCMD'];
  const libraryPath = environment['LD_LIBRARY_PATH'];
  const settings = [
    ...(remoteFlux ? [] : [`PATH=${remotePath(path!, environment)}`]),
    ...(libraryPath ? [`LD_LIBRARY_PATH=${libraryPath}`] : []),
  ];
  return [
    environment['FLUX_SSH'] ?? 'ssh',
    ...(port ? ['-p', port] : []),
    user ? `${user}@${host}` : host!,
    ...(settings.length > 0 ? ['env', ...settings] : []),
    remoteFlux ?? 'flux',
    'relay',
    path!,
  ];
}

// A `flux` beside the socket, then where this host has its own, then the system's.
function remotePath(socketPath: string, environment: NodeJS.ProcessEnv): string {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const own = folders.find((folder) => isExecutable(join(folder, 'flux')));
  return [`${dirname(socketPath)}/bin`, ...(own ? [own] : []), '/bin', '/usr/bin'].join(':');
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
