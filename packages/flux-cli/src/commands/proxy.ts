/**
 * `flux proxy TARGET [COMMAND]`: a socket of one's own through which a shell or command talks to an instance. Each
 * connection to it becomes one to the target.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { parser } from '../parser.ts';
import { fluxVersion } from '../version.ts';

export async function run(words: string[]): Promise<number> {
  const program = parser('proxy', 'Run a shell or command connected to a Flux instance')
    .argument('<target>', 'local:///PATH')
    .argument('[command...]', 'default: $SHELL')
    .option('-f, --force', 'go on when the versions differ')
    .passThroughOptions();
  program.parse(words, { from: 'user' });
  const [target, ...command] = program.args;
  const path = /^local:\/\/(.+)$/.exec(target!)?.[1];
  if (!path) throw new CommandError(`${target}: use local:///PATH`);
  const flux = await connect(target);
  const version = await flux.attr('version');
  await flux.close();
  const differs = minor(version) !== minor(fluxVersion);
  if (differs && !program.opts()['force']) {
    throw new CommandError(
      `flux-proxy (version ${fluxVersion}) does not match target (version ${version}); use --force to go on`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'flux-proxy-'));
  const own = join(folder, 'local');
  const server = createServer((client) => {
    const upstream = createConnection(path);
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  try {
    await new Promise<void>((resolve) => server.listen(own, resolve));
    return await runShell(command, `local://${own}`);
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function runShell(command: readonly string[], uri: string): Promise<number> {
  const shell = process.env['SHELL'] ?? '/bin/sh';
  const words = command.length === 0 ? [] : ['-c', command.join(' ')];
  const child = spawn(shell, words, { stdio: 'inherit', env: { ...process.env, FLUX_URI: uri } });
  const ignored = () => {};
  process.on('SIGINT', ignored).on('SIGTERM', ignored);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new CommandError(`${shell}: ${error.message}`)));
    child.once('close', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
  });
}

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
