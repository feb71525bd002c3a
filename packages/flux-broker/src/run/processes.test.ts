// Brokers as real processes over ZeroMQ with CURVE: what `flux broker` and `flux start` do from the command line to the
// exit status, and what the others see of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect, type Flux } from '@ebb/flux-client';
import { ResourceSet } from '@ebb/flux-formats';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Certificate, generateCertificate, printCertificate } from '../bootstrap/certificate.ts';

const size = 4;
const root = resolve(import.meta.dirname, '../..');
const program = join(root, 'dist', 'processes-test', 'flux.mjs');
let certificate: Certificate;
let folder: string;
let basePort = 20_000 + (process.pid % 20_000);
const running = new Map<number, Broker>();

interface Broker {
  process: ChildProcess;
  exit: Promise<number | NodeJS.Signals>;
  errors: string[];
}

beforeAll(async () => {
  certificate = await generateCertificate({ name: 'test' });
  await build({
    stdin: {
      contents: `
        import { runBroker } from './src/run/run-broker.ts';
        import { runStart } from './src/run/run-start.ts';
        const [command, ...rest] = process.argv.slice(2);
        process.exit(await (command === 'start' ? runStart(rest) : runBroker(rest)));`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['zeromq', 'lmdb', '@lydell/node-pty'],
    banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
    logLevel: 'error',
  });
});

afterAll(() => rmSync(join(root, 'dist', 'processes-test'), { recursive: true, force: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brokers-'));
  basePort += size;
  writeFileSync(join(folder, 'curve.cert'), printCertificate(certificate), { mode: 0o600 });
  const hosts = Array.from({ length: size }, (_, rank) => {
    const endpoint = `tcp://127.0.0.1:${basePort + rank}`;
    return `{ host = "node${rank}", bind = "${endpoint}", connect = "${endpoint}" }`;
  });
  const toml = `
    [bootstrap]
    curve_cert = "${folder}/curve.cert"
    hosts = [ ${hosts.join(', ')} ]
    [resource]
    noverify = true
    config = [{ hosts = "node[0-3]", cores = "0-3" }]`;
  writeFileSync(join(folder, 'broker.toml'), toml);
});

afterEach(async () => {
  for (const { process: child } of running.values()) child.kill('SIGKILL');
  await Promise.all([...running.values()].map(({ exit }) => exit));
  running.clear();
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Broker {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr!.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  child.stdout!.resume();
  const exit = new Promise<number | NodeJS.Signals>((done) =>
    child.once('exit', (code, signal) => done(signal ?? code!)),
  );
  return { process: child, exit, errors };
}

/** The line that existing entry points run in a pod. */
function start(rank: number, ...more: string[]): Broker {
  const rundir = join(folder, String(rank));
  mkdirSync(rundir, { recursive: true, mode: 0o700 });
  const settings = [
    `-Srundir=${rundir}`,
    `-Sstatedir=${rundir}`,
    `-Slocal-uri=local://${rundir}/local`,
    '-Stbon.fanout=256',
    '-Stbon.connect_timeout=5s',
    '-Sbroker.quorum=1',
    '-Slog-stderr-level=6',
    '-Sbroker.rc2_none',
  ];
  const line = ['start', '-o', '--config', join(folder, 'broker.toml'), ...settings, ...more];
  const broker = run(line, { FLUX_FAKE_HOSTNAME: `node${rank}` });
  running.set(rank, broker);
  return broker;
}

function uri(rank: number): string {
  return `local://${folder}/${rank}/local`;
}

async function reach(rank: number): Promise<Flux> {
  for (;;) {
    try {
      return await connect(uri(rank));
    } catch {
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

/** Waits until exactly these ranks are up for the scheduler. */
async function untilUp(expected: string): Promise<void> {
  for (;;) {
    const flux = await reach(0);
    try {
      const sets = await flux.rpc<{ all: unknown; down: unknown }>('resource.sched-status', undefined, { nodeid: 0 });
      const up = ResourceSet.parse(sets.all).ranks.subtract(ResourceSet.parse(sets.down).ranks);
      if (up.toString() === expected) return;
    } catch {
      // Not there yet.
    } finally {
      await flux.close();
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}

describe('brokers as processes', () => {
  it('boot, lose a killed rank at once, take it back, and see one leave in order', async () => {
    for (let rank = 0; rank < size; rank++) start(rank);
    await untilUp('0-3');
    running.get(3)!.process.kill('SIGKILL');
    await untilUp('0-2');
    start(3);
    await untilUp('0-3');
    running.get(2)!.process.kill('SIGTERM');
    expect(await running.get(2)!.exit).toBe(0);
    await untilUp('0-1,3');
    const flux = await reach(0);
    const health = await flux.rpc<{ children: { rank: number; status: string }[] }>('overlay.health');
    expect(health.children.map(({ status }) => status)).toEqual(['full', 'offline', 'full']);
    await flux.close();
    running.get(0)!.process.kill('SIGTERM');
    const codes = await Promise.all([0, 1, 3].map((rank) => running.get(rank)!.exit));
    expect(codes).toEqual([0, 0, 0]);
    expect(existsSync(join(folder, '0', 'local'))).toBe(false);
  });

  it('waits for a parent that comes late, and ends when it was replaced', async () => {
    const follower = start(1);
    await new Promise((done) => setTimeout(done, 300));
    start(0);
    await untilUp('0-1');
    running.get(0)!.process.kill('SIGKILL');
    await running.get(0)!.exit;
    start(0);
    expect(await follower.exit).toBe(1);
    expect(follower.errors.join('')).toContain('sent disconnect control message');
    start(1);
    await untilUp('0-1');
  });

  it('refuses a broker that has another tree in mind', async () => {
    start(0, '-Stbon.topo=kary:1');
    await untilUp('0');
    const other = start(2);
    expect(await other.exit).toBe(1);
    expect(other.errors.join('')).toContain('overlay.hello: rank 2 is not a child of rank 0: mismatched config?');
    expect(running.get(0)!.errors.join('')).toContain(
      'rejecting connection from node2 (rank 2): rank 2 is not a child',
    );
  });

  it('lives through a child that sends garbage with the right key', async () => {
    start(0);
    await untilUp('0');
    const { Dealer } = await import('zeromq');
    const hostile = new Dealer({
      routingId: 'hostile',
      linger: 0,
      zapDomain: 'flux',
      curveServerKey: certificate.publicKey,
      curvePublicKey: certificate.publicKey,
      curveSecretKey: certificate.secretKey,
    });
    hostile.connect(`tcp://127.0.0.1:${basePort}`);
    for (let round = 0; round < 200; round++) {
      await hostile.send([Buffer.alloc(round % 40, round), Buffer.alloc((round * 7) % 300, 0x8e)]);
    }
    start(1);
    await untilUp('0-1');
    hostile.close();
    expect(running.get(0)!.errors.join('')).toContain('DROP downstream message from hostile');
  });

  it.each([
    ['-Snosuch=1', 'nosuch: unknown attribute'],
    ['-Srank=1', 'rank: attribute may not be set on the command line'],
    ['-Stest-ro.x=1', 'test-ro.x: attribute may not be set on the command line'],
    ['--config-path=/nonexistent', 'Config file error: /nonexistent: ENOENT'],
    ['-Slocal-uri=nonsense', 'local-uri is malformed'],
  ])('refuses %s by name', async (option, text) => {
    const broker = run(['broker', option, 'true']);
    expect(await broker.exit).toBe(1);
    expect(broker.errors.join('')).toContain(text);
  });

  it.each([
    [['start', 'true'], 0],
    [['start', 'sh', '-c', 'exit 3'], 3],
    [['start', '-s', '3', 'sh -c "exit 4"'], 4],
    [['start', '/no/such/program', 'x'], 127],
    [['broker', 'sh', '-c', 'kill -TERM $$'], 143],
  ])('%j ends as its program does', async (args, code) => {
    expect(await run(args).exit).toBe(code);
  });
});
