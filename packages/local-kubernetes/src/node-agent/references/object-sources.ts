// Reads what a pod's environment and volumes are made of from the API.

import type { KubernetesClient } from '../../client/kubernetes-client.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import type { Container, Pod } from '../pod-types.ts';
import type { EnvironmentSources } from './environment.ts';
import type { Token } from './held-tokens.ts';

export interface VolumeSources {
  /** Contents by key; undefined when there is no such object. */
  configMap(name: string): Promise<Record<string, Buffer> | undefined>;
  secret(name: string): Promise<Record<string, Buffer> | undefined>;
  token(account: string, audience: string | undefined, expirationSeconds: number): Promise<string>;
  /** The folder behind a claim; undefined while it is not bound. */
  claim(name: string): Promise<string | undefined>;
}

/** A new token of an account of the pod's namespace, good as long as the pod is there. */
export async function requestToken(
  client: KubernetesClient,
  { metadata: { namespace = '', name, uid } }: Pod,
  account: string,
  audience: string | undefined,
  expirationSeconds: number,
): Promise<Token> {
  const answer = await client.create(
    { apiVersion: 'v1', plural: 'serviceaccounts', namespace, name: account, subresource: 'token' },
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        ...(audience ? { audiences: [audience] } : {}),
        expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
      },
    },
  );
  const { token, expirationTimestamp } = answer['status'] as { token: string; expirationTimestamp: string };
  return { text: token, expiresAt: Date.parse(expirationTimestamp), lifetimeMs: expirationSeconds * 1000 };
}

/** @param tokens of the pod */
export function volumeSources(client: KubernetesClient, pod: Pod, tokens: VolumeSources['token']): VolumeSources {
  const { namespace = '' } = pod.metadata;
  return {
    configMap: (configMap) => contents(client, namespace, 'configmaps', configMap),
    secret: (secret) => contents(client, namespace, 'secrets', secret),
    token: tokens,
    async claim(claimName) {
      const claim = await read(client, { plural: 'persistentvolumeclaims', namespace, name: claimName });
      const volumeName = (claim?.['spec'] as { volumeName?: string } | undefined)?.volumeName;
      const volume = volumeName ? await read(client, { plural: 'persistentvolumes', name: volumeName }) : undefined;
      const spec = volume?.['spec'] as { hostPath?: { path: string }; local?: { path: string } } | undefined;
      return spec?.hostPath?.path ?? spec?.local?.path;
    },
  };
}

/** Everything a container's environment names, read before it is resolved. */
export async function dataOf(
  client: KubernetesClient,
  namespace: string,
  container: Container,
): Promise<EnvironmentSources> {
  const names = { configmaps: new Set<string>(), secrets: new Set<string>() };
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    if (configMapRef) names.configmaps.add(configMapRef.name);
    if (secretRef) names.secrets.add(secretRef.name);
  }
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.configMapKeyRef?.name) names.configmaps.add(valueFrom.configMapKeyRef.name);
    if (valueFrom?.secretKeyRef?.name) names.secrets.add(valueFrom.secretKeyRef.name);
  }
  const found = new Map<string, Record<string, string> | undefined>();
  await Promise.all(
    (['configmaps', 'secrets'] as const).flatMap((plural) =>
      [...names[plural]].map(async (name) => {
        const data = await contents(client, namespace, plural, name);
        const texts = data && Object.entries(data).map(([key, value]) => [key, value.toString('utf8')] as const);
        found.set(`${plural}/${name}`, texts && Object.fromEntries(texts));
      }),
    ),
  );
  return {
    configMap: (name) => found.get(`configmaps/${name}`),
    secret: (name) => found.get(`secrets/${name}`),
  };
}

async function contents(
  client: KubernetesClient,
  namespace: string,
  plural: 'configmaps' | 'secrets',
  name: string,
): Promise<Record<string, Buffer> | undefined> {
  const object = await read(client, { plural, namespace, name });
  if (!object) return undefined;
  const isSecret = plural === 'secrets';
  const decoded = (field: string, encoding: BufferEncoding) =>
    Object.entries((object[field] ?? {}) as Record<string, string>).map(
      ([key, value]) => [key, Buffer.from(value, encoding)] as const,
    );
  return Object.fromEntries([
    ...decoded('data', isSecret ? 'base64' : 'utf8'),
    ...(isSecret ? [] : decoded('binaryData', 'base64')),
  ]);
}

async function read(
  client: KubernetesClient,
  ref: { plural: string; namespace?: string; name: string },
): Promise<KubernetesObject | undefined> {
  try {
    return await client.get({ apiVersion: 'v1', ...ref });
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return undefined;
    throw error;
  }
}
