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
  goes('the policy goes', `${policies}/made`),

  bad(scalers)('scaler: nothing', {}),
  bad(scalers)('scaler: bounds', {
    spec: { scaleTargetRef: { kind: 'Job', name: 'x' }, minReplicas: 5, maxReplicas: 1 },
  }),
  bad(scalers)('scaler: a metric', {
    spec: { scaleTargetRef: { kind: 'Job', name: 'x' }, maxReplicas: 1, metrics: [{ type: 'Odd' }] },
  }),
  ...closes,
];
