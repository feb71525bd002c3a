/** Whom the policy lets in, judged by what the API says of ingress rules (networking.k8s.io/v1): one rule that fits is enough. */
import { describe, expect, it } from 'vitest';
import { normalize } from '../resolve/normalize.ts';
import type { KubernetesObject, MiniCluster } from '../schema/minicluster.ts';
import { brokerPort } from './broker-config.ts';
import { jobObject } from './job.ts';
import { networkPolicyObject } from './network-policy.ts';
import { registrationOf } from './registration.ts';
import { servicePod } from './service-pod.ts';

type Labels = Record<string, string>;

interface Selector {
  readonly matchLabels: Labels;
}

interface Spec {
  readonly podSelector: Selector;
  readonly policyTypes: string[];
  readonly ingress: {
    readonly from?: { readonly podSelector?: Selector }[];
    readonly ports?: { readonly protocol: string; readonly port: number; readonly endPort: number }[];
  }[];
}

const cluster = (name: string) =>
  normalize({
    apiVersion: 'flux-framework.org/v1alpha2',
    kind: 'MiniCluster',
    metadata: { name, namespace: 'ns', uid: 'u' },
    spec: { size: 2, containers: [{ image: 'app' }], services: [{ image: 'app', name: 'sidecar' }] },
  } as MiniCluster);
const podsOf = (name: string): Labels[] => {
  const wanted = cluster(name);
  const job = jobObject(wanted, registrationOf(wanted, undefined, undefined), 2) as KubernetesObject & {
    spec: { template: { metadata: { labels: Labels } } };
  };
  return [job.spec.template.metadata.labels, servicePod(wanted)!.metadata.labels!];
};
const spec = networkPolicyObject(cluster('mine'))['spec'] as Spec;
const fits = (labels: Labels, { matchLabels }: Selector) =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value);

/** Whether the policy lets a pod of the same namespace reach a port of a pod. */
function letsIn(from: Labels, to: Labels, port: number, protocol = 'TCP'): boolean {
  if (!fits(to, spec.podSelector) || !spec.policyTypes.includes('Ingress')) return true;
  return spec.ingress.some(
    (rule) =>
      (!rule.from || rule.from.some(({ podSelector }) => podSelector && fits(from, podSelector))) &&
      (!rule.ports ||
        rule.ports.some((each) => each.protocol === protocol && each.port <= port && port <= each.endPort)),
  );
}

describe('the network policy of a MiniCluster', () => {
  const [mine, myService] = podsOf('mine') as [Labels, Labels];
  const [theirs] = podsOf('theirs') as [Labels];

  it('lets its own pods reach the brokers, and nobody else', () => {
    expect([mine, myService].map((from) => letsIn(from, mine, brokerPort))).toEqual([true, true]);
    expect([theirs, {}, { app: 'flux-operator' }].map((from) => letsIn(from, mine, brokerPort))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('leaves every other port as it is', () => {
    for (const port of [1, 80, brokerPort - 1, brokerPort + 1, 65535]) expect(letsIn(theirs, mine, port)).toBe(true);
    expect(letsIn(theirs, mine, 53, 'UDP')).toBe(true);
  });

  it('says nothing of the pods of others', () => {
    expect(letsIn(mine, theirs, brokerPort)).toBe(true);
  });
});
