// The node agent: registers Nodes, runs the pods bound to them, serves the kubelet API. A Kubernetes client like any.

import { existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { cpus, networkInterfaces, totalmem } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority, type KeyedCertificate } from '../certificates/authority.ts';
import { HttpKubernetesClient } from '../client/http-kubernetes-client.ts';
import { Informer } from '../client/informer.ts';
import { readKubeconfig } from '../client/kubeconfig.ts';
import { StatusError } from '../client/status-error.ts';
import type { EventWriter } from '../controllers/controller-context.ts';
import { eventWriter } from '../controllers/event-writer.ts';
import type { AgentContext } from './agent-context.ts';
import { agentKey } from './host/agent-key.ts';
import {
  type AgentRights,
  type Loss,
  lossesOf,
  noEgress,
  noLimits,
  noNetwork,
  noPolicies,
} from './host/agent-rights.ts';
import { Caretaker } from './host/caretaker.ts';
import { ControlGroups } from './host/cgroup.ts';
import { ownTerminals } from './host/own-terminals.ts';
import { endStrays } from './host/strays.ts';
import { startKubeletServer } from './kubelet-api/kubelet-server.ts';
import { apiServiceName, startApiGateway } from './network/api-gateway.ts';
import { hostsFile, serviceNames } from './network/hosts-file.ts';
import { openEgress } from './network/pod-egress.ts';
import { PodNetwork } from './network/pod-network.ts';
import { type AgentNode, capacityOf, registerNodes } from './node-registration.ts';
import { patientClient } from './patient-client.ts';
import type { Pod } from './pod-types.ts';
import { clearLeftovers, removeStrangers } from './pods/leftovers.ts';
import { PodWorker } from './pods/pod-worker.ts';
import { isDenied, NetworkPolicies } from './policies/network-policies.ts';
import { findPacketFilter, type PacketFilter } from './policies/packet-filter.ts';
import { FollowedObjects } from './references/followed-objects.ts';
import type { ImageMapping } from './roots/image-table.ts';

export interface NodeAgentOptions {
  readonly kubeconfigPath: string;
  readonly nodes: readonly AgentNode[];
  readonly stateFolder: string;
  readonly images: readonly ImageMapping[];
  /** What this process may do; it was started with them (`withRights`). */
  readonly rights: AgentRights;
  /** Issues the kubelet API's certificate; clients of that API are known by it too. */
  readonly certificateAuthority: KeyedCertificate;
  readonly log?: (text: string) => void;
  /** Milliseconds between two heartbeats of a node; 10,000 unless told. */
  readonly heartbeatMs?: number;
}

export interface NodeAgent {
  readonly port: number;
  /** What pods have to do without on this machine. */
  readonly losses: readonly Loss[];
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
  const { rights } = options;
  const key = agentKey(options.stateFolder);
  if (rights.kind === 'none') endStrays(key);
  const losses = lossesOf(rights);
  if (rights.kind === 'user')
    await ownTerminals().catch((error: unknown) => log(`terminals: ${(error as Error).message}`));
  const lost = (what: string, remedy: string) => (error: unknown) => {
    losses.push({ what: `${what} (${(error as Error).message})`, remedy });
    return undefined;
  };
  const network = await openNetwork(options, lost(...noNetwork));
  const caretaker = rights.kind === 'none' ? undefined : await Caretaker.start(options.stateFolder);
  const atEnd = (duty: string) => caretaker?.atEnd(duty);
  const [filter] = await Promise.all([
    openFilter(network, lost(...noPolicies)),
    network && openEgress(network, atEnd).catch(lost(...noEgress)),
  ]);
  const groups = await ControlGroups.open(key).catch(lost(...noLimits));
  for (const duty of groups?.duties ?? []) atEnd(duty);
  for (const { what, remedy } of losses) log(`${what}: ${remedy}`);
  const url = new URL(connection.url);
  const api = { host: url.hostname, port: Number(url.port || 443) };
  const gateway = network && startApiGateway(await network.listen(), api);
  const writers = new Map<string, EventWriter>();
  const workers = new Map<string, PodWorker>();
  const onError = (error: unknown) => log(`node agent: ${String(error)}`);
  const services = new Informer(client, { apiVersion: 'v1', plural: 'services' }, { onError });
  const pods = new Informer(client, { apiVersion: 'v1', plural: 'pods' }, { onError });
  const addressOf = (pod: Pod) => workers.get(pod.metadata.uid!)?.address ?? pod.status?.podIP;
  const names = () => [
    ...serviceNames(services.list(), pods.list() as Pod[], addressOf),
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
  const disk = statfsSync(options.stateFolder);
  const machine = {
    cpu: String(cpus().length),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    'ephemeral-storage': `${Math.floor((disk.blocks * disk.bsize) / 1024)}Ki`,
  };
  // That the server is away others say.
  const followed = new FollowedObjects(client, (error) => {
    if (error instanceof StatusError) onError(error);
  });
  const policies = await NetworkPolicies.start({
    client: patient,
    pods,
    addressOf,
    nodeAddresses: () => machineAddresses(network),
    filter,
    notApplied: (pod, message) =>
      context.events(pod.spec.nodeName!)(pod, 'Warning', 'NetworkPolicyNotApplied', message),
    onError,
  }).catch((error: unknown) => {
    if (!isDenied(error)) throw error;
    log(`${noPolicies[0]} (${error.message}): let the node agent list and watch networkpolicies and namespaces`);
    return undefined;
  });
  const context: AgentContext = {
    client: patient,
    followed,
    now,
    log,
    events(nodeName) {
      const known = writers.get(nodeName) ?? eventWriter(client, 'kubelet', now, nodeName);
      writers.set(nodeName, known);
      return known;
    },
    images: options.images,
    ...(network ? { network } : {}),
    ...(policies ? { policies } : {}),
    ...(groups ? { groups } : {}),
    hostIP,
    allocatable: (nodeName) =>
      capacityOf(
        options.nodes.find(({ name }) => name === nodeName),
        machine,
      ),
    heldBy: (nodeName) =>
      [...workers.values()]
        .filter(({ holdsRoom, pod }) => holdsRoom && pod.spec.nodeName === nodeName)
        .map(({ pod }) => pod),
    podsFolder,
    rights,
    agentKey: key,
    apiAddress: gateway ? { host: apiServiceName, port: gateway.port } : api,
    hostsOf: (pod, address, hostname) =>
      hostsFile(pod, address, hostname, names(), pod.spec.hostNetwork ? machineHosts() : ''),
    addressKnown() {
      refreshHosts();
      void policies?.changed();
    },
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
    losses,
    async stop() {
      patient.loseHeart();
      await Promise.all([pods.stop(), services.stop()]);
      await registration.stop();
      for (const worker of workers.values()) worker.forget();
      await Promise.all([...workers.values()].map(({ done }) => done.catch(onError)));
      await Promise.all([followed.stop(), policies?.stop()]);
      await server.stop();
      await gateway?.stop();
      await network?.stop();
      await caretaker?.stop();
      if (rights.kind === 'none') endStrays(key);
      client.close();
    },
  };
}

async function openNetwork({ rights, stateFolder }: NodeAgentOptions, lost: (error: unknown) => undefined) {
  return rights.kind === 'none' ? undefined : PodNetwork.start(stateFolder, rights.kind === 'root').catch(lost);
}

/** What holds back connections of pods, or why nothing can. */
async function openFilter(network: PodNetwork | undefined, lost: (error: unknown) => void) {
  const found = network ? findPacketFilter() : Promise.reject(new Error('pods share the network of this machine'));
  return found.catch((error: Error): PacketFilter | Error => {
    lost(error);
    return error;
  });
}

/** From which this machine reaches pods and their ports, and at which they reach it. */
const machineAddresses = (network: PodNetwork | undefined): string[] => [
  ...new Set([
    ...(network ? [network.gateway] : []),
    ...Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address)),
  ]),
];

const machineHosts = (): string => (existsSync('/etc/hosts') ? readFileSync('/etc/hosts', 'utf8') : '');
