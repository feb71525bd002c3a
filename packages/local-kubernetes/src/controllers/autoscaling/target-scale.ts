// The scale of what an autoscaler sizes, as Kubernetes' scale client reads and writes it.

import type { KubernetesClient, ResourceRef } from '../../client/kubernetes-client.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import { goQuote } from '../../schema/field-error.ts';
import { noSuchResource } from '../../verbs/status-errors.ts';
import { resourceOfKind } from '../resource-of-kind.ts';
import type { CrossVersionObjectReference, Scale } from './autoscaler-types.ts';

export interface TargetScale {
  readonly ref: ResourceRef;
  readonly scale: KubernetesObject & Scale;
}

const mostConflicts = 5;

/** @throws {Error} with the words of a real controller: no such kind, no such object, no scale, a selector that nobody can read */
export async function targetScale(
  client: KubernetesClient,
  namespace: string,
  target: CrossVersionObjectReference,
): Promise<TargetScale> {
  const parts = (target.apiVersion ?? '').split('/');
  const group = parts.length === 2 ? parts[0]! : '';
  const resource = await resourceOfKind(client, group, target.kind);
  if (!resource) throw new Error(`no matches for kind "${target.kind}" in group "${group}"`);
  const { apiVersion, plural, isNamespaced, isBuiltIn } = resource;
  // It is looked for in the namespace of the autoscaler, where no object without a namespace is served.
  if (!isNamespaced && !isBuiltIn) throw new Error(`${noSuchResource().message} (get ${plural} ${target.name})`);
  const ref = { apiVersion, plural, namespace, name: target.name, subresource: 'scale' };
  const scale = (await client.get(ref)) as KubernetesObject & Scale;
  const { selector = '' } = scale.status;
  await selectsAnyPod(client, namespace, selector).catch((error: Error) => {
    const why = `couldn't parse the selector string ${goQuote(selector)}: ${error.message}`;
    const failed = 'received an object from a /scale endpoint which was not convertible to autoscaling Scale';
    throw new Error(`${failed}: failed to parse target selector: ${why}`);
  });
  return { ref, scale };
}

/** @throws {StatusError} BadRequest, where the text is no selector */
export async function selectsAnyPod(
  client: KubernetesClient,
  namespace: string,
  labelSelector: string,
): Promise<boolean> {
  const { items } = await client.list({ apiVersion: 'v1', plural: 'pods', namespace }, { labelSelector, limit: 1 });
  return items.length > 0;
}

/** Another write of the target that comes first is no hindrance. @throws {StatusError} when the server refuses */
export async function rescale(client: KubernetesClient, target: TargetScale, replicas: number): Promise<void> {
  let { scale } = target;
  for (let left = mostConflicts; ; left--) {
    try {
      await client.update(target.ref, { ...scale, spec: { ...scale.spec, replicas } });
      return;
    } catch (error) {
      if (left === 1 || !(error instanceof StatusError && error.reason === 'Conflict')) throw error;
      scale = (await client.get(target.ref)) as KubernetesObject & Scale;
    }
  }
}
