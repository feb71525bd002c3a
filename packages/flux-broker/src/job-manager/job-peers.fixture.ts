/** A job manager of its own instance, whose scheduler and execution service the test is: it answers as they do, and when it wants to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Flux, KvsTransaction, kvsGet, type Request } from '@ebb/flux-client';
import {
  buildJobspec,
  Idset,
  type JobspecOptions,
  parseEventlog,
  printFluid,
  printJson,
  ResourceSet,
  toFluid,
  wrapSigned,
} from '@ebb/flux-formats';
import { afterEach, expect } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import type { ConfigObject, ModuleEntry } from '../module.ts';

const modules: ModuleEntry[] = [
  { name: 'content', ranks: 'leader', load: () => import('../content/module.ts') },
  { name: 'kvs', ranks: 'leader', load: () => import('../kvs/module.ts') },
  { name: 'job-manager', ranks: 'leader', load: () => import('./module.ts') },
  { name: 'job-ingest', ranks: 'all', load: () => import('../job-ingest/module.ts') },
];
const userid = process.getuid?.() ?? 0;

let running: Instance | undefined;
const folders: string[] = [];

/** A folder that a restart finds again; gone after the test. */
export function statedir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'job-manager-'));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  // The jobs that the test runs would keep a stop in order waiting.
  if (running?.isRunning(0)) running.kill(0);
  await running?.stop();
  running = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface Peers {
  flux: Flux;
  instance: Instance;
  /** Requests for resources that were not answered yet, by job id. */
  allocations: Map<bigint, Request>;
  starts: Map<bigint, Request>;
  freed: bigint[];
  /** What the hello of the scheduler told of jobs that hold resources. */
  holding: bigint[];
}

export async function start(options: { config?: ConfigObject; statedir?: string; size?: number } = {}): Promise<Peers> {
  const { size = 1, ...rest } = options;
  const instance = startInstance({ size, modules, ...rest });
  running = instance;
  await instance.ready();
  const flux = instance.flux(0);
  const peers: Peers = { flux, instance, allocations: new Map(), starts: new Map(), freed: [], holding: [] };
  for (const service of ['sched', 'job-exec']) await flux.addService(service);
  flux.handle('sched.alloc', (request) => void peers.allocations.set(idOf(request), request));
  flux.handle('sched.cancel', (request) => {
    const id = idOf(request);
    peers.allocations.get(id)?.respond({ id, type: 3 });
    peers.allocations.delete(id);
  });
  flux.handle('sched.free', (request) => void peers.freed.push(idOf(request)));
  flux.handle('sched.prioritize', () => {});
  flux.handle('job-exec.start', (request) => void peers.starts.set(idOf(request), request));
  for await (const { id } of flux.stream<{ id: unknown }>('job-manager.sched-hello', {}))
    peers.holding.push(toFluid(id));
  await flux.rpc('job-manager.sched-ready', { mode: 'unlimited' });
  await flux.rpc('job-manager.exec-hello', { service: 'job-exec' });
  return peers;
}

function idOf(request: Request): bigint {
  return toFluid(request.json<{ id: unknown }>().id);
}

export async function submit(
  flux: Flux,
  options: Partial<JobspecOptions> = {},
  { urgency = 16, flags = 0 } = {},
): Promise<bigint> {
  const jobspec = buildJobspec({ command: ['true'], cwd: '/', environment: { SECRET: 'x' }, ...options });
  const J = wrapSigned(printJson(jobspec), userid);
  return toFluid((await flux.rpc<{ id: unknown }>('job-ingest.submit', { J, urgency, flags })).id);
}

export async function events(flux: Flux, id: bigint): Promise<string[]> {
  const text = await kvsGet(flux, `${printFluid(id, 'kvs')}.eventlog`);
  return parseEventlog(text.toString()).map(({ name }) => name);
}

export async function allocate({ flux, allocations }: Peers, id: bigint): Promise<void> {
  await expect.poll(() => allocations.has(id)).toBe(true);
  const R = ResourceSet.ofHosts(['node0'], Idset.parse('0')).toJSON();
  await new KvsTransaction().put(`${printFluid(id, 'kvs')}.R`, printJson(R)).commit(flux);
  allocations.get(id)!.respond({ id, type: 0, R, annotations: { sched: { resource_summary: 'rank0/core0' } } });
  allocations.delete(id);
}

export async function run(peers: Peers, id: bigint, status = 0): Promise<void> {
  await allocate(peers, id);
  await expect.poll(() => peers.starts.has(id)).toBe(true);
  const request = peers.starts.get(id)!;
  request.respond({ id, type: 'start', data: {} });
  request.respond({ id, type: 'finish', data: { status } });
  request.respond({ id, type: 'release', data: { ranks: 'all', final: true } });
}

/** Ends the instance in order, or as a crash does. */
export async function end(instance: Instance, isInOrder: boolean): Promise<void> {
  if (!isInOrder) instance.kill(0);
  await instance.stop();
  running = undefined;
}
