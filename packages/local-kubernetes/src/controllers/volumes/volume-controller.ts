// Binds claims to volumes, makes a folder of this machine for a claim of the local class, and takes back what a claim
// leaves. A claim that a pod uses, and a volume that a claim has, are held by a finalizer until they are free.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Informer } from '../../client/informer.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { hasEnded } from '../../kinds/pod-end.ts';
import type { Pod } from '../../node-agent/pod-types.ts';
import type { ControllerContext } from '../controller-context.ts';
import { type Claim, isBoundTo, matchVolume, type Volume } from './match-volume.ts';
import { claimProtection, localProvisioner, volumeProtection } from './storage-names.ts';

const claims = { apiVersion: 'v1', plural: 'persistentvolumeclaims' };
const volumes = { apiVersion: 'v1', plural: 'persistentvolumes' };
const classes = { apiVersion: 'storage.k8s.io/v1', plural: 'storageclasses' };
const pods = { apiVersion: 'v1', plural: 'pods' };
const provisionedBy = 'pv.kubernetes.io/provisioned-by';

interface StorageClass extends KubernetesObject {
  provisioner: string;
  reclaimPolicy?: 'Retain' | 'Delete';
}

/** @param folder where the folders of claims are made; without one no claim gets a folder */
export function startVolumeController(
  { client, log, events, now }: ControllerContext,
  folder: string | undefined,
): { stop(): Promise<void> } {
  const onError = (error: unknown) => log(String(error));
  const queue = new WorkQueue((key) => (key.startsWith('/') ? syncVolume(key.slice(1)) : syncClaim(key)), {
    onError: (key, error) => log(`${key}: ${String(error)}`),
  });
  const claimInformer = new Informer(client, claims, { onError }).onChange((claim) => {
    queue.add(`${claim.metadata.namespace}/${claim.metadata.name}`);
    const { volumeName } = (claim as Claim).spec;
    if (volumeName) queue.add(`/${volumeName}`);
  });
  const volumeInformer = new Informer(client, volumes, { onError }).onChange((volume) => {
    queue.add(`/${volume.metadata.name}`);
    for (const claim of claimInformer.list() as Claim[]) if (claim.status?.phase !== 'Bound') addClaim(claim);
  });
  const classInformer = new Informer(client, classes, { onError }).onChange(() => {
    for (const claim of claimInformer.list() as Claim[]) if (claim.status?.phase !== 'Bound') addClaim(claim);
  });
  const podInformer = new Informer(client, pods, { onError }).onChange((object) => {
    for (const name of claimsOf(object as Pod)) queue.add(`${object.metadata.namespace}/${name}`);
  });
  const informers = [claimInformer, volumeInformer, classInformer, podInformer];
  for (const informer of informers) informer.start();

  function addClaim({ metadata }: Claim): void {
    queue.add(`${metadata.namespace}/${metadata.name}`);
  }

  async function syncClaim(key: string): Promise<undefined> {
    await Promise.all(informers.map(({ synced }) => synced));
    const [namespace, name] = key.split('/') as [string, string];
    const claim = claimInformer.get(namespace, name) as Claim | undefined;
    if (!claim) return;
    if (claim.metadata.deletionTimestamp) {
      const isUsed = (podInformer.list() as Pod[]).some(
        (pod) => pod.metadata.namespace === namespace && !hasEnded(pod) && claimsOf(pod).includes(name),
      );
      if (!isUsed) await letGo({ ...claims, namespace, name }, claim, claimProtection);
    } else if (claim.status?.phase !== 'Bound') await bind(claim);
  }

  async function bind(claim: Claim): Promise<void> {
    const known = volumeInformer.list() as Volume[];
    const volume = matchVolume(claim, known);
    if (volume) {
      await tolerant(take(claim, volume));
      return;
    }
    if (claim.spec.volumeName) return;
    const { storageClassName } = claim.spec;
    const found = storageClassName ? (classInformer.get(undefined, storageClassName) as StorageClass) : undefined;
    if (found?.provisioner === localProvisioner && folder) await provision(claim, found, folder);
    else if (found) {
      const message = `Waiting for a volume to be created either by the external provisioner '${found.provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
      events(claim, 'Normal', 'ExternalProvisioning', message);
    } else if (storageClassName) {
      const message = `storageclass.storage.k8s.io "${storageClassName}" not found`;
      events(claim, 'Warning', 'ProvisioningFailed', message);
    } else {
      const message = 'no persistent volumes available for this claim and no storage class is set';
      events(claim, 'Normal', 'FailedBinding', message);
    }
  }

  /** The volume first: a claim that is bound has its volume whatever happens in between. */
  async function take(claim: Claim, volume: Volume): Promise<void> {
    const { namespace, name, uid, resourceVersion } = claim.metadata;
    const bound = { 'pv.kubernetes.io/bound-by-controller': 'yes' };
    if (!isBoundTo(volume, claim)) {
      const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid, resourceVersion };
      const annotations = volume.spec.claimRef ? {} : bound;
      const changed = { ...volume, spec: { ...volume.spec, claimRef } };
      changed.metadata = { ...volume.metadata, annotations: { ...volume.metadata.annotations, ...annotations } };
      await client.update({ ...volumes, name: volume.metadata.name! }, changed);
    }
    const ref = { ...claims, namespace: namespace!, name: name! };
    const annotations = { 'pv.kubernetes.io/bind-completed': 'yes', ...(claim.spec.volumeName ? {} : bound) };
    await client.patch(ref, { metadata: { uid, annotations }, spec: { volumeName: volume.metadata.name } }, 'merge');
    const { accessModes, capacity } = volume.spec;
    await client.patch(
      { ...ref, subresource: 'status' },
      { metadata: { uid }, status: { phase: 'Bound', accessModes, capacity } },
      'merge',
    );
  }

  async function provision(claim: Claim, storageClass: StorageClass, place: string): Promise<void> {
    const { namespace, name, uid } = claim.metadata;
    const volumeName = `pvc-${uid}`;
    const { accessModes, volumeMode, resources } = claim.spec;
    const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid };
    await tolerant(
      client.create(volumes, {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: volumeName, annotations: { [provisionedBy]: localProvisioner } },
        spec: {
          accessModes,
          volumeMode,
          capacity: { storage: resources?.requests?.storage },
          claimRef,
          storageClassName: storageClass.metadata.name,
          persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
          hostPath: { path: join(place, volumeName), type: 'DirectoryOrCreate' },
        },
      }),
    );
    events(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeName}`);
  }

  async function syncVolume(name: string): Promise<undefined> {
    await Promise.all(informers.map(({ synced }) => synced));
    const volume = volumeInformer.get(undefined, name) as Volume | undefined;
    if (!volume) return;
    const { claimRef } = volume.spec;
    const claim = claimRef && (claimInformer.get(claimRef.namespace, claimRef.name!) as Claim | undefined);
    const isClaimed = claim !== undefined && (!claimRef?.uid || claimRef.uid === claim.metadata.uid);
    if (!claimRef?.uid) await setPhase(volume, 'Available');
    else if (isClaimed) await setPhase(volume, 'Bound');
    else {
      await setPhase(volume, 'Released');
      const isOurs = volume.metadata.annotations?.[provisionedBy] === localProvisioner;
      if (isOurs && folder && volume.spec.persistentVolumeReclaimPolicy === 'Delete') {
        rmSync(join(folder, name), { recursive: true, force: true });
        await tolerant(client.delete({ ...volumes, name }, { preconditions: { uid: volume.metadata.uid! } }));
      }
    }
    if (volume.metadata.deletionTimestamp && !isClaimed) await letGo({ ...volumes, name }, volume, volumeProtection);
  }

  async function setPhase({ metadata, status }: Volume, phase: NonNullable<Volume['status']>['phase']): Promise<void> {
    if (status?.phase === phase) return;
    const change = {
      phase,
      lastPhaseTransitionTime: now()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
    };
    const ref = { ...volumes, name: metadata.name!, subresource: 'status' };
    await tolerant(client.patch(ref, { metadata: { uid: metadata.uid }, status: change }, 'merge'));
  }

  async function letGo(
    ref: { apiVersion: string; plural: string; namespace?: string; name: string },
    { metadata: { uid, finalizers = [] } }: KubernetesObject,
    finalizer: string,
  ): Promise<void> {
    if (!finalizers.includes(finalizer)) return;
    const left = finalizers.filter((each) => each !== finalizer);
    await tolerant(client.patch(ref, { metadata: { uid, finalizers: left } }, 'merge'));
  }

  return {
    async stop() {
      await Promise.all(informers.map((informer) => informer.stop()));
      await queue.stop();
    },
  };
}

function claimsOf({ spec }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** What is gone or has changed in the meantime is looked at again when its change arrives. */
async function tolerant(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof StatusError && (error.code === 404 || error.code === 409))) throw error;
  }
}
