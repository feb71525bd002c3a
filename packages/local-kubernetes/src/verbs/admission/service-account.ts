// ServiceAccount: a pod runs as an account of its namespace, and gets its token and the cluster's certificate mounted.
// Facts: k8s.io/kubernetes plugin/pkg/admission/serviceaccount.

import { resourceOf } from '../request.ts';
import { forbidden } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const tokenLifetimeSeconds = 3607;

interface Container {
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
}

interface PodSpec {
  serviceAccountName?: string;
  serviceAccount?: string;
  automountServiceAccountToken?: boolean;
  containers?: Container[];
  initContainers?: Container[];
  volumes?: { name: string; [source: string]: unknown }[];
}

export const serviceAccountAdmission: AdmissionStep = {
  mutate(context, { operation, target, object, transaction }) {
    if (operation !== 'CREATE' || target.subresource || target.kind.group !== '' || target.kind.plural !== 'pods')
      return;
    const spec = object?.['spec'] as PodSpec | undefined;
    if (!spec || object?.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return;
    const name = spec.serviceAccountName || 'default';
    spec.serviceAccountName = name;
    spec.serviceAccount = name;
    const account = transaction.get('serviceaccounts', `${target.namespace}/${name}`)?.object;
    if (!account) {
      throw forbidden(
        resourceOf(target),
        target.name,
        `error looking up service account ${target.namespace}/${name}: serviceaccount "${name}" not found`,
      );
    }
    const mounts = spec.automountServiceAccountToken ?? account['automountServiceAccountToken'] ?? true;
    if (mounts) mountToken(spec, `kube-api-access-${context.newSuffix()}`);
    const { imagePullSecrets } = account as { imagePullSecrets?: unknown[] };
    const pod = spec as { imagePullSecrets?: unknown[] };
    if (imagePullSecrets?.length && !pod.imagePullSecrets?.length)
      pod.imagePullSecrets = structuredClone(imagePullSecrets);
  },
};

function mountToken(spec: PodSpec, volume: string): void {
  let isUsed = false;
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    const mounts = container.volumeMounts ?? [];
    if (mounts.some((mount) => mount.mountPath === mountPath)) continue;
    container.volumeMounts = [...mounts, { name: volume, readOnly: true, mountPath }];
    isUsed = true;
  }
  if (!isUsed) return;
  spec.volumes = [
    ...(spec.volumes ?? []),
    {
      name: volume,
      projected: {
        defaultMode: 0o644,
        sources: [
          { serviceAccountToken: { expirationSeconds: tokenLifetimeSeconds, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
      },
    },
  ];
}
