/** Somebody who makes and changes MiniClusters in one namespace, runs jobs in them, and looks what came of it. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Cluster } from '@ebb/ebb/internal';
import { clusterLabel, type MiniClusterSpec } from '@ebb/minicluster';
import { CoreV1Api } from '@kubernetes/client-node';
import { seen } from '../clusters/seen.ts';

const patienceMs = 120_000;
const pauseMs = 150;

// biome-ignore lint/suspicious/noExplicitAny: objects of Kubernetes as they are.
type Loose = any;

export class User {
  readonly #cluster: Cluster;
  readonly namespace: string;
  /** A folder of this machine that every pod has at /gate. */
  readonly #gate: string;
  /** Looked at before each look: throws when there is no sense in waiting. */
  check: () => Promise<void> = async () => {};

  constructor(cluster: Cluster, namespace: string, folder: string) {
    this.#cluster = cluster;
    this.namespace = namespace;
    this.#gate = join(folder, namespace);
  }

  async begin(): Promise<void> {
    mkdirSync(this.#gate, { recursive: true, mode: 0o777 });
    const core = this.#cluster.config.makeApiClient(CoreV1Api);
    await core.createNamespace({ body: { metadata: { name: this.namespace } } });
    await seen(() => core.readNamespacedServiceAccount({ name: 'default', namespace: this.namespace }));
  }

  /** Applies a MiniCluster of this spec; without containers it is one that waits for commands. */
  async apply(name: string, spec: Partial<MiniClusterSpec>): Promise<void> {
    const volumes = { gate: { hostPath: this.#gate, path: '/gate' } };
    const [first = {}, ...others] = spec.containers ?? [{}];
    await this.#cluster.apply({
      apiVersion: 'flux-framework.org/v1alpha2',
      kind: 'MiniCluster',
      metadata: { name, namespace: this.namespace },
      spec: { ...spec, containers: [{ image: 'rockylinux:9', ...first, volumes }, ...others] },
    });
  }

  async delete(name: string): Promise<void> {
    await this.#cluster.delete(this.#named('flux-framework.org/v1alpha2', 'MiniCluster', name));
  }

  async get(apiVersion: string, kind: string, name: string): Promise<Loose> {
    return this.#cluster.find(this.#named(apiVersion, kind, name));
  }

  miniCluster(name: string): Promise<Loose> {
    return this.get('flux-framework.org/v1alpha2', 'MiniCluster', name);
  }

  /** What belongs to a MiniCluster, as KIND NAME, whatever it is; pods that are going are gone. */
  async belongings(name: string): Promise<string[]> {
    const kinds = [
      ['v1', 'Secret'],
      ['v1', 'ConfigMap'],
      ['v1', 'Service'],
      ['batch/v1', 'Job'],
      ['v1', 'Pod'],
    ] as const;
    const lists = await Promise.all(
      kinds.map(async ([apiVersion, kind]) => {
        const found = await this.#cluster.list(apiVersion, kind, this.namespace, `${clusterLabel}=${name}`);
        return found
          .filter(({ metadata }) => !(metadata as Loose).deletionTimestamp)
          .map(({ metadata }) => `${kind} ${metadata.name}`);
      }),
    );
    return lists.flat();
  }

  /** Pods of the Job that run or ran, by rank. */
  async pods(name: string): Promise<Map<string, string[]>> {
    const pods = await this.#cluster.list('v1', 'Pod', this.namespace, `job-name=${name},${clusterLabel}=${name}`);
    const byRank = new Map<string, string[]>();
    for (const { metadata } of pods) {
      const rank = metadata.labels?.['batch.kubernetes.io/job-completion-index'];
      if (rank !== undefined) byRank.set(rank, [...(byRank.get(rank) ?? []), metadata.uid ?? '']);
    }
    return byRank;
  }

  /** Events about MiniClusters, by name, as REASON MESSAGE. */
  async events(): Promise<Map<string, string>> {
    const events = (await this.#cluster.list('v1', 'Event', this.namespace)) as Loose[];
    return new Map(
      events
        .filter(({ involvedObject }) => involvedObject.kind === 'MiniCluster')
        .map(({ metadata, reason, message, involvedObject }) => [
          metadata.name,
          `${involvedObject.name} ${reason} ${message}`,
        ]),
    );
  }

  /** Until the MiniCluster is of this size in every respect, and everything has been said and done about it. */
  async settled(name: string, size: number): Promise<void> {
    await this.until(`${name} settles at ${size}`, () => this.isSettled(name, size));
  }

  async isSettled(name: string, size: number): Promise<boolean> {
    const { metadata, spec, status } = (await this.miniCluster(name)) ?? {};
    const is = { ...status, ranks: status?.ranks?.up, drained: status?.nodes?.drained, spec: spec?.size };
    const wanted = { phase: 'Running', size, ready: size, ranks: size, drained: 0, spec: size };
    const differs = Object.entries(wanted).find(([key, value]) => is[key] !== value);
    if (differs || status.observedGeneration !== metadata.generation) return false;
    const [job, map, belongings] = await Promise.all([
      this.get('batch/v1', 'Job', name),
      this.get('v1', 'ConfigMap', `${name}-entrypoint`),
      this.belongings(name),
    ]);
    const pods = belongings.filter((each) => each.startsWith(`Pod ${name}-`) && !each.endsWith('-services'));
    return (
      job?.spec.parallelism === size &&
      job.spec.completions === size &&
      map?.data.quorum.trim() === '1' &&
      pods.length === size
    );
  }

  async until(what: string, look: () => Promise<unknown>): Promise<void> {
    for (const since = Date.now(); ; ) {
      await this.check();
      if (await look()) return;
      if (Date.now() - since > patienceMs) {
        const all = await this.#cluster.miniClusters(this.namespace);
        const told = all.map(({ metadata, spec, status }) => JSON.stringify({ name: metadata.name, spec, status }));
        throw new Error(`waited too long until ${what}:\n${told.join('\n')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  /** Runs a flux command at the lead broker. @throws Error when it fails */
  async flux(name: string, line: string): Promise<string> {
    const pod = await this.#cluster.podOfRank({ namespace: this.namespace, name }, '0');
    let said = '';
    const sink = () => new Writable({ write: (chunk, _encoding, done) => done(void (said += chunk)) });
    const script = `. /mnt/flux/flux-view.sh && FLUX_URI=$fluxsocket flux ${line}`;
    const status = await this.#cluster.exec(this.namespace, pod, {
      container: name,
      command: ['/bin/bash', '-c', script],
      stdout: sink(),
      stderr: sink(),
    });
    if (status !== 0) throw new Error(`flux ${line} ended with ${status}: ${said}`);
    return said.trim();
  }

  /** Submits a job of so many nodes that runs until its gate is opened. @returns its id */
  submit(name: string, nodes: number, gate: string): Promise<string> {
    return this.flux(name, `submit -N${nodes} sh -c 'while [ ! -e /gate/${gate} ]; do sleep 0.1; done'`);
  }

  openGate(gate: string): void {
    writeFileSync(join(this.#gate, gate), '');
  }

  closeGate(gate: string): void {
    rmSync(join(this.#gate, gate), { force: true });
  }

  /** What programs wrote to a file at /gate. */
  written(file: string): string {
    const path = join(this.#gate, file);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  #named(apiVersion: string, kind: string, name: string) {
    return { apiVersion, kind, metadata: { name, namespace: this.namespace } };
  }
}
