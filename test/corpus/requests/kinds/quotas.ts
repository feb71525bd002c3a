import type { CorpusRequest } from '../../corpus-request.ts';
import { bad, change, container, goes, inNamespace, make, post } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-quotas');
const quotas = at('resourcequotas');
const maps = at('configmaps');
const pods = at('pods');
const services = at('services');
const hard = (amounts: object, rest: object = {}) => ({ spec: { hard: amounts, ...rest } });
const selects = (...matchExpressions: object[]) => ({ scopeSelector: { matchExpressions } });
const map = (name: string, query = '') =>
  post(name, `${maps}${query}`, { metadata: { name: name.replaceAll(' ', '-') } });
const asks = (requests: object, limits: object = {}) => ({ ...container, resources: { requests, limits } });
const pod = (name: string, spec: object, query = '') =>
  post(name, `${pods}${query}`, {
    metadata: { name: 'made' },
    spec: { schedulerName: 'nobody', containers: [container], ...spec },
  });
const service = (name: string, spec: object, query = '') =>
  post(name, `${services}${query}`, { metadata: { name: 'made' }, spec: { ports: [{ port: 1 }], ...spec } });
const looks = (term: object) => ({
  podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'x', labelSelector: {}, ...term }] },
});
const claim = (name: string, storage: string, spec: object, query = '') =>
  post(name, `${at('persistentvolumeclaims')}${query}`, {
    metadata: { name: 'made' },
    spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...spec },
  });
/** One that no controller touches. */
const job = (name: string, query = '') =>
  post(name, `${at('jobs', 'apis/batch/v1')}${query}`, {
    metadata: { name: name.replaceAll(' ', '-').toLowerCase() },
    spec: { managedBy: 'example.com/nobody', template: { spec: { restartPolicy: 'Never', containers: [container] } } },
  });
/** A quota is in force when the controller has written its status. */
const inForce = (request: CorpusRequest): CorpusRequest => ({ ...request, until: 403 });

/** Quotas: what may be said in one, what they count, and what they refuse. */
export const quotaRequests: readonly CorpusRequest[] = [
  ...opens,
  bad(quotas)('quota: nothing', {}),
  bad(quotas)('quota: a resource', hard({ odd: '1' })),
  bad(quotas)('quota: storage', hard({ storage: '1' })),
  bad(quotas)('quota: a resource of others', hard({ 'example.com/x': '1500m', 'requests.example.com/x': '1500m' })),
  bad(quotas)('quota: an amount', hard({ pods: 'x' })),
  bad(quotas)('quota: parts of things', hard({ pods: '1500m' })),
  bad(quotas)('quota: less than nothing', hard({ cpu: '-1' })),
  bad(quotas)(
    'quota: pages',
    hard({ 'requests.hugepages-2Mi': '1', 'hugepages-1Gi': '1' }, { scopes: ['Terminating'] }),
  ),
  bad(quotas)('quota: a scope', hard({ pods: '1' }, { scopes: ['Odd'] })),
  bad(quotas)('quota: scopes against each other', hard({ pods: '1' }, { scopes: ['Terminating', 'NotTerminating'] })),
  bad(quotas)(
    'quota: a scope that does not count',
    hard({ cpu: '1' }, { scopes: ['BestEffort', 'VolumeAttributesClass'] }),
  ),
  bad(quotas)('quota: a scope and a count', hard({ 'count/pods': '1' }, { scopes: ['BestEffort'] })),
  bad(quotas)('quota: a selector', hard({ pods: '1' }, selects({ scopeName: 'Odd', operator: 'Odd' }))),
  bad(quotas)(
    'quota: a selector of values',
    hard({ pods: '1' }, selects({ scopeName: 'PriorityClass', operator: 'In' })),
  ),
  bad(quotas)(
    'quota: a selector without',
    hard({ pods: '1' }, selects({ scopeName: 'PriorityClass', operator: 'Exists', values: ['a'] })),
  ),
  bad(quotas)(
    'quota: a selector of a scope',
    hard({ services: '1' }, selects({ scopeName: 'BestEffort', operator: 'DoesNotExist' })),
  ),
  bad(quotas)(
    'quota: selectors against each other',
    hard(
      { pods: '1' },
      selects({ scopeName: 'BestEffort', operator: 'Exists' }, { scopeName: 'NotBestEffort', operator: 'Exists' }),
    ),
  ),
  bad(quotas)(
    'quota: more requests than limits',
    hard({ cpu: '2', 'limits.cpu': '1', 'requests.storage': '1', 'limits.storage': '1' }),
  ),
  bad(quotas)('quota: a status', { ...hard({ pods: '1' }), status: { hard: { pods: '5' } } }),

  make(quotas)('a quota', hard({ configmaps: '2', 'count/secrets': '0', 'services.nodeports': '1', services: '2' })),
  inForce(post('it is in force', `${at('secrets')}?dryRun=All`, { metadata: { name: 'made' } })),
  { name: 'the quota', path: `${quotas}/made` },
  map('one more'),
  { name: 'the quota, charged', path: `${quotas}/made` },
  { name: 'the quota as a table', path: quotas, headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } },
  map('too many'),
  map('too many, tried', '?dryRun=All'),
  { ...map('one more'), name: 'what is there already' },
  service('a node port', { type: 'NodePort', ports: [{ port: 1, nodePort: 30049 }] }),
  service('another node port', { type: 'NodePort' }, '?dryRun=All'),
  service('a balancer', { type: 'LoadBalancer' }, '?dryRun=All'),
  service('a balancer without ports', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }, '?dryRun=All'),
  change('the node port and one more', `${services}/made`, {
    spec: {
      ports: [
        { port: 1, name: 'a' },
        { port: 2, name: 'b' },
      ],
    },
  }),
  change('the node port inside', `${services}/made`, { spec: { type: 'ClusterIP' } }),
  change('the quota, wrong', `${quotas}/made`, { spec: { scopes: ['BestEffort'] } }),
  change('its status, wrong', `${quotas}/made/status`, { status: { used: { odd: '-1' } } }),
  goes('the quota goes', `${quotas}/made`),

  make(quotas)('a quota of pods', hard({ pods: '1', cpu: '1', 'limits.memory': '1Gi', 'requests.example.com/x': '1' })),
  inForce(pod('pods are counted', { containers: [asks({ cpu: '2' }, { memory: '1Mi' })] }, '?dryRun=All')),
  pod('a pod that says nothing', {}),
  pod('a pod that says half', { initContainers: [{ name: 'first', image: 'i' }], containers: [asks({ cpu: '1' })] }),
  pod('a pod of much', {
    containers: [asks({ cpu: '2', 'example.com/x': '2' }, { memory: '2Gi', 'example.com/x': '2' })],
  }),
  pod('a pod with words for all', { resources: { requests: { cpu: '500m' }, limits: { memory: '3Gi' } } }),
  pod('a pod', { containers: [asks({ cpu: '500m' }, { memory: '1Mi' })] }),
  { name: 'the quota of pods, charged', path: `${quotas}/made` },
  { ...pod('another pod', { containers: [asks({ cpu: '1m' }, { memory: '1Mi' })] }, '?dryRun=All') },
  change('the pod, labelled', `${pods}/made`, { metadata: { labels: { a: 'b' } } }),
  goes('the pod goes', `${pods}/made?gracePeriodSeconds=0`),
  {
    ...pod('another pod fits', { containers: [asks({ cpu: '1m' }, { memory: '1Mi' })] }, '?dryRun=All'),
    until: 201,
    ignoresBody: true,
  },
  goes('the quota of pods goes', `${quotas}/made`),

  make(quotas)('a quota of a scope', hard({ pods: '0' }, { scopes: ['Terminating'] })),
  inForce(pod('hurried pods are counted', { activeDeadlineSeconds: 1 }, '?dryRun=All')),
  pod('a pod that has time', {}),
  change('the pod, hurried', `${pods}/made`, { spec: { activeDeadlineSeconds: 100 } }),
  goes('the pod goes again', `${pods}/made?gracePeriodSeconds=0`),
  goes('the quota of a scope goes', `${quotas}/made`),

  make(quotas)('a quota of what looks elsewhere', hard({ pods: '0' }, { scopes: ['CrossNamespacePodAffinity'] })),
  inForce(
    pod('pods that look elsewhere are counted', { affinity: looks({ namespaces: ['kube-system'] }) }, '?dryRun=All'),
  ),
  pod('a pod that looks everywhere', { affinity: looks({ namespaceSelector: {} }) }, '?dryRun=All'),
  pod('a pod that looks at home', { affinity: looks({}) }, '?dryRun=All'),
  goes('the quota of what looks elsewhere goes', `${quotas}/made`),

  make(quotas)(
    'a quota of what asks',
    hard({ pods: '0', memory: '1Gi' }, { scopes: ['NotBestEffort', 'NotTerminating'] }),
  ),
  inForce(pod('pods that ask are counted', { containers: [asks({ memory: '1Mi' })] }, '?dryRun=All')),
  pod('a pod that asks for a processor', { containers: [asks({ cpu: '1' })] }, '?dryRun=All'),
  pod('a pod that asks for nothing', {}, '?dryRun=All'),
  pod(
    'a pod that asks and hurries',
    { activeDeadlineSeconds: 9, containers: [asks({ memory: '1Mi' })] },
    '?dryRun=All',
  ),
  goes('the quota of what asks goes', `${quotas}/made`),

  // Early, so that the real controller has heard of it when it counts Jobs.
  { ...job('one Job'), ignoresBody: true },
  make(quotas)(
    'a quota of claims',
    hard({
      persistentvolumeclaims: '1',
      'requests.storage': '2Gi',
      'fast.storageclass.storage.k8s.io/requests.storage': '1Gi',
    }),
  ),
  inForce(claim('claims are counted', '3Gi', {}, '?dryRun=All')),
  claim('a claim of a class', '1536Mi', { storageClassName: 'fast' }, '?dryRun=All'),
  claim('a claim of another class', '1536Mi', { storageClassName: 'slow' }),
  { name: 'the quota of claims, charged', path: `${quotas}/made` },
  claim('another claim', '1Gi', { storageClassName: 'slow' }, '?dryRun=All'),
  goes('the quota of claims goes', `${quotas}/made`),

  make(quotas)('a quota of Jobs', hard({ 'count/jobs.batch': '1', 'count/pods': '1' })),
  inForce(job('another Job', '?dryRun=All')),
  goes('the quota of Jobs goes', `${quotas}/made`),
  ...closes,
];
