import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schema/schema.ts';
import { create, update, warningsOf } from '../through-strategy.fixture.ts';

const policy = (spec: JsonObject) => create('NetworkPolicy', { spec: { podSelector: {}, ...spec } });
const scaler = (spec: JsonObject) =>
  create('HorizontalPodAutoscaler', {
    spec: { scaleTargetRef: { apiVersion: 'batch/v1', kind: 'Job', name: 'x' }, maxReplicas: 2, ...spec },
  });

// The sentences are those of kube-apiserver 1.35; the whole list is held to it by the corpus.
describe('policies of the network', () => {
  it('mean what comes in, and what goes out where they say so', () => {
    expect(policy({}).object).toMatchObject({ spec: { policyTypes: ['Ingress'] } });
    expect(policy({ egress: [{ ports: [{ port: 1 }] }] }).object).toMatchObject({
      spec: { policyTypes: ['Ingress', 'Egress'], egress: [{ ports: [{ port: 1, protocol: 'TCP' }] }] },
    });
  });

  it.each<[string, string[], string[]]>([
    [
      'a type',
      policy({ policyTypes: ['Odd'] }).errors,
      ['spec.policyTypes[0]: Unsupported value: "Odd": supported values: "Ingress", "Egress"'],
    ],
    [
      'nobody',
      policy({ ingress: [{ from: [{}] }] }).errors,
      ['spec.ingress[0].from[0]: Required value: must specify a peer'],
    ],
    [
      'a block outside of the block',
      policy({
        egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16', '10.0.0.0/8', '10.1.0.0/16'] } }] }],
      }).errors,
      ['11.0.0.0/16', '10.0.0.0/8'].map(
        (block, index) =>
          `spec.egress[0].to[0].ipBlock.except[${index}]: Invalid value: "${block}": must be a strict subset of \`cidr\``,
      ),
    ],
    [
      'a range that ends before it begins',
      policy({ egress: [{ ports: [{ port: 90, endPort: 80 }] }] }).errors,
      ['spec.egress[0].ports[0].endPort: Invalid value: 90: must be greater than or equal to `port`'],
    ],
  ])('%s', (_name, errors, wanted) => expect(errors).toEqual(wanted));
});

describe('limits of a namespace', () => {
  const range = (...limits: JsonObject[]) => create('LimitRange', { spec: { limits } });
  const item = (object: JsonObject) => (object['spec'] as { limits: JsonObject[] }).limits[0];

  it('are defaults of containers too: the most is the limit, what is a limit is asked for, or the least is', () => {
    const { object } = range({
      type: 'Container',
      max: { cpu: '1', memory: '2' },
      min: { pods: '1' },
      default: { cpu: '500m' },
    });
    expect(item(object)).toMatchObject({
      default: { cpu: '500m', memory: '2' },
      defaultRequest: { cpu: '500m', memory: '2', pods: '1' },
    });
    expect(item(range({ type: 'Pod', max: { cpu: '1' } }).object)).toEqual({ type: 'Pod', max: { cpu: '1' } });
  });

  it.each<[string, JsonObject, string[]]>([
    ['a type', { type: 'Odd' }, ['type: Invalid value: "Odd": must be a standard limit type or fully qualified']],
    [
      'defaults of a pod',
      { type: 'Pod', default: { cpu: '1' } },
      ["default: Forbidden: may not be specified when `type` is 'Pod'"],
    ],
    [
      'claims without storage',
      { type: 'PersistentVolumeClaim' },
      ['limits: Required value: either minimum or maximum storage value is required, but neither was provided'],
    ],
    [
      'more than the most',
      { type: 'Pod', min: { cpu: '2' }, max: { cpu: '1' } },
      ['min[cpu]: Invalid value: "2": min value 2 is greater than max value 1'],
    ],
    [
      'a ratio below one',
      { type: 'Pod', maxLimitRequestRatio: { cpu: '500m' } },
      ['maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1'],
    ],
    [
      'a ratio that cannot be',
      { type: 'Pod', min: { cpu: '3' }, max: { cpu: '4' }, maxLimitRequestRatio: { cpu: '2' } },
      ['maxLimitRequestRatio[cpu]: Invalid value: "2": ratio 2 is greater than max/min = 1.333333'],
    ],
    [
      'a ratio of nothing',
      { type: 'Pod', min: { cpu: '0' }, max: { cpu: '0' }, maxLimitRequestRatio: { cpu: '2' } },
      [],
    ],
    [
      'devices that are not asked for as a whole',
      { type: 'Container', default: { 'a.b/c': '2' }, defaultRequest: { 'a.b/c': '1' } },
      ['defaultRequest[a.b/c]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in a.b/c'],
    ],
  ])('refuse %s', (_name, limit, errors) =>
    expect(range(limit).errors).toEqual(errors.map((error) => `spec.limits[0].${error}`)),
  );
});

describe('quotas of a namespace', () => {
  const quota = (hard: JsonObject, spec: JsonObject = {}) => create('ResourceQuota', { spec: { hard, ...spec } });
  const selects = (...matchExpressions: JsonObject[]) => ({ scopeSelector: { matchExpressions } });

  it.each<[string, string[], string[]]>([
    [
      'a resource',
      quota({ odd: '1' }).errors,
      ['must be a standard resource type or fully qualified', 'must be a standard resource for quota'].map(
        (detail) => `spec.hard[odd]: Invalid value: "odd": ${detail}`,
      ),
    ],
    [
      'parts of a thing',
      quota({ pods: '500m' }).errors,
      ['spec.hard[pods]: Invalid value: "500m": must be an integer'],
    ],
    [
      'kinds of others',
      quota({ 'count/things.a.b': '1', 'requests.a.b/c': '1', 'requests.hugepages-2Mi': '1' }).errors,
      [],
    ],
    [
      'scopes against each other',
      quota({ pods: '1' }, { scopes: ['Terminating', 'NotTerminating'] }).errors,
      ['spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes'],
    ],
    [
      'a scope of what has none',
      quota({ services: '1', 'count/pods': '1' }, { scopes: ['BestEffort'] }).errors,
      ['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'],
    ],
    [
      'a selector without values',
      quota({ pods: '1' }, selects({ scopeName: 'PriorityClass', operator: 'In' })).errors,
      [
        "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      ],
    ],
  ])('refuse %s', (_name, errors, wanted) => expect(errors).toEqual(wanted));

  it('keep their scopes', () => {
    const { object } = quota({ pods: '1' }, { scopes: ['BestEffort'] });
    const change = (scopes: string[]) => (next: JsonObject) => Object.assign(next['spec'] as JsonObject, { scopes });
    expect(update('ResourceQuota', object, change(['NotBestEffort']))).toEqual([
      'spec.scopes: Invalid value: ["NotBestEffort"]: field is immutable',
    ]);
    expect(update('ResourceQuota', object, change(['BestEffort', 'BestEffort']))).toEqual([]);
  });

  it('warn of more requests than limits', () => {
    const hard = { cpu: '2', 'limits.cpu': '1', 'requests.memory': '1Gi', 'limits.memory': '1Gi' };
    expect(warningsOf('ResourceQuota', { spec: { hard } })).toEqual([
      'ResourceQuota cpu (2) should be less than limits.cpu (1)',
    ]);
  });
});

describe('budgets', () => {
  it('say one of two, shown as Go prints it', () => {
    expect(create('PodDisruptionBudget', { spec: { minAvailable: 1, maxUnavailable: 1 } }).errors).toEqual([
      'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
    ]);
  });
});

describe('scalers', () => {
  it('go by the processor where they do not say by what', () => {
    expect(scaler({ behavior: {} }).object).toMatchObject({
      spec: {
        minReplicas: 1,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
        behavior: { scaleUp: { stabilizationWindowSeconds: 0 }, scaleDown: { selectPolicy: 'Max' } },
      },
    });
  });

  it.each<[string, string[], string[]]>([
    [
      'something of no group',
      scaler({ scaleTargetRef: { kind: 'Job', name: 'x' } }).errors,
      ['spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group'],
    ],
    [
      'by something that is not told',
      scaler({ metrics: [{ type: 'Pods' }] }).errors,
      ['spec.metrics[0].pods: Required value: must populate information for the given metric source'],
    ],
    [
      'by nothing in particular',
      scaler({ metrics: [{ type: 'Pods', pods: { metric: { name: 'x' }, target: { type: 'AverageValue' } } }] }).errors,
      ['spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue'],
    ],
    [
      'to nothing, by what is nothing then',
      scaler({ minReplicas: 0 }).errors,
      [
        'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
        'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
      ],
    ],
    [
      'without a policy',
      scaler({ behavior: { scaleUp: { policies: [] } } }).errors,
      ['spec.behavior.scaleUp.policies: Required value: must specify at least one Policy'],
    ],
    [
      'with a policy of a long period',
      scaler({ behavior: { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 2000 }] } } }).errors,
      ['spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 2000: must be less than or equal to 1800'],
    ],
  ])('%s', (_name, errors, wanted) => expect(errors).toEqual(wanted));
});
