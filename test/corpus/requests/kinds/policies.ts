import type { CorpusRequest } from '../../corpus-request.ts';
import { bad, goes, inNamespace, make } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-policies');
const budgets = at('poddisruptionbudgets', 'apis/policy/v1');
const policies = at('networkpolicies', 'apis/networking.k8s.io/v1');
const scalers = at('horizontalpodautoscalers', 'apis/autoscaling/v2');

/** Policies about pods: budgets, networks, scaling. */
export const policyRequests: readonly CorpusRequest[] = [
  ...opens,
  make(budgets)('a budget', { spec: { minAvailable: 1, selector: { matchLabels: { nothing: 'here' } } } }),
  bad(budgets)('budget: both', { spec: { minAvailable: 1, maxUnavailable: 1, selector: {} } }),
  bad(budgets)('budget: a share', { spec: { minAvailable: '200%' } }),
  bad(budgets)('budget: a text', { spec: { maxUnavailable: 'x' } }),
  bad(budgets)('budget: a selector', { spec: { minAvailable: 1, selector: { matchLabels: { 'a b': 'c' } } } }),
  bad(budgets)('budget: a policy', { spec: { minAvailable: 1, unhealthyPodEvictionPolicy: 'Odd' } }),
  { ...goes('the budget goes', `${budgets}/made`), ignoresBody: true },

  make(policies)('a policy', {
    spec: {
      podSelector: {},
      ingress: [{ from: [{ podSelector: { matchLabels: { a: 'b' } } }], ports: [{ port: 80 }] }],
    },
  }),
  bad(policies)('policy: a type', { spec: { podSelector: {}, policyTypes: ['Odd'] } }),
  bad(policies)('policy: a peer', { spec: { podSelector: {}, ingress: [{ from: [{}] }] } }),
  bad(policies)('policy: a block', { spec: { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 'x' } }] }] } }),
  bad(policies)('policy: a port', { spec: { podSelector: {}, egress: [{ ports: [{ port: 0, protocol: 'ODD' }] }] } }),
  bad(policies)('policy: a range of ports', {
    spec: { podSelector: {}, egress: [{ ports: [{ port: 90, endPort: 80 }] }] },
  }),
  bad(policies)('policy: several at once', {
    spec: {
      podSelector: { matchLabels: { 'a b': 'c' } },
      policyTypes: ['Ingress', 'Egress', 'Ingress'],
      ingress: [
        {
          from: [
            { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16', '10.0.0.0/8', 'x'] } },
            { namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
            { ipBlock: { cidr: '' } },
          ],
          ports: [{ port: 'A_b', endPort: 1 }, { endPort: 90 }, { port: 80, endPort: 70000 }],
        },
      ],
    },
  }),
  make(`${policies}?dryRun=All`)('a policy for both ways', { spec: { podSelector: {}, egress: [{}] } }),
  goes('the policy goes', `${policies}/made`),

  bad(scalers)('scaler: nothing', {}),
  bad(scalers)('scaler: bounds', {
    spec: { scaleTargetRef: { kind: 'Job', name: 'x' }, minReplicas: 5, maxReplicas: 1 },
  }),
  bad(scalers)('scaler: a metric', {
    spec: { scaleTargetRef: { kind: 'Job', name: 'x' }, maxReplicas: 1, metrics: [{ type: 'Odd' }] },
  }),
  bad(scalers)('scaler: several at once', {
    spec: {
      scaleTargetRef: { apiVersion: 'a/b/c', kind: 'a/b', name: '..' },
      minReplicas: 0,
      maxReplicas: -1,
      metrics: [
        { type: '' },
        { type: 'Resource' },
        { type: 'Pods', resource: { name: '', target: {} } },
        {
          type: 'Object',
          object: { describedObject: {}, metric: {}, target: { type: 'Odd', value: '0' } },
          external: { metric: { name: 'x' }, target: { type: 'Value' } },
        },
        {
          type: 'External',
          external: { metric: { name: 'a/b' }, target: { type: 'Value', value: '1', averageValue: '1' } },
        },
        {
          type: 'ContainerResource',
          containerResource: {
            name: 'cpu',
            container: 'A_b',
            target: { type: 'Utilization', averageUtilization: 0, averageValue: '1' },
          },
        },
        { type: 'Pods', pods: { metric: { name: 'x' }, target: { type: 'AverageValue' } } },
      ],
      behavior: {
        scaleUp: { stabilizationWindowSeconds: -1, selectPolicy: 'Odd', policies: [{ type: 'Odd', value: 0 }] },
        scaleDown: { stabilizationWindowSeconds: 4000, policies: [{ type: 'Pods', value: 1, periodSeconds: 2000 }] },
      },
    },
  }),
  bad(scalers)('scaler: what no container asks for', {
    spec: {
      scaleTargetRef: { apiVersion: 'batch/v1', kind: 'Job', name: 'x' },
      maxReplicas: 3,
      metrics: ['odd', 'pods', 'cpu', 'a/b/c', 'example.com/x'].map((name) => ({
        type: 'ContainerResource',
        containerResource: { name, container: 'a', target: { type: 'Utilization', averageUtilization: 1 } },
      })),
    },
  }),
  make(`${scalers}?dryRun=All`)('a scaler that chooses among nothing', {
    spec: {
      scaleTargetRef: { apiVersion: 'batch/v1', kind: 'Job', name: 'x' },
      maxReplicas: 3,
      behavior: { scaleUp: { policies: [] }, scaleDown: { selectPolicy: '', policies: null } },
    },
  }),
  make(`${scalers}?dryRun=All`)('a scaler', {
    spec: { scaleTargetRef: { apiVersion: 'batch/v1', kind: 'Job', name: 'x' }, maxReplicas: 3, behavior: {} },
  }),
  ...closes,
];
