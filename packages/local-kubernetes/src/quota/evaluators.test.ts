import { describe, expect, it } from 'vitest';
import { printAmounts } from '../schema/amounts.ts';
import type { JsonObject } from '../schema/schema.ts';
import { evaluatorOf } from './evaluators.ts';
import { scopesOf } from './scopes.ts';

const now = new Date('2026-01-01T00:01:00Z');
const core = (plural: string) => evaluatorOf({ group: '', plural })!;
const usage = (plural: string, object: JsonObject) => printAmounts(core(plural).usage(object, now));
const pod = (spec: JsonObject, rest: JsonObject = {}): JsonObject => ({ spec, ...rest });
const container = (requests: JsonObject, limits: JsonObject = {}) => ({ name: 'c', resources: { requests, limits } });

describe('what a pod takes', () => {
  it.each<[string, JsonObject, Record<string, string>]>([
    ['of nothing but its number', pod({ containers: [{ name: 'c' }] }), { 'count/pods': '1', pods: '1' }],
    [
      'of all that it asks for, with what its runtime costs',
      pod({
        containers: [container({ cpu: '1', memory: '1Gi' }, { cpu: '2' }), container({ cpu: '500m' })],
        overhead: { cpu: '100m', memory: '1Mi' },
      }),
      {
        'count/pods': '1',
        cpu: '1600m',
        'limits.cpu': '2100m',
        memory: '1025Mi',
        pods: '1',
        'requests.cpu': '1600m',
        'requests.memory': '1025Mi',
      },
    ],
    [
      'of pages and devices',
      pod({ containers: [container({ 'hugepages-2Mi': '4Mi', 'example.com/gpu': '2', 'ephemeral-storage': '1Gi' })] }),
      {
        'count/pods': '1',
        'ephemeral-storage': '1Gi',
        'hugepages-2Mi': '4Mi',
        pods: '1',
        'requests.ephemeral-storage': '1Gi',
        'requests.example.com/gpu': '2',
        'requests.hugepages-2Mi': '4Mi',
      },
    ],
    [
      'of its number alone once it has ended',
      pod({ containers: [container({ cpu: '1' })] }, { status: { phase: 'Succeeded' } }),
      { 'count/pods': '1' },
    ],
    [
      'of its number alone when it should be gone',
      pod(
        { containers: [container({ cpu: '1' })] },
        { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 30 } },
      ),
      { 'count/pods': '1' },
    ],
    [
      'of all while it ends in time',
      pod(
        { containers: [container({ cpu: '1' })] },
        { metadata: { deletionTimestamp: '2026-01-01T00:00:40Z', deletionGracePeriodSeconds: 30 } },
      ),
      { 'count/pods': '1', cpu: '1', pods: '1', 'requests.cpu': '1' },
    ],
  ])('%s', (_name, object, amounts) => expect(usage('pods', object)).toEqual(amounts));

  it('has to be said by each container, of processors and memory alone', () => {
    const resources = ['cpu', 'limits.memory', 'requests.ephemeral-storage', 'pods'];
    const missing = (spec: JsonObject) => core('pods').missing?.(resources, pod(spec));
    const containers = [
      { name: 'b', resources: { requests: { cpu: '1' } } },
      { name: 'a', resources: { limits: { memory: '1Mi' } } },
    ];
    expect(missing({ containers })).toBe('must specify cpu for: a; limits.memory for: b');
    expect(missing({ containers: [container({ cpu: '1' }, { memory: '1' })], initContainers: [{ name: 'i' }] })).toBe(
      'must specify cpu for: i; limits.memory for: i',
    );
    expect(missing({ containers: [container({ cpu: '1' }, { memory: '1' })] })).toBeUndefined();
    expect(missing({ containers, resources: { requests: { cpu: '1' } } })).toBeUndefined();
  });

  it('is counted by these names', () => {
    const names = ['pods', 'count/pods', 'cpu', 'limits.ephemeral-storage', 'requests.hugepages-1Gi', 'hugepages-2Mi'];
    for (const name of [...names, 'requests.example.com/gpu']) expect(core('pods').counts(name), name).toBe(true);
    for (const name of [
      'services',
      'count/jobs.batch',
      'requests.storage',
      'example.com/gpu',
      'requests.kubernetes.io/x',
    ])
      expect(core('pods').counts(name), name).toBe(false);
  });

  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['ends', {}, { status: { phase: 'Failed' } }, true],
    ['runs', {}, { status: { phase: 'Running' } }, false],
    ['is given a deadline', { spec: {} }, { spec: { activeDeadlineSeconds: 0 } }, true],
    ['has ended before', { status: { phase: 'Failed' } }, { status: { phase: 'Failed', reason: 'x' } }, false],
  ])('is counted anew when a pod %s: %#', (_name, old, object, isChanged) => {
    expect(core('pods').isChanged?.(old, object, now)).toBe(isChanged);
  });
});

describe('what others take', () => {
  const service = (spec: JsonObject) =>
    usage('services', { spec: { ports: [{ port: 1 }, { port: 2, nodePort: 30000 }], ...spec } });
  const counted = { 'count/services': '1', services: '1' };
  it.each<[string, JsonObject, string, string]>([
    ['inside', { type: 'ClusterIP' }, '0', '0'],
    ['on nodes', { type: 'NodePort' }, '2', '0'],
    ['by a balancer', { type: 'LoadBalancer' }, '2', '1'],
    [
      'by a balancer without ports of its own',
      { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false },
      '1',
      '1',
    ],
  ])('a Service %s', (_name, spec, ports, balancers) =>
    expect(service(spec)).toEqual({ ...counted, 'services.nodeports': ports, 'services.loadbalancers': balancers }),
  );

  it('a claim: storage in whole bytes, of its class too, and what it was given if that is more', () => {
    const claim = { spec: { storageClassName: 'fast', resources: { requests: { storage: '1500m' } } } };
    expect(usage('persistentvolumeclaims', claim)).toEqual({
      'count/persistentvolumeclaims': '1',
      'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
      'fast.storageclass.storage.k8s.io/requests.storage': '2',
      persistentvolumeclaims: '1',
      'requests.storage': '2',
    });
    const given = { ...claim, status: { allocatedResources: { storage: '1Gi' } } };
    expect(usage('persistentvolumeclaims', given)['requests.storage']).toBe('1Gi');
    expect(core('persistentvolumeclaims').counts('fast.storageclass.storage.k8s.io/requests.storage')).toBe(true);
  });

  it('objects of any kind, some under an older name too; events nothing', () => {
    expect(usage('secrets', {})).toEqual({ 'count/secrets': '1', secrets: '1' });
    expect(printAmounts(evaluatorOf({ group: 'a.b', plural: 'things' })!.usage({}, now))).toEqual({
      'count/things.a.b': '1',
    });
    expect(evaluatorOf({ group: '', plural: 'events' })).toBeUndefined();
    expect(evaluatorOf({ group: 'events.k8s.io', plural: 'events' })).toBeUndefined();
  });
});

describe('scopes', () => {
  const within = (plural: string, spec: JsonObject, object: JsonObject) =>
    scopesOf({ spec }).every((scope) => core(plural).isInScope(scope, object));
  const priority = (operator: string, ...values: string[]) => ({
    scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, values }] },
  });
  const urgent = { spec: { priorityClassName: 'urgent' } };
  const elsewhere = (kind: string, term: JsonObject) => ({
    spec: { affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } },
  });
  it.each<[string, string, JsonObject, JsonObject, boolean]>([
    ['none is all', 'pods', {}, {}, true],
    ['a deadline', 'pods', { scopes: ['Terminating'] }, { spec: { activeDeadlineSeconds: 1 } }, true],
    ['no deadline', 'pods', { scopes: ['NotTerminating'] }, { spec: { activeDeadlineSeconds: 1 } }, false],
    ['best effort', 'pods', { scopes: ['BestEffort'] }, { status: { qosClass: 'BestEffort' } }, true],
    ['not best effort', 'pods', { scopes: ['NotBestEffort'] }, { status: { qosClass: 'BestEffort' } }, false],
    ['both of two', 'pods', { scopes: ['NotTerminating', 'BestEffort'] }, { status: { qosClass: 'Burstable' } }, false],
    ['any priority', 'pods', { scopes: ['PriorityClass'] }, urgent, true],
    ['a priority', 'pods', priority('In', 'urgent'), urgent, true],
    ['another priority', 'pods', priority('In', 'low'), urgent, false],
    ['not a priority', 'pods', priority('NotIn', 'low'), urgent, true],
    ['not a priority, without one', 'pods', priority('NotIn', 'low'), {}, true],
    ['no priority', 'pods', priority('DoesNotExist'), urgent, false],
    [
      'affinity to other namespaces',
      'pods',
      { scopes: ['CrossNamespacePodAffinity'] },
      elsewhere('podAntiAffinity', { namespaces: ['x'] }),
      true,
    ],
    [
      'affinity to all namespaces',
      'pods',
      { scopes: ['CrossNamespacePodAffinity'] },
      elsewhere('podAffinity', { namespaceSelector: {} }),
      true,
    ],
    ['affinity at home', 'pods', { scopes: ['CrossNamespacePodAffinity'] }, elsewhere('podAffinity', {}), false],
    ['of services there are none', 'services', { scopes: ['Terminating'] }, {}, false],
    [
      'a class of volumes',
      'persistentvolumeclaims',
      { scopes: ['VolumeAttributesClass'] },
      { status: { currentVolumeAttributesClassName: 'x' } },
      true,
    ],
    ['no class of volumes', 'persistentvolumeclaims', { scopes: ['VolumeAttributesClass'] }, { spec: {} }, false],
  ])('%s', (_name, plural, spec, object, isWithin) => expect(within(plural, spec, object)).toBe(isWithin));
});
