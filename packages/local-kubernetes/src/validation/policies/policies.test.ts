import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schema/schema.ts';
import { create } from '../through-strategy.fixture.ts';

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
      scaler({ behavior: { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 2000 }] } } }).errors,
      ['spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 2000: must be less than or equal to 1800'],
    ],
  ])('%s', (_name, errors, wanted) => expect(errors).toEqual(wanted));
});
