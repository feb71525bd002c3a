// Brokers as real processes over ZeroMQ with CURVE, for tests: `flux start -o` as it runs in a pod, on four ranks of this
// machine with a state directory each.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect, type Flux } from '@ebb/flux-client';
import { ResourceSet } from '@ebb/flux-formats';
import { build } from 'esbuild';
import { type Certificate, generateCertificate, printCertificate } from '../bootstrap/certificate.ts';

const size = 4;
const root = resolve(import.meta.dirname, '../..');
let nextPort = 20_000 + (process.pid % 20_000);

export interface BrokerProcess {
  readonly process: ChildProcess;
  readonly exit: Promise<number | NodeJS.Signals>;
  readonly errors: string[];
}

export class BrokerProcesses {
  readonly certificate: Certificate;
  readonly running = new Map<number, BrokerProcess>();
  folder = '';
  basePort = 0;
  readonly #program: string;

  private constructor(program: string, certificate: Certificate) {
    this.#program = program;
    this.certificate = certificate;
  }

  /** Bundles the program under `name` in dist; {@link remove} takes it away. */
  static async build(name: string): Promise<BrokerProcesses> {
    const program = join(root, 'dist', name, 'flux.mjs');
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
    return new BrokerProcesses(program, await generateCertificate({ name: 'test' }));
  }

  remove(): void {
    rmSync(resolve(this.#program, '..'), { recursive: true, force: true });
  }

  /** A new instance: its configuration and its directories. `more` is further configuration, as TOML. */
  begin(more = ''): void {
    this.folder = mkdtempSync(join(tmpdir(), 'brokers-'));
    this.basePort = nextPort;
    nextPort += size;
    writeFileSync(join(this.folder, 'curve.cert'), printCertificate(this.certificate), { mode: 0o600 });
    const hosts = Array.from({ length: size }, (_, rank) => {
      const endpoint = `tcp://127.0.0.1:${this.basePort + rank}`;
      return `{ host = "node${rank}", bind = "${endpoint}", connect = "${endpoint}" }`;
    });
    const toml = `
    [bootstrap]
    curve_cert = "${this.folder}/curve.cert"
    hosts = [ ${hosts.join(', ')} ]
    [resource]
    noverify = true
    config = [{ hosts = "node[0-3]", cores = "0-3" }]
    ${more}`;
    writeFileSync(join(this.folder, 'broker.toml'), toml);
  }

  /** Kills what still runs, and removes what it left. */
  async end(): Promise<void> {
    for (const { process: child } of this.running.values()) child.kill('SIGKILL');
    await Promise.all([...this.running.values()].map(({ exit }) => exit));
    this.running.clear();
    rmSync(this.folder, { recursive: true, force: true });
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): BrokerProcess {
    const child = spawn(process.execPath, [this.#program, ...args], {
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
  start(rank: number, ...more: string[]): BrokerProcess {
    const rundir = join(this.folder, String(rank));
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
    const line = ['start', '-o', '--config', join(this.folder, 'broker.toml'), ...settings, ...more];
    const broker = this.run(line, { FLUX_FAKE_HOSTNAME: `node${rank}` });
    this.running.set(rank, broker);
    return broker;
  }

  /** As the out-of-memory killer does it. */
  async kill(rank: number): Promise<void> {
    const { process: child, exit } = this.running.get(rank)!;
    child.kill('SIGKILL');
    await exit;
  }

  uri(rank: number): string {
    return `local://${this.folder}/${rank}/local`;
  }

  async reach(rank: number): Promise<Flux> {
    for (;;) {
      try {
        return await connect(this.uri(rank));
      } catch {
        await new Promise((done) => setTimeout(done, 20));
      }
    }
  }

  /** Waits until exactly these ranks are up for the scheduler. */
  async untilUp(expected: string): Promise<void> {
    for (;;) {
      const flux = await this.reach(0);
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
}
