import { type CorpusRequest, jsonPatch, mergePatch } from '../corpus-request.ts';

const namespace = 'corpus-workloads';
const at = (resource: string, group = 'api/v1') => `/${group}/namespaces/${namespace}/${resource}`;
const pods = at('pods');
const jobs = at('jobs', 'apis/batch/v1');
const services = at('services');
const container = { name: 'main', image: 'example.com/image:1' };
/** No scheduler looks at it. */
const nowhere = { schedulerName: 'nobody', nodeSelector: { 'example.com/nowhere': 'yes' } };
const post = (name: string, path: string, body: unknown): CorpusRequest => ({ name, method: 'POST', path, body });
const pod = (name: string, spec: object, metadata: object = {}) =>
  post(`pod ${name}`, pods, { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec });
const badPod = (why: string, spec: object) =>
  post(`bad pod: ${why}`, pods, { metadata: { name: 'bad' }, spec: { containers: [container], ...spec } });
const badContainer = (why: string, rest: object) => badPod(why, { containers: [{ ...container, ...rest }] });
const job = (spec: object) => ({
  template: { spec: { restartPolicy: 'Never', containers: [container], ...nowhere } },
  suspend: true,
  /** No controller touches it. */
  managedBy: 'example.com/nobody',
  ...spec,
});
const badJob = (why: string, spec: object) =>
  post(`bad job: ${why}`, jobs, { metadata: { name: 'bad' }, spec: job(spec) });
const badService = (why: string, spec: object) =>
  post(`bad service: ${why}`, services, { metadata: { name: 'bad' }, spec });
const change = (name: string, path: string, body: unknown): CorpusRequest => ({
  name,
  method: 'PATCH',
  path,
  headers: mergePatch,
  body,
});

/** Pods, Jobs, Services and what belongs to them: defaults, validation, immutable fields. */
export const workloadRequests: readonly CorpusRequest[] = [
  post('a namespace', '/api/v1/namespaces', { metadata: { name: namespace } }),
  { name: 'its account', path: at('serviceaccounts/default'), until: 200, ignoresBody: true },
  { name: 'its certificate', path: at('configmaps/kube-root-ca.crt'), until: 200, ignoresBody: true },
  pod('small', { containers: [container], ...nowhere }),
  pod('whole', {
    ...nowhere,
    restartPolicy: 'OnFailure',
    hostname: 'h',
    subdomain: 's',
    initContainers: [{ name: 'init', image: 'i', command: ['true'] }],
    containers: [
      {
        ...container,
        command: ['sh'],
        args: ['-c', 'true'],
        env: [
          { name: 'A', value: 'b' },
          { name: 'B', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          { name: 'C', valueFrom: { configMapKeyRef: { name: 'm', key: 'k', optional: true } } },
        ],
        ports: [{ containerPort: 80 }],
        resources: { requests: { cpu: '0.5', memory: '1Gi' }, limits: { cpu: '1000m' } },
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
        livenessProbe: { httpGet: { port: 80 } },
        readinessProbe: { exec: { command: ['true'] } },
        lifecycle: { preStop: { exec: { command: ['true'] } } },
      },
    ],
    volumes: [
      { name: 'v', emptyDir: {} },
      { name: 'c', configMap: { name: 'm' } },
      { name: 's', secret: { secretName: 's' } },
      { name: 'd', downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'metadata.name' } }] } },
      { name: 'h', hostPath: { path: '/tmp' } },
    ],
  }),
  badPod('no containers', { containers: [] }),
  post('bad pod: no spec', pods, { metadata: { name: 'bad' } }),
  badContainer('no name', { name: '' }),
  badContainer('no image', { image: '' }),
  badContainer('a bad name', { name: 'A_b' }),
  badPod('a name twice', { containers: [container, container] }),
  badPod('a restart policy', { restartPolicy: 'Sometimes' }),
  badPod('a dns policy', { dnsPolicy: 'Some' }),
  badPod('a negative grace', { terminationGracePeriodSeconds: -2 }),
  badPod('a bad hostname', { hostname: 'A_b' }),
  badPod('a bad selector', { nodeSelector: { 'a b': 'c' } }),
  badPod('an account that is not there', { serviceAccountName: 'nobody' }),
  badPod('a priority class that is not there', { priorityClassName: 'none' }),
  badPod('a volume twice', {
    volumes: [
      { name: 'v', emptyDir: {} },
      { name: 'v', emptyDir: {} },
    ],
  }),
  badPod('a volume with two sources', { volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/' } }] }),
  badPod('a volume without a name', { volumes: [{ name: '', emptyDir: {} }] }),
  badPod('a toleration', { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }),
  badPod('a deadline', { activeDeadlineSeconds: 0 }),
  badContainer('a mount of nothing', { volumeMounts: [{ name: 'nothing', mountPath: '/v' }] }),
  badContainer('a mount twice', {
    volumeMounts: [
      { name: 'v', mountPath: '/v' },
      { name: 'v', mountPath: '/v' },
    ],
  }),
  badContainer('a quantity', { resources: { requests: { cpu: 'much' } } }),
  badContainer('a negative quantity', { resources: { requests: { cpu: '-1' } } }),
  badContainer('a request above the limit', { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
  badContainer('an unknown resource', { resources: { requests: { 'strange!': '1' } } }),
  badContainer('a variable without a name', { env: [{ name: '', value: 'x' }] }),
  badContainer('a variable with two values', {
    env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
  }),
  badContainer('a field path', { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.nothing' } } }] }),
  badContainer('a port', { ports: [{ containerPort: 70000 }] }),
  badContainer('a port name', { ports: [{ containerPort: 80, name: 'A_b' }] }),
  badContainer('a protocol', { ports: [{ containerPort: 80, protocol: 'XYZ' }] }),
  badContainer('a pull policy', { imagePullPolicy: 'Sometimes' }),
  badContainer('a probe with two handlers', { livenessProbe: { httpGet: { port: 80 }, exec: { command: ['x'] } } }),
  badContainer('a probe without a handler', { livenessProbe: { periodSeconds: 1 } }),
  badContainer('a number as command', { command: 'sh' }),
  badContainer('a number where a text is', { image: 7 }),
  change('a pod: another image', `${pods}/small`, { spec: { containers: [{ name: 'main', image: 'other' }] } }),
  change('a pod: another hostname', `${pods}/small`, { spec: { hostname: 'other' } }),
  change('a pod: a label', `${pods}/small`, { metadata: { labels: { a: 'b' } } }),
  change('a pod: its status through the front', `${pods}/small`, { status: { phase: 'Running' } }),
  change('a pod: its status', `${pods}/small/status`, { status: { phase: 'Running', podIP: '10.1.2.3' } }),
  { name: 'pods by phase', path: `${pods}?fieldSelector=status.phase%3DRunning&limit=5`, ignoresBody: true },
  { name: 'pods by an unknown field', path: `${pods}?fieldSelector=spec.nothing%3Da` },
  { name: 'log of a pod without a node', path: `${pods}/whole/log` },
  { name: 'log of an unknown container', path: `${pods}/small/log?container=nothing` },
  { name: 'log with bad lines', path: `${pods}/small/log?tailLines=-1` },
  { name: 'log of no pod', path: `${pods}/nothing/log` },
  { name: 'exec without an upgrade', path: `${pods}/small/exec?command=ls&stdout=true`, ignoresBody: true },
  post('an eviction', `${pods}/small/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'small' },
  }),
  post('an eviction of no pod', `${pods}/nothing/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'nothing' },
  }),
  post('a binding to nothing', `${pods}/whole/binding`, {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: 'whole' },
    target: { kind: 'Node', name: '' },
  }),
  post('a job', jobs, { metadata: { name: 'plain' }, spec: job({}) }),
  post('an indexed job', jobs, {
    metadata: { name: 'indexed' },
    spec: job({ completionMode: 'Indexed', completions: 4, parallelism: 4, backoffLimit: 100 }),
  }),
  badJob('no template', { template: undefined }),
  badJob('a restart policy', { template: { spec: { containers: [container] } } }),
  badJob('always', { template: { spec: { restartPolicy: 'Always', containers: [container] } } }),
  badJob('a negative parallelism', { parallelism: -1 }),
  badJob('a negative number of completions', { completions: -1 }),
  badJob('a negative backoff', { backoffLimit: -1 }),
  badJob('a mode', { completionMode: 'Some' }),
  badJob('indexed without completions', { completionMode: 'Indexed' }),
  badJob('too many indexes', { completionMode: 'Indexed', completions: 100001, parallelism: 100001 }),
  badJob('a selector of its own', { selector: { matchLabels: { a: 'b' } } }),
  badJob('limits per index without indexes', { backoffLimitPerIndex: 1 }),
  badJob('a deadline', { activeDeadlineSeconds: -1 }),
  badJob('a time to live', { ttlSecondsAfterFinished: -1 }),
  badJob('a replacement policy', { podReplacementPolicy: 'Some' }),
  badJob('a name that is no label', {
    template: { metadata: { labels: { 'a b': 'c' } }, spec: { restartPolicy: 'Never', containers: [container] } },
  }),
  post('bad job: a long name', jobs, {
    metadata: { name: 'j'.repeat(64) },
    spec: job({ completionMode: 'Indexed', completions: 2 }),
  }),
  change('a job: parallelism', `${jobs}/plain`, { spec: { parallelism: 3 } }),
  change('a job: completions', `${jobs}/plain`, { spec: { completions: 3 } }),
  change('a job: elastic down', `${jobs}/indexed`, { spec: { completions: 2, parallelism: 2 } }),
  change('a job: elastic up', `${jobs}/indexed`, { spec: { completions: 6, parallelism: 6 } }),
  change('a job: completions alone', `${jobs}/indexed`, { spec: { completions: 3 } }),
  change('a job: another mode', `${jobs}/indexed`, { spec: { completionMode: 'NonIndexed' } }),
  change('a job: another image', `${jobs}/indexed`, {
    spec: { template: { spec: { containers: [{ name: 'main', image: 'other' }] } } },
  }),
  change('a job: another selector', `${jobs}/indexed`, { spec: { selector: { matchLabels: { a: 'b' } } } }),
  change('a job: backoff', `${jobs}/indexed`, { spec: { backoffLimit: 7 } }),
  {
    name: 'a job: remove the mode',
    method: 'PATCH',
    path: `${jobs}/indexed`,
    headers: jsonPatch,
    body: [{ op: 'remove', path: '/spec/completionMode' }],
  },
  { name: 'jobs by status', path: `${jobs}?fieldSelector=status.successful%3D0&limit=1`, ignoresBody: true },
  post('a service', services, { metadata: { name: 'web' }, spec: { selector: { a: 'b' }, ports: [{ port: 80 }] } }),
  post('a headless service', services, {
    metadata: { name: 'headless' },
    spec: { clusterIP: 'None', selector: { a: 'b' }, publishNotReadyAddresses: true },
  }),
  badService('no ports', { selector: { a: 'b' } }),
  badService('a port', { ports: [{ port: 0 }] }),
  badService('two ports without names', { ports: [{ port: 80 }, { port: 81 }] }),
  badService('a type', { type: 'Some', ports: [{ port: 80 }] }),
  badService('an address', { clusterIP: 'abc', ports: [{ port: 80 }] }),
  badService('a selector', { selector: { 'a b': 'c' }, ports: [{ port: 80 }] }),
  badService('an affinity', { sessionAffinity: 'Some', ports: [{ port: 80 }] }),
  badService('external without a name', { type: 'ExternalName' }),
  post('bad service: a name', services, { metadata: { name: '1web' }, spec: { ports: [{ port: 80 }] } }),
  change('a service: no longer headless', `${services}/headless`, { spec: { clusterIP: '10.96.0.55' } }),
  post('a claim', at('persistentvolumeclaims'), {
    metadata: { name: 'claim' },
    spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  post('a bad claim', at('persistentvolumeclaims'), { metadata: { name: 'bad' }, spec: { accessModes: ['Some'] } }),
  change('a claim stands', `${at('persistentvolumeclaims')}/claim`, { spec: { accessModes: ['ReadWriteMany'] } }),
  post('a role', at('roles', 'apis/rbac.authorization.k8s.io/v1'), {
    metadata: { name: 'r' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  post('a role without verbs', at('roles', 'apis/rbac.authorization.k8s.io/v1'), {
    metadata: { name: 'bad' },
    rules: [{ apiGroups: [''], resources: ['pods'] }],
  }),
  post('a role with paths', at('roles', 'apis/rbac.authorization.k8s.io/v1'), {
    metadata: { name: 'bad' },
    rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }],
  }),
  post('a binding', at('rolebindings', 'apis/rbac.authorization.k8s.io/v1'), {
    metadata: { name: 'b' },
    roleRef: { kind: 'Role', name: 'r', apiGroup: 'rbac.authorization.k8s.io' },
    subjects: [{ kind: 'ServiceAccount', name: 'default' }],
  }),
  post('a binding of nothing', at('rolebindings', 'apis/rbac.authorization.k8s.io/v1'), {
    metadata: { name: 'bad' },
    roleRef: { kind: 'Thing', name: '' },
    subjects: [{ kind: 'Some', name: '' }],
  }),
  change('a binding stands', `${at('rolebindings', 'apis/rbac.authorization.k8s.io/v1')}/b`, {
    roleRef: { name: 'other' },
  }),
  { name: 'the namespace goes', method: 'DELETE', path: `/api/v1/namespaces/${namespace}`, ignoresBody: true },
  { name: 'it is gone', path: `/api/v1/namespaces/${namespace}`, until: 404 },
];
