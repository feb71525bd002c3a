/** One operator on a control plane of its own: many MiniClusters created at once, resized at once, and left alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, configFrom } from '@ebb/ebb/internal';
import { generateCertificate, printCertificate } from '@ebb/flux-broker';
import { HttpKubernetesApi, jobs, loadConnection, miniClusters } from '@ebb/operator/internal';
import { startNodes } from '../../test/clusters/real.ts';
import { startControlPlane } from '../../test/control-plane/control-plane.ts';
import { OperatorProcess, type OperatorUse } from '../../test/operators/operator-process.ts';
import { auditFlags, countRequests, difference, type RequestCounts, writes } from './request-log.ts';

const namespace = 'default';
const user = 'operator-under-measurement';
/** What follows the last Job (status, events) still belongs to the stage: it lasts until nothing was written for so long. */
const trailMs = 5000;
const mostTrails = 12;
const stageWithinMs = 15 * 60_000;

export interface Subject {
  readonly title: string;
  readonly command: string;
  /** The CustomResourceDefinition it expects. */
  readonly definition: object;
}

export interface Workload {
  /** MiniClusters. */
  readonly count: number;
  /** Pods of each at first. */
  readonly size: number;
  /** Nodes on which they run; 0: they stay pending. */
  readonly nodes: number;
}

export interface Stage {
  readonly title: string;
  /** Until every Job was right; for a rest, its length. */
  readonly seconds: number;
  readonly requests: RequestCounts;
  readonly cpuSeconds: number;
  readonly use: OperatorUse;
}

/** @param restSeconds how long it is watched at rest */
export async function measure(subject: Subject, workload: Workload, restSeconds: number): Promise<Stage[]> {
  const { count, size: first, nodes } = workload;
  const folder = mkdtempSync(join(tmpdir(), 'ebb-bench-'));
  const logPath = join(folder, 'audit.log');
  const flags = {
    'kube-apiserver': auditFlags(join(folder, 'audit-policy.json'), logPath, user),
    // As they are set, the Job controller and the scheduler would take minutes for so many pods, and be what is measured.
    'kube-controller-manager': ['--kube-api-qps=500', '--kube-api-burst=1000'],
    'kube-scheduler': ['--kube-api-qps=500', '--kube-api-burst=1000'],
  };
  const controlPlane = await startControlPlane({ folder, log: console.error, flags });
  let operator: OperatorProcess | undefined;
  const agent = nodes > 0 ? await startNodes(controlPlane, folder, nodes) : undefined;
  const api = new HttpKubernetesApi(await loadConnection(controlPlane.kubeconfigPath));
  try {
    await new Cluster(configFrom(controlPlane.kubeconfigPath)).apply(subject.definition as never);
    await until(() =>
      api.list(miniClusters, namespace).then(
        () => true,
        () => false,
      ),
    );
    const kubeconfigPath = await controlPlane.kubeconfigFor({ commonName: user, organization: 'system:masters' });
    const running = new OperatorProcess(subject.command, kubeconfigPath, join(folder, 'operator.log'));
    operator = running;
    await until(() => {
      running.check();
      return countRequests(logPath).has('watch miniclusters');
    });
    const names = Array.from({ length: count }, (_, index) => `bench-${index}`);
    const quiet = async () => {
      for (let turn = 0; turn < mostTrails; turn++) {
        const before = writes(countRequests(logPath));
        await sleep(trailMs);
        if (writes(countRequests(logPath)) === before) return;
      }
    };
    const stage = async (title: string, act: () => Promise<unknown>, trail = quiet): Promise<Stage> => {
      const before = countRequests(logPath);
      const { cpuSeconds } = running.use();
      const began = performance.now();
      await act();
      const seconds = (performance.now() - began) / 1000;
      await trail();
      const use = running.use();
      const requests = difference(before, countRequests(logPath));
      return { title, seconds, requests, cpuSeconds: use.cpuSeconds - cpuSeconds, use };
    };
    const allJobsHave = (size: number, act: () => Promise<unknown>) => async () => {
      const isRight = ({ spec, status }: Job) =>
        spec.parallelism === size && spec.completions === size && (nodes === 0 || status?.ready === size);
      await Promise.all([act(), allJobs(api, count, running, isRight)]);
    };
    const allPodsThere = () => allJobs(api, count, running, ({ status, spec }) => status?.active === spec.parallelism);
    // One for all of them: some operators cannot make any here.
    const curveCert = printCertificate(await generateCertificate({ name: 'bench' }));
    const create = () => each(names, (name) => api.create(miniCluster(name, first, curveCert)));
    const resize = (size: number) => () =>
      each(names, (name) => api.patch(miniClusters, namespace, name, { spec: { size } }));
    return [
      await stage(`create ${count} of size ${first}`, allJobsHave(first, create)),
      await stage(`resize ${count} to ${first * 2}`, allJobsHave(first * 2, resize(first * 2))),
      await stage(`resize ${count} to ${first * 2 - 1}`, allJobsHave(first * 2 - 1, resize(first * 2 - 1))),
      await stage('until all pods are there', allPodsThere),
      await stage(
        'rest',
        () => sleep(restSeconds * 1000),
        async () => {},
      ),
    ];
  } finally {
    await operator?.stop();
    api.close();
    await agent?.stop();
    await controlPlane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function miniCluster(name: string, size: number, curveCert: string) {
  return {
    apiVersion: miniClusters.apiVersion,
    kind: miniClusters.kind,
    metadata: { name, namespace },
    spec: {
      size,
      maxSize: size * 2,
      interactive: true,
      flux: { curveCert },
      containers: [{ image: 'ghcr.io/rse-ops/lammps' }],
    },
  };
}

/** What is looked at of a Job. */
interface Job {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly parallelism?: number; readonly completions?: number };
  readonly status?: { readonly active?: number; readonly ready?: number };
}

/** Resolves when `count` Jobs are right; watches, so that waiting costs the API server next to nothing. */
async function allJobs(
  api: HttpKubernetesApi,
  count: number,
  running: OperatorProcess,
  isRight: (job: Job) => boolean,
): Promise<void> {
  const right = new Set<string>();
  const look = (object: unknown) => {
    const job = object as Job;
    if (isRight(job)) right.add(job.metadata.name);
    else right.delete(job.metadata.name);
  };
  const ended = new AbortController();
  const guard = setInterval(() => {
    try {
      running.check();
    } catch (error) {
      ended.abort(error);
    }
  }, 1000);
  const late = setTimeout(
    () => ended.abort(new Error(`${right.size} of ${count} Jobs right after ${stageWithinMs / 1000} s`)),
    stageWithinMs,
  );
  try {
    const { items, metadata } = await api.list(jobs, namespace);
    items.forEach(look);
    const resourceVersion = metadata.resourceVersion ?? '';
    for (;;) {
      if (right.size === count) return;
      for await (const { object } of api.watch(jobs, namespace, { resourceVersion, signal: ended.signal })) {
        if (object.kind === 'Job') look(object);
        if (right.size === count) return;
      }
    }
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    clearInterval(guard);
    clearTimeout(late);
  }
}

/** All of them, fifty at a time: more would measure the bench's own connections. */
async function each(names: readonly string[], act: (name: string) => Promise<unknown>): Promise<void> {
  const left = [...names];
  const worker = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) await act(name);
  };
  await Promise.all(Array.from({ length: 50 }, worker));
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('the operator does not watch MiniClusters after 120 s');
    await sleep(200);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
