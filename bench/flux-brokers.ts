/**
 * Four broker processes bootstrapped from `broker.toml`, ours beside flux-core's in the same run: how long a leaf broker
 * takes from its start until its node is free, and how many requests a second rank 0 answers itself and has a leaf
 * answer. A real `flux` is the one that EBB_REAL_FLUX names; without it ours runs alone.
 * Run: `npm run build && npx tsx bench/flux-brokers.ts [ROUNDS]`.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Flux, FluxError } from '@ebb/flux-client';
import { ResourceSet } from '@ebb/flux-formats';

const rounds = Number(process.argv[2] ?? 5);
const size = 4;
const leaf = size - 1;
const requests = 5_000;
const ours = [process.execPath, join(import.meta.dirname, '..', 'packages', 'flux-cli', 'bin', 'flux.js')];
const kinds = new Map<string, readonly string[]>([['ebb', ours]]);
if (process.env['EBB_REAL_FLUX']) kinds.set('flux-core', [process.env['EBB_REAL_FLUX']]);

interface Figures {
  readonly joinMs: number;
  readonly inTurn: number;
  readonly atOnce: number;
  readonly byLeaf: number;
}

/** Brokers of one kind on ports of their own. */
class Brokers {
  readonly #command: readonly string[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'bench-brokers-'));
  readonly #running = new Map<number, ChildProcess>();
  readonly uri = `local://${join(this.#folder, 'run-0', 'local-0')}`;

  constructor(command: readonly string[], port: number) {
    this.#command = command;
    const [program, ...words] = command;
    const flux = (...more: string[]) => execFileSync(program!, [...words, ...more], { encoding: 'utf8' });
    const certificate = join(this.#folder, 'curve.cert');
    flux('keygen', certificate);
    const R = join(this.#folder, 'R');
    writeFileSync(R, flux('R', 'encode', `--ranks=0-${leaf}`, `--hosts=h[0-${leaf}]`, '--cores=0-1'));
    const hosts = Array.from({ length: size }, (_, rank) => {
      const address = `tcp://127.0.0.1:${port + rank}`;
      return `  { host = "h${rank}", bind = "${address}", connect = "${address}" },`;
    });
    mkdirSync(join(this.#folder, 'config'));
    const config = `[bootstrap]\ncurve_cert = "${certificate}"\nhosts = [\n${hosts.join('\n')}\n]\n[resource]\npath = "${R}"\nnoverify = true\n`;
    writeFileSync(join(this.#folder, 'config', 'broker.toml'), config);
  }

  start(rank: number): void {
    const rundir = join(this.#folder, `run-${rank}`);
    mkdirSync(rundir, { recursive: true, mode: 0o700 });
    const attributes = { rundir, hostname: `h${rank}`, 'broker.quorum': '1', 'broker.rc2_none': '1' };
    const settings = Object.entries(attributes).map(([name, value]) => `-S${name}=${value}`);
    const [program, ...words] = [
      ...this.#command,
      'broker',
      `--config-path=${join(this.#folder, 'config')}`,
      ...settings,
    ];

    this.#running.set(rank, spawn(program!, words, { stdio: 'ignore' }));
  }

  async stop(rank: number): Promise<void> {
    const child = this.#running.get(rank);
    if (!child || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
    this.#running.delete(rank);
  }

  async open(): Promise<Flux> {
    const socket = this.uri.slice('local://'.length);
    while (!existsSync(socket)) await delay(20);
    return connect(this.uri);
  }

  async end(): Promise<void> {
    for (const rank of [...this.#running.keys()].sort((a, b) => b - a)) await this.stop(rank);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function measure(command: readonly string[], port: number): Promise<Figures> {
  const brokers = new Brokers(command, port);
  try {
    for (let rank = 0; rank < size; rank++) brokers.start(rank);
    const flux = await brokers.open();
    while ((await downRanks(flux))?.length !== 0) await delay(20);
    const joins: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await brokers.stop(leaf);
      while (!(await downRanks(flux))?.includes(leaf)) await delay(10);
      const begin = performance.now();
      brokers.start(leaf);
      while ((await downRanks(flux))?.includes(leaf) !== false) await delay(2);
      joins.push(performance.now() - begin);
    }
    const ask = (nodeid: number) => flux.rpc('attr.get', { name: 'size' }, { nodeid });
    const inTurn = await perSecond(async () => {
      for (let count = 0; count < requests; count++) await ask(0);
    });
    const many = (rank: number) => () => Promise.all(Array.from({ length: requests }, () => ask(rank)));
    const figures = {
      joinMs: median(joins),
      inTurn,
      atOnce: await perSecond(many(0)),
      byLeaf: await perSecond(many(leaf)),
    };
    await flux.close();
    return figures;
  } finally {
    await brokers.end();
  }
}

/** Undefined as long as rank 0 has no resources to tell of. */
async function downRanks(flux: Flux): Promise<number[] | undefined> {
  const answer = await flux
    .rpc<{ down: unknown }>('resource.sched-status', undefined, { nodeid: 0 })
    .catch((error: unknown) => {
      if (error instanceof FluxError) return undefined;
      throw error;
    });
  if (!answer) return undefined;
  return answer.down === null ? [] : [...ResourceSet.parse(answer.down).ranks];
}

async function perSecond(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (requests / (performance.now() - begin)) * 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const results = new Map<string, Figures>();
let port = 9_100 + (process.pid % 500) * 10;
for (const [name, command] of kinds) {
  const figures = await measure(command, port);
  port += size;
  results.set(name, figures);
  console.log(
    `${name.padEnd(10)} join ${figures.joinMs.toFixed(0)} ms   requests a second: in turn ${figures.inTurn.toFixed(0)}, ` +
      `at once ${figures.atOnce.toFixed(0)}, at once answered by a leaf ${figures.byLeaf.toFixed(0)}`,
  );
}
const [mine, real] = [results.get('ebb')!, results.get('flux-core')];
if (real) {
  const ratio = (key: keyof Figures) => (mine[key] / real[key]).toFixed(2);
  console.log(
    `ebb / flux-core: join ${ratio('joinMs')}, requests in turn ${ratio('inTurn')}, at once ${ratio('atOnce')}, by a leaf ${ratio('byLeaf')}`,
  );
}
