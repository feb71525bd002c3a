// The node agent: registers Nodes, runs the pods bound to them, serves the kubelet API. A Kubernetes client like any.

import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority, type KeyedCertificate } from '../certificates/authority.ts';
import { HttpKubernetesClient } from '../client/http-kubernetes-client.ts';
import { Informer } from '../client/informer.ts';
import { readKubeconfig } from '../client/kubeconfig.ts';
import type { EventWriter } from '../controllers/controller-context.ts';
import { eventWriter } from '../controllers/event-writer.ts';
import type { AgentContext } from './agent-context.ts';
import { apiServiceName, startApiGateway } from './api-gateway.ts';
import { ControlGroups } from './cgroup.ts';
import { hostsFile, serviceNames } from './hosts-file.ts';
import type { ImageMapping } from './image-table.ts';
import { startKubeletServer } from './kubelet-server.ts';
import { clearLeftovers, removeStrangers } from './leftovers.ts';
import { type AgentNode, registerNodes } from './node-registration.ts';
import { patientClient } from './patient-client.ts';
import { openEgress } from './pod-egress.ts';
import { PodNetwork } from './pod-network.ts';
import type { Pod } from './pod-types.ts';
import { PodWorker } from './pod-worker.ts';

export interface NodeAgentOptions {
  readonly kubeconfigPath: string;
  readonly nodes: readonly AgentNode[];
  readonly stateFolder: string;
  readonly images: readonly ImageMapping[];
  /** Issues the kubelet API's certificate; clients of that API are known by it too. */
  readonly certificateAuthority: KeyedCertificate;
  readonly log?: (text: string) => void;
  /** Milliseconds between two heartbeats of a node; 10,000 unless told. */
  readonly heartbeatMs?: number;
}

export interface NodeAgent {
  readonly port: number;
  stop(): Promise<void>;
}

const hostIP = '127.0.0.1';

/** @throws when the API cannot be reached or the machine gives no namespaces */
export async function startNodeAgent(options: NodeAgentOptions): Promise<NodeAgent> {
  const log = options.log ?? (() => {});
  const now = () => new Date();
  const connection = readKubeconfig(options.kubeconfigPath);
  const client = new HttpKubernetesClient(connection, 'kubelet');
  const patient = patientClient(client, log);
  const podsFolder = join(options.stateFolder, 'pods');
  mkdirSync(podsFolder, { recursive: true, mode: 0o700 });
  await clearLeftovers(podsFolder);
  const network = await PodNetwork.start(options.stateFolder).catch((error: unknown) => {
    log(`pods share this machine's network, two cannot listen on one port: ${String(error)}`);
    return undefined;
  });
  const egress =
    network &&
    (await openEgress(network).catch((error: unknown) => {
      log(`pods reach each other, the API and this machine, but nothing beyond: ${(error as Error).message}`);
      return undefined;
    }));
  const groups = await ControlGroups.open(agentKey(options.stateFolder)).catch((error: unknown) => {
    log(`limits of memory and cpu are not kept, nothing is OOMKilled: ${(error as Error).message}`);
    return undefined;
  });
  const url = new URL(connection.url);
  const api = { host: url.hostname, port: Number(url.port || 443) };
  const gateway = network && (await startApiGateway(network.gateway, api));
  const writers = new Map<string, EventWriter>();
  const workers = new Map<string, PodWorker>();
  const onError = (error: unknown) => log(`node agent: ${String(error)}`);
  const services = new Informer(client, { apiVersion: 'v1', plural: 'services' }, { onError });
  const pods = new Informer(client, { apiVersion: 'v1', plural: 'pods' }, { onError });
  const names = () => [
    ...serviceNames(
      services.list(),
      pods.list() as Pod[],
      (pod) => workers.get(pod.metadata.uid!)?.address ?? pod.status?.podIP,
    ),
    ...(gateway ? [{ address: gateway.address, namespace: 'default', name: 'kubernetes' }] : []),
  ];
  let isRefreshing = false;
  const refreshHosts = (): void => {
    if (isRefreshing) return;
    isRefreshing = true;
    setImmediate(() => {
      isRefreshing = false;
      for (const worker of workers.values()) worker.refreshHosts();
    });
  };
  const context: AgentContext = {
    client: patient,
    now,
    log,
    events(nodeName) {
      const known = writers.get(nodeName) ?? eventWriter(client, 'kubelet', now, nodeName);
      writers.set(nodeName, known);
      return known;
    },
    images: options.images,
    ...(network ? { network } : {}),
    ...(groups ? { groups } : {}),
    hostIP,
    podsFolder,
    overlayInMemory: false,
    apiAddress: gateway ? { host: apiServiceName, port: gateway.port } : api,
    hostsOf: (pod, address, hostname) => hostsFile(pod, address, hostname, names()),
    addressKnown: refreshHosts,
  };
  const authority = await CertificateAuthority.read(options.certificateAuthority);
  const hosts = [hostIP, 'localhost', ...options.nodes.map(({ name }) => name)];
  const server = await startKubeletServer({
    serving: await authority.issueServing({ commonName: `system:node:${options.nodes[0]?.name}`, hosts }),
    authorityCertificate: options.certificateAuthority.certificate,
    find: (namespace, name) =>
      [...workers.values()].find(({ pod: { metadata } }) => metadata.namespace === namespace && metadata.name === name),
    log,
  });
  const machine = { cpu: String(cpus().length), memory: `${Math.floor(totalmem() / 1024)}Ki` };
  const registration = await registerNodes(client, options.nodes, {
    hostIP,
    port: server.port,
    machine,
    now,
    log,
    ...(options.heartbeatMs ? { heartbeatMs: options.heartbeatMs } : {}),
  });
  const mine = new Set(options.nodes.map(({ name }) => name));
  services.onChange(refreshHosts).start();
  await services.synced;
  pods
    .onChange((object, change) => {
      const pod = object as Pod;
      refreshHosts();
      if (!pod.spec.nodeName || !mine.has(pod.spec.nodeName)) return;
      const uid = pod.metadata.uid!;
      const worker = workers.get(uid);
      if (change === 'deleted') worker?.forget();
      else if (worker) worker.update(pod);
      else {
        const started = new PodWorker(pod, context);
        workers.set(uid, started);
        void started.done.catch(onError).finally(() => {
          workers.delete(uid);
          refreshHosts();
        });
      }
    })
    .start();
  await pods.synced;
  await removeStrangers(podsFolder, (uid) => workers.has(uid));
  return {
    port: server.port,
    async stop() {
      patient.loseHeart();
      await Promise.all([pods.stop(), services.stop()]);
      await registration.stop();
      for (const worker of workers.values()) worker.forget();
      await Promise.all([...workers.values()].map(({ done }) => done.catch(onError)));
      await server.stop();
      await gateway?.stop();
      await egress?.stop();
      await network?.stop();
      await groups?.close();
      client.close();
    },
  };
}

/** Tells what this agent makes on the machine from what others make. */
const agentKey = (stateFolder: string): string => createHash('sha256').update(stateFolder).digest('hex').slice(0, 10);
