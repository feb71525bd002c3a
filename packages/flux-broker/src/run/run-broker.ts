// `flux broker`: one broker as a process, from its command line to its exit status (flux-broker(1)).
import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { hostname as osHostname, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { AttributeError, AttributeStore } from '../attributes/attribute-store.ts';
import type { Bootstrap } from '../bootstrap/bootstrap.ts';
import { bootSingle } from '../bootstrap/single-bootstrap.ts';
import { Broker } from '../broker.ts';
import { systemClock } from '../clock.ts';
import { mergeConfig, parseConfigOption, readConfig } from '../config/config-file.ts';
import type { ConfigObject } from '../module.ts';
import { modules } from '../modules.ts';
import { type OptionSpec, type ParsedOptions, parseOptions, printUsage } from './command-line.ts';
import { type BrokerDirectory, checkDirectory, makeDirectory } from './directories.ts';
import { chooseForm, initialProgram } from './initial-program.ts';
import { notifyParent } from './parent-notice.ts';

const options: readonly OptionSpec[] = [
  { name: 'help', key: 'h', argument: 'none', usage: 'Display this message' },
  {
    name: 'verbose',
    key: 'v',
    argument: 'optional',
    placeholder: 'LEVEL',
    usage: 'Be annoyingly informative by degrees',
  },
  { name: 'setattr', key: 'S', argument: 'required', placeholder: 'ATTR=VAL', usage: 'Set broker attribute' },
  {
    name: 'config-path',
    key: 'c',
    argument: 'required',
    placeholder: 'PATH',
    usage: 'Set broker config from PATH (default: none)',
  },
  { name: 'conf', argument: 'required', placeholder: 'VALUE', usage: 'Update broker config from VALUE' },
];

/** Runs a broker to its end and resolves with the exit status. `argv` is what stands behind `flux broker`. */
export async function runBroker(argv: readonly string[]): Promise<number> {
  let started: StartedBroker;
  try {
    const parsed = parseOptions(options, argv);
    if (parsed.values.has('help')) {
      process.stdout.write(printUsage('flux broker', '[OPTIONS] [initial-program [args...]]', options));
      return 0;
    }
    started = await startBroker(parsed);
  } catch (error) {
    process.stderr.write(`flux-broker: ${(error as Error).message}\n`);
    return 1;
  }
  return started.finished;
}

interface StartedBroker {
  broker: Broker;
  finished: Promise<number>;
}

async function startBroker({ values, rest }: ParsedOptions): Promise<StartedBroker> {
  const attributes = new AttributeStore();
  for (const setting of values.get('setattr') ?? []) setAttribute(attributes, setting);
  const configPath = values.get('config-path')?.at(-1) ?? process.env['FLUX_CONF_DIR'];
  const readAll = (): ConfigObject => {
    let config = configPath === undefined ? {} : readConfig(configPath);
    for (const text of values.get('conf') ?? []) config = mergeConfig(config, parseConfigOption(text));
    return config;
  };
  let config: ConfigObject;
  try {
    config = readAll();
  } catch (error) {
    throw new Error(`Config file error: ${(error as Error).message}`, { cause: error });
  }
  if (configPath !== undefined) attributes.set('config.path', configPath);
  settleTopology(attributes, config);
  const boot = await bootstrap(attributes, config);
  const { rank, size } = boot;
  process.title = `flux-broker-${rank}`;
  settleEnvironment(attributes, boot);
  const directories: BrokerDirectory[] = [];
  const rundir = makeDirectory(attributes, 'rundir', process.env['TMPDIR'] ?? tmpdir());
  directories.push(rundir);
  if (rank === 0) directories.push(makeDirectory(attributes, 'statedir', process.env['TMPDIR'] ?? '/var/tmp'));
  else attributes.remove('statedir');
  const broker = new Broker({
    ...boot,
    attributes,
    config,
    readConfig: configPath === undefined ? undefined : readAll,
    clock: systemClock,
    localSocket: localSocket(attributes, rundir.path, rank),
    modules,
    rundir: rundir.path,
    statedir: rank === 0 ? attributes.get('statedir') : undefined,
    userid: process.getuid?.() ?? 0,
    program: rank === 0 && !hasAttribute(attributes, 'broker.rc2_none') ? program(rest) : undefined,
    startlog: true,
    runFlux: (words) => runFlux(words, attributes.get('local-uri')!),
    stderr: (line) => process.stderr.write(`${line}\n`),
    logFile: logFile(attributes, rank),
  });
  attributes.set('size', String(size));
  const finished = runToEnd(broker, attributes, boot.hostname).finally(() => {
    for (const directory of directories) directory.cleanUp();
  });
  return { broker, finished };
}

async function runToEnd(broker: Broker, attributes: AttributeStore, hostname: string): Promise<number> {
  const terminate = () => broker.lifecycle.terminate();
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  for (const signal of signals) {
    process.on(signal, () => {
      broker.report(6, `signal ${signal === 'SIGTERM' ? 15 : signal === 'SIGINT' ? 2 : 1}`);
      terminate();
    });
  }
  // Nothing else need keep the process alive while the broker waits for its parent.
  const alive = setInterval(() => {}, 2 ** 30);
  broker.start();
  if (broker.rank === 0) tellParent(broker, attributes, hostname);
  await broker.lifecycle.reached('exit');
  clearInterval(alive);
  for (const signal of signals) process.removeAllListeners(signal);
  return broker.lifecycle.exitCode;
}

/** Once the broker serves local clients. */
function tellParent(broker: Broker, attributes: AttributeStore, hostname: string): void {
  const notice = broker.lifecycle.reached('quorum').then(() => notifyParent(attributes, hostname));
  notice.catch((error: Error) => broker.report(3, error.message));
}

function setAttribute(attributes: AttributeStore, setting: string): void {
  const equals = setting.indexOf('=');
  const name = equals < 0 ? setting : setting.slice(0, equals);
  try {
    attributes.setFromCommandLine(name, equals < 0 ? undefined : setting.slice(equals + 1));
  } catch (error) {
    if (error instanceof AttributeError) throw new Error(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** `tbon.fanout=K` is an old form of `tbon.topo=kary:K`; the command line wins over the [tbon] table. */
function settleTopology(attributes: AttributeStore, config: ConfigObject): void {
  const table = (config['tbon'] ?? {}) as Record<string, unknown>;
  const fanout = attributes.get('tbon.fanout');
  const byConfig = typeof table['topo'] === 'string' ? table['topo'] : undefined;
  const fallback = config['bootstrap'] === undefined ? 'kary:32' : 'custom';
  const topology = fanout === undefined ? (byConfig ?? fallback) : `kary:${fanout}`;
  if (attributes.get('tbon.topo') === undefined) attributes.set('tbon.topo', topology);
}

async function bootstrap(attributes: AttributeStore, config: ConfigObject): Promise<Bootstrap> {
  const hostname = attributes.get('hostname') ?? process.env['FLUX_FAKE_HOSTNAME'] ?? osHostname();
  const scheme = attributes.get('tbon.topo')!;
  const warn = (text: string) => process.stderr.write(`flux-broker: ${text}\n`);
  const method = attributes.get('broker.boot-method');
  if (config['bootstrap'] !== undefined && (method === undefined || method === 'config')) {
    const { bootFromConfig } = await import('../bootstrap/config-bootstrap.ts');
    const boot = await bootFromConfig(config, hostname, scheme, warn);
    if (boot) return boot;
  }
  if (process.env['PMI_FD'] !== undefined && method !== 'single') {
    const { bootFromPmi } = await import('../pmi/pmi-bootstrap.ts');
    return bootFromPmi(attributes, hostname, scheme);
  }
  return bootSingle(hostname);
}

/** What the enclosing job's environment means for this instance, and what must not leak into it. */
function settleEnvironment(attributes: AttributeStore, boot: Bootstrap): void {
  attributes.setDefault('broker.boot-method', boot.method);
  for (const [name, value] of Object.entries(boot.attributes)) attributes.set(name, value);
  const isJob = attributes.get('jobid') !== undefined;
  attributes.set('parent-uri', isJob ? process.env['FLUX_URI'] : undefined);
  if (isJob) {
    const { FLUX_KVS_NAMESPACE: namespace, FLUX_JOB_ID_PATH: path } = process.env;
    if (namespace !== undefined) attributes.set('parent-kvs-namespace', namespace);
    if (path !== undefined) attributes.set('jobid-path', path);
  }
  for (const name of ['FLUX_URI', 'FLUX_PROXY_REMOTE', 'FLUX_KVS_NAMESPACE', 'FLUX_JOB_ID_PATH']) {
    delete process.env[name];
  }
}

function localSocket(attributes: AttributeStore, rundir: string, rank: number): string {
  const uri = attributes.get('local-uri');
  if (uri === undefined) return `${rundir}/local-${rank}`;
  if (!uri.startsWith('local://')) throw new Error('local-uri is malformed');
  const path = uri.slice('local://'.length);
  checkDirectory(dirname(path));
  if (Buffer.byteLength(path) > 107) {
    throw new Error(`local-uri length of ${Buffer.byteLength(path)} bytes exceeds max 107 AF_UNIX socket path length`);
  }
  return path;
}

function program(words: readonly string[]) {
  return initialProgram(chooseForm(words, process.env['SHELL'] ?? '/bin/bash', process.stdin.isTTY === true));
}

function hasAttribute(attributes: AttributeStore, name: string): boolean {
  return attributes.entry(name) !== undefined;
}

function logFile(attributes: AttributeStore, rank: number): ((line: string) => void) | undefined {
  const path = rank === 0 ? attributes.get('log-filename') : undefined;
  return path === undefined ? undefined : (line) => appendFileSync(path, `${line}\n`);
}

async function runFlux(words: readonly string[], uri: string): Promise<void> {
  const args = [...process.execArgv, process.argv[1]!, ...words];
  try {
    await promisify(execFile)(process.execPath, args, { env: { ...process.env, FLUX_URI: uri } });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(stderr?.trim() || (error as Error).message, { cause: error });
  }
}
