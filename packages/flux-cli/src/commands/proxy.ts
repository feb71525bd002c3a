/**
 * `flux proxy TARGET [COMMAND]`: a socket of one's own through which a shell or command talks to an instance, over one
 * connection to it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { FluxError } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { ConnectError } from '../connect-broker.ts';
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';
import { ProxiedBroker } from '../proxy/proxied-broker.ts';
import { remoteAuthority, resolveUri } from '../uri/resolve-uri.ts';
import { fluxVersion } from '../version.ts';

const syntax: CSyntax = {
  program: 'flux proxy',
  usage: '[OPTIONS] JOBID|URI [COMMAND...]',
  description: 'Route messages to/from Flux instance',
  options: [
    { name: 'force', key: 'f', help: 'Skip checks when connecting to Flux broker' },
    { name: 'nohup', key: 'n', help: 'Do not send SIGHUP to child processes when connection to Flux is lost' },
    { name: 'reconnect', help: 'If broker connection is lost, try to reconnect' },
  ],
};

export async function run(words: string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [target, ...command] = options.words;
  if (target === undefined) options.failWithUsage('URI argument is required');
  const uri = await resolved(target);
  let child: ChildProcess | undefined;
  const broker = await ProxiedBroker.open(uri, {
    reconnect: options.has('reconnect'),
    log,
    whenLost() {
      log('Lost connection to Flux');
      if (!options.has('nohup')) {
        log('Sending SIGHUP to child processes');
        child?.kill('SIGHUP');
        child?.kill('SIGCONT');
      }
      void broker.close();
    },
  }).catch((error) => {
    if (!(error instanceof FluxError)) throw error;
    throw new CommandError(`${uri}: ${error.code === 'EINVAL' ? new FluxError('EINVAL').message : error.message}`);
  });
  const folder = mkdtempSync(join(temporaryFolder(), 'flux-proxy-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const leave = endBySignals(removeFolder);
  try {
    await checkVersion(broker, options);
    const socket = join(folder, 'local');
    await broker.serve(socket);
    child = startShell(command, `local://${socket}`, remoteAuthority(uri));
    return await ended(child);
  } finally {
    await broker.close();
    removeFolder();
    leave();
  }
}

async function resolved(target: string): Promise<string> {
  try {
    return await resolveUri(target, { local: Boolean(process.env['FLUX_URI_RESOLVE_LOCAL']) });
  } catch (error) {
    if (!(error instanceof CommandError || error instanceof FluxError || error instanceof ConnectError)) throw error;
    process.stderr.write(`flux-uri: ERROR: ${error.message}\n`);
    throw new CommandError(`Unable to resolve ${target} to a URI`);
  }
}

/** The patch level may differ. */
async function checkVersion(broker: ProxiedBroker, options: COptions): Promise<void> {
  const flux = broker.connect();
  const version = await flux.attr('version');
  await flux.close();
  const minor = (text: string) => /^(\d+\.\d+)\.\d+/.exec(text)?.[1];
  if (minor(version) === minor(fluxVersion)) return;
  const says = `proxy version ${fluxVersion} may not interoperate with broker version ${version}`;
  if (!options.has('force')) throw new CommandError(`fatal: ${says} (--force to connect anyway)`);
  log(`warning: ${says}`);
}

function temporaryFolder(): string {
  const wanted = process.env['TMPDIR'];
  if (!wanted) return '/tmp';
  if (statSync(wanted, { throwIfNoEntry: false })?.isDirectory()) return wanted;
  log(`TMPDIR (${wanted}) is not a directory. Using /tmp instead`);
  return '/tmp';
}

function startShell(command: readonly string[], uri: string, remote: string | undefined): ChildProcess {
  const environment: NodeJS.ProcessEnv = { ...process.env, FLUX_URI: uri };
  if (remote) environment['FLUX_PROXY_REMOTE'] = remote;
  const words = command.length === 0 ? [] : ['-c', command.join(' ')];
  return spawn(process.env['SHELL'] ?? '/bin/sh', words, { stdio: 'inherit', env: environment });
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new CommandError(`child_create: ${error.message}`)));
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}

/**
 * Ctrl-C is for the child, which hears it as well. Other signals end the proxy, which leaves no socket behind. Returns
 * what takes that back.
 */
function endBySignals(cleanUp: () => void): () => void {
  const ignored = () => {};
  const end = (signal: NodeJS.Signals) => {
    cleanUp();
    process.off(signal, end);
    process.kill(process.pid, signal);
  };
  const ending = ['SIGTERM', 'SIGHUP'] as const;
  process.on('SIGINT', ignored);
  for (const signal of ending) process.on(signal, end);
  return () => {
    process.off('SIGINT', ignored);
    for (const signal of ending) process.off(signal, end);
  };
}

function log(text: string): void {
  process.stderr.write(`flux-proxy: ${text}\n`);
}
