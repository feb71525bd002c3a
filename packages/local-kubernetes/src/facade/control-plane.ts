// The API server with its store, wired together: what a start of a cluster's front half is.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Authenticator } from '../auth/authenticator.ts';
import { RbacAuthorizer } from '../auth/rbac.ts';
import { ServiceAccountTokens } from '../auth/service-account-token.ts';
import { StoredRoles } from '../auth/stored-roles.ts';
import { type ClusterCredentials, loadClusterCredentials } from '../certificates/cluster-credentials.ts';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { ResourceRegistry } from '../discovery/resource-registry.ts';
import { ApiServer } from '../http/api-server.ts';
import type { WatchLimits } from '../http/watch-stream.ts';
import { builtInKinds } from '../kinds/built-in.ts';
import { startCompactor } from '../store/compactor.ts';
import { LmdbMedium } from '../store/lmdb-medium.ts';
import { MemoryMedium } from '../store/memory-medium.ts';
import { Store, type StoreOptions } from '../store/store.ts';
import { admissionChain } from '../verbs/admission/admission-chain.ts';
import { claimResize } from '../verbs/admission/claim-resize.ts';
import { defaultTolerations } from '../verbs/admission/default-tolerations.ts';
import { impliedCreation } from '../verbs/admission/implied-creation.ts';
import { limitRanger } from '../verbs/admission/limit-ranger.ts';
import { namespaceLifecycle } from '../verbs/admission/namespace-lifecycle.ts';
import { nodeTaint } from '../verbs/admission/node-taint.ts';
import { podPriority } from '../verbs/admission/pod-priority.ts';
import { podSecurity } from '../verbs/admission/pod-security.ts';
import { resourceQuota } from '../verbs/admission/resource-quota.ts';
import { roleEscalation } from '../verbs/admission/role-escalation.ts';
import { runtimeClass } from '../verbs/admission/runtime-class.ts';
import { serviceAccountAdmission } from '../verbs/admission/service-account.ts';
import { serviceAddress } from '../verbs/admission/service-address.ts';
import { storageDefaults } from '../verbs/admission/storage-defaults.ts';
import { InProcessKubernetesClient } from '../verbs/in-process-client.ts';
import { randomSuffix } from '../verbs/names.ts';
import { followDefinitions } from '../verbs/reactions/custom-definitions.ts';
import { keepFirstObjects, writeFirstObjects } from '../verbs/reactions/first-objects.ts';
import { followNamespaces } from '../verbs/reactions/namespace-contents.ts';
import type { ApiContext } from '../verbs/request.ts';

export interface ControlPlaneOptions {
  /** Holds the database and the certificates. */
  readonly stateFolder: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Tried first when `port` is 0: what clients of the last run know. */
  readonly formerPort?: number | undefined;
  readonly isInMemory: boolean;
  readonly storeOptions?: Partial<StoreOptions>;
  readonly watchLimits?: Partial<WatchLimits>;
  /** More names and addresses by which clients reach the server. */
  readonly extraHosts?: readonly string[];
  log(text: string): void;
}

export interface ControlPlane {
  readonly url: string;
  readonly port: number;
  readonly credentials: ClusterCredentials;
  readonly context: ApiContext;
  /** A client straight onto the verbs, as the control plane's own user. */
  readonly client: InProcessKubernetesClient;
  stop(): Promise<void>;
}

const host = '127.0.0.1';
const serverHosts = [
  host,
  '10.96.0.1',
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** Starts the API server on what the state folder holds. @throws when the port or the database cannot be had */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { stateFolder, log } = options;
  const credentialsReady = loadClusterCredentials(join(stateFolder, 'pki'), [
    ...serverHosts,
    ...(options.extraHosts ?? []),
  ]);
  const medium = options.isInMemory ? new MemoryMedium() : new LmdbMedium(join(stateFolder, 'store', 'data.mdb'));
  const store = new Store<KubernetesObject>(medium, options.storeOptions);
  const rbac = new RbacAuthorizer(new StoredRoles(store));
  const context: ApiContext = {
    store,
    resources: new ResourceRegistry(builtInKinds),
    now: () => new Date(),
    newUid: () => randomUUID(),
    newSuffix: () => randomSuffix(),
    admission: admissionChain([
      namespaceLifecycle,
      limitRanger,
      serviceAccountAdmission,
      nodeTaint,
      podSecurity,
      podPriority,
      defaultTolerations,
      storageDefaults,
      claimResize,
      runtimeClass,
      serviceAddress,
      impliedCreation(rbac),
      roleEscalation(rbac),
      // Last: what is refused elsewhere is not charged.
      resourceQuota,
    ]),
  };
  const credentials = await credentialsReady;
  const tokens = new ServiceAccountTokens(credentials.tokenKey);
  const authenticator = new Authenticator(tokens, store, context.now);
  const server = new ApiServer({
    context,
    rbac,
    authenticator,
    tokens,
    credentials,
    ...(options.watchLimits ? { watchLimits: options.watchLimits } : {}),
    log,
  });
  const stopDefinitions = followDefinitions(context, log);
  const port = await listen(server, options);
  await writeFirstObjects(context, { host, port });
  const stopKeeping = keepFirstObjects(context, { host, port }, log);
  const authorityCertificate = credentials.authority.pem.certificate;
  const stopNamespaces = followNamespaces(context, { authorityCertificate, log });
  await store.settled();
  const compactor = startCompactor(store, log);
  return {
    url: `https://${host}:${port}`,
    port,
    credentials,
    context,
    client: new InProcessKubernetesClient(context, { rbac, authenticator, tokens }),
    async stop() {
      compactor.stop();
      stopDefinitions();
      stopKeeping();
      stopNamespaces();
      await server.close();
      await store.close();
    },
  };
}

async function listen(server: ApiServer, { port, formerPort }: ControlPlaneOptions): Promise<number> {
  if (port === 0 && formerPort) {
    try {
      return await server.listen(formerPort, host);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  return server.listen(port, host);
}
