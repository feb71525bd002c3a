/** `flux keygen [--name=NAME] [--meta=K=V,...] [PATH]`: a CURVE certificate in ZPL, mode 0600. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { CommandError } from '../command-module.ts';
import { parser } from '../parser.ts';
import { fluxVersion } from '../version.ts';

export async function run(words: string[]): Promise<number> {
  const program = parser('keygen', 'Make a CURVE certificate')
    .argument('[path]', 'file to write; without one nothing is kept')
    .option('-n, --name <name>', 'name kept in the certificate (default: the host name)')
    .option('--meta <pairs>', 'more metadata, KEY=VALUE,...');
  const [path] = program.parse(words, { from: 'user' }).args;
  const { name, meta } = program.opts<{ name?: string; meta?: string }>();
  const { curveKeyPair } = await import('zeromq');
  const { publicKey, secretKey } = curveKeyPair();
  if (path === undefined) {
    process.stderr.write('flux-keygen: WARNING: add PATH argument to save generated certificate\n');
    return 0;
  }
  const metadata = new Map([
    ['name', name ?? hostname()],
    ['keygen.flux-core-version', fluxVersion],
    ['keygen.hostname', hostname()],
    ['keygen.time', new Date().toISOString()],
    ['keygen.userid', String(process.getuid?.() ?? 0)],
  ]);
  for (const pair of meta?.split(',') ?? []) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new CommandError(`--meta ${pair}: use KEY=VALUE`);
    metadata.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  const lines = [...metadata].map(([key, value]) => `    ${key} = "${value}"`);
  const text = `metadata\n${lines.join('\n')}\ncurve\n    public-key = "${publicKey}"\n    secret-key = "${secretKey}"\n`;
  try {
    const file = openSync(path, 'w', 0o600);
    writeSync(file, text);
    closeSync(file);
  } catch (error) {
    throw new CommandError(`${path}: ${(error as Error).message}`);
  }
  return 0;
}
