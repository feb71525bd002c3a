/**
 * Server-side apply with the object's own text. The official client writes kinds that it knows through its own models,
 * which lose fields that are no names in its language: `default` and `x-kubernetes-validations` of a CRD's schema.
 */
import type { KubeConfig } from '@kubernetes/client-node';
import { requestApi, textOf } from './request.ts';

/** @throws Error with the API's message when it refuses */
export async function applyObject(config: KubeConfig, path: string, object: object): Promise<void> {
  const answer = await requestApi(config, {
    method: 'PATCH',
    path,
    contentType: 'application/apply-patch+yaml',
    text: JSON.stringify(object),
  });
  await textOf(answer);
}
