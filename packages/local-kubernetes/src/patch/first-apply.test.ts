import { expect, it } from 'vitest';
import { builtInKinds } from '../kinds/built-in.ts';
import { serverSideApply } from './apply.ts';

const schemaOf = (name: string) => builtInKinds.find(({ kind }) => kind === name)!.schema;
const common = { manager: 'm', time: new Date('2026-01-01T00:00:00Z'), force: false };

// The answers of kube-apiserver 1.35.4.
it('takes for managed before the first apply what an empty object has not', () => {
  const policy = (spec: object) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'a' },
    spec,
  });
  const applied = serverSideApply({
    ...common,
    live: policy({ podSelector: {}, policyTypes: ['Ingress'] }),
    patch: policy({ podSelector: { matchLabels: { app: 'x' } }, policyTypes: ['Egress'] }),
    schema: schemaOf('NetworkPolicy'),
    apiVersion: 'networking.k8s.io/v1',
  });
  expect(applied).toMatchObject({ conflicts: [{ field: '.spec.policyTypes' }] });
});

it('tells an entry by a key that it says is null', () => {
  const service = (ports: object[]) => ({ apiVersion: 'v1', kind: 'Service', metadata: {}, spec: { ports } });
  const applied = serverSideApply({
    ...common,
    live: undefined,
    patch: service([{ port: 53, protocol: null }]),
    schema: schemaOf('Service'),
    apiVersion: 'v1',
  });
  expect(JSON.stringify(applied)).toContain('k:{\\"port\\":53,\\"protocol\\":null}');
});
