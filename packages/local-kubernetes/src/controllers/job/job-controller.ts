// Carries out what planJob says: status first, then finalizers, then pods that go and pods that come.

import { isDeepStrictEqual } from 'node:util';
import { Informer } from '../../client/informer.ts';
import type { KubernetesClient } from '../../client/kubernetes-client.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import type { ControllerContext } from '../controller-context.ts';
import type { BackoffRecord } from './failure-backoff.ts';
import { jobPod, randomPodSuffix } from './job-pod.ts';
import { isFinished, type Job, type JobPod, trackingFinalizer } from './job-types.ts';
import { type JobPlan, type NewPod, planJob } from './plan-job.ts';
import { Refusals } from './refusals.ts';
import { inSlowStart } from './slow-start.ts';

const jobs = { apiVersion: 'batch/v1', plural: 'jobs' };
const pods = { apiVersion: 'v1', plural: 'pods' };
/** Pods made at once; more wait for the next look. */
const mostCreatedAtOnce = 500;
const managedHere = 'kubernetes.io/job-controller';

export function startJobController({ client, now, log, events }: ControllerContext): { stop(): Promise<void> } {
  const backoffs = new Map<string, BackoffRecord>();
  const refusals = new Refusals();
  const queue = new WorkQueue(sync, { onError: (key, error) => log(`job ${key}: ${String(error)}`) });
  const enqueue = (object: KubernetesObject) => queue.add(`${object.metadata.namespace}/${object.metadata.name}`);
  const jobInformer = new Informer(client, jobs, { onError: (error) => log(String(error)) }).onChange(enqueue).start();
  const podInformer = new Informer(client, pods, { onError: (error) => log(String(error)) })
    .onChange((pod) => {
      const owner = pod.metadata.ownerReferences?.find(({ controller, kind }) => controller && kind === 'Job');
      if (owner) queue.add(`${pod.metadata.namespace}/${owner.name}`);
    })
    .start();

  jobInformer.onChange((job, change) => {
    if (change !== 'deleted') return;
    backoffs.delete(job.metadata.uid!);
    refusals.forget(job.metadata.uid!);
  });

  async function sync(key: string): Promise<number | undefined> {
    const [namespace, name] = key.split('/') as [string, string];
    const job = (await found(client.get({ ...jobs, namespace, name }))) as Job | undefined;
    if (!job || job.metadata.deletionTimestamp) {
      await releaseOrphans(namespace, name);
      return undefined;
    }
    const mine = await podsOf(client, job);
    if (job.spec.managedBy !== undefined && job.spec.managedBy !== managedHere) return undefined;
    const plan = planJob(job, mine, now(), backoffs.get(job.metadata.uid!));
    await writeStatus(job, plan);
    if (isFinished(job)) backoffs.delete(job.metadata.uid!);
    else backoffs.set(job.metadata.uid!, plan.backoff);
    await Promise.all(plan.untrack.map((pod) => untrack(client, pod)));
    await Promise.all(plan.remove.map((pod) => removePod(job, pod, plan.isOver)));
    const wait = plan.create.length > 0 ? refusals.waitMs(job.metadata.uid!, now()) : 0;
    if (wait > 0) return Math.min(wait, plan.lookAgainMs ?? wait);
    const [failure] = await inSlowStart(plan.create.slice(0, mostCreatedAtOnce), (pod) => createPod(job, pod));
    if (failure !== undefined) {
      log(`job ${key}: ${String(failure)}`);
      const again = refusals.note(job.metadata.uid!, now());
      return Math.min(again, plan.lookAgainMs ?? again);
    }
    refusals.forget(job.metadata.uid!);
    if (plan.create.length > mostCreatedAtOnce) queue.add(key);
    return plan.lookAgainMs ?? expiry(job);
  }

  async function writeStatus(job: Job, plan: JobPlan): Promise<void> {
    if (isDeepStrictEqual(withoutNothing(job.status), withoutNothing(plan.status))) return;
    const { namespace, name } = job.metadata;
    await client.update(
      { ...jobs, namespace: namespace!, name: name!, subresource: 'status' },
      { ...job, status: plan.status },
    );
    for (const condition of plan.status.conditions ?? []) {
      const before = job.status?.conditions?.find(({ type }) => type === condition.type);
      if (before?.status === condition.status) continue;
      if (condition.type === 'Suspended' && condition.status === 'False') {
        events(job, 'Normal', 'Resumed', 'Job resumed');
      }
      if (condition.status !== 'True') continue;
      if (condition.type === 'Complete') events(job, 'Normal', 'Completed', 'Job completed');
      if (condition.type === 'Failed') events(job, 'Warning', condition.reason!, condition.message!);
      if (condition.type === 'Suspended') events(job, 'Normal', 'Suspended', 'Job suspended');
    }
  }

  async function createPod(job: Job, { index, annotations }: NewPod): Promise<void> {
    const pod = jobPod(job, index, randomPodSuffix(), annotations);
    const created = await client.create({ ...pods, namespace: job.metadata.namespace! }, pod).catch((error) => {
      if (isOfEndingNamespace(error)) return undefined;
      events(job, 'Warning', 'FailedCreate', `Error creating: ${error instanceof Error ? error.message : error}`);
      throw error;
    });
    if (created) events(job, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
  }

  /** @param counts whether the end of the pod counts as a failure, as at the end of the Job; what it no longer wants does not */
  async function removePod(job: Job, pod: JobPod, counts: boolean): Promise<void> {
    if (!counts) await untrack(client, pod);
    await found(
      client.delete(
        { ...pods, namespace: pod.metadata.namespace!, name: pod.metadata.name! },
        { preconditions: { uid: pod.metadata.uid! } },
      ),
    );
    events(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }

  // Pods whose Job is gone must not be held back by a finalizer that nobody takes away.
  async function releaseOrphans(namespace: string, name: string): Promise<void> {
    const left = await client.list({ ...pods, namespace }, { labelSelector: `batch.kubernetes.io/job-name=${name}` });
    await Promise.all(left.items.map((pod) => untrack(client, pod as JobPod)));
  }

  function expiry(job: Job): number | undefined {
    const { ttlSecondsAfterFinished } = job.spec;
    if (ttlSecondsAfterFinished === undefined || !isFinished(job)) return undefined;
    const finished = job.status?.conditions?.find(
      ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
    );
    const leftMs = Date.parse(finished!.lastTransitionTime) + ttlSecondsAfterFinished * 1000 - now().getTime();
    if (leftMs > 0) return leftMs;
    const { namespace, name, uid } = job.metadata;
    void found(
      client.delete(
        { ...jobs, namespace: namespace!, name: name! },
        { propagationPolicy: 'Foreground', preconditions: { uid: uid! } },
      ),
    );
    return undefined;
  }

  return {
    async stop() {
      await Promise.all([jobInformer.stop(), podInformer.stop()]);
      await queue.stop();
    },
  };
}

async function podsOf(client: KubernetesClient, job: Job): Promise<JobPod[]> {
  const { items } = await client.list(
    { ...pods, namespace: job.metadata.namespace! },
    { labelSelector: `batch.kubernetes.io/controller-uid=${job.metadata.uid}` },
  );
  return items as JobPod[];
}

/** Lets a pod go that its Job has counted, or need not count. */
export async function untrack(client: KubernetesClient, pod: JobPod): Promise<void> {
  const finalizers = pod.metadata.finalizers?.filter((finalizer) => finalizer !== trackingFinalizer);
  if (finalizers?.length === pod.metadata.finalizers?.length) return;
  const { namespace, name, uid } = pod.metadata;
  await found(
    client.patch({ ...pods, namespace: namespace!, name: name! }, { metadata: { uid, finalizers } }, 'merge'),
  );
}

/** What the request brings; undefined where there is no such object, or another of its name. */
async function found<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof StatusError && (error.code === 404 || (error.code === 409 && error.reason === 'Conflict')))
      return undefined;
    throw error;
  }
}

/** Nothing is made any more where all goes away. */
function isOfEndingNamespace(error: unknown): boolean {
  return (
    error instanceof StatusError &&
    error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true
  );
}

function withoutNothing(status: object | undefined): unknown {
  return JSON.parse(
    JSON.stringify(status ?? {}, (key, value) => (key !== '' && isEmptyObject(value) ? undefined : value)),
  );
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
