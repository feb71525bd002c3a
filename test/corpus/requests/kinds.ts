import { type CorpusRequest, mergePatch, table } from '../corpus-request.ts';

const namespace = 'corpus-kinds';
const at = (resource: string, group = 'api/v1') => `/${group}/namespaces/${namespace}/${resource}`;
const post = (name: string, path: string, body: unknown): CorpusRequest => ({ name, method: 'POST', path, body });
const make = (path: string) => (name: string, body: object) =>
  post(name, path, { metadata: { name: 'made' }, ...body });
const bad = (path: string) => (name: string, body: object) =>
  post(`bad ${name}`, `${path}?dryRun=All`, { metadata: { name: 'bad' }, ...body });
const change = (name: string, path: string, body: unknown): CorpusRequest => ({
  name,
  method: 'PATCH',
  path,
  headers: mergePatch,
  body,
});
const goes = (name: string, path: string): CorpusRequest => ({ name, method: 'DELETE', path });

const secrets = at('secrets');
const services = at('services');
const pods = at('pods');
const leases = at('leases', 'apis/coordination.k8s.io/v1');
const slices = at('endpointslices', 'apis/discovery.k8s.io/v1');
const budgets = at('poddisruptionbudgets', 'apis/policy/v1');
const policies = at('networkpolicies', 'apis/networking.k8s.io/v1');
const scalers = at('horizontalpodautoscalers', 'apis/autoscaling/v2');
const claims = at('persistentvolumeclaims');
const volumes = '/api/v1/persistentvolumes';
const storageClasses = '/apis/storage.k8s.io/v1/storageclasses';
const priorities = '/apis/scheduling.k8s.io/v1/priorityclasses';
const runtimes = '/apis/node.k8s.io/v1/runtimeclasses';
const nodes = '/api/v1/nodes';
const rbac = 'apis/rbac.authorization.k8s.io/v1';
const container = { name: 'main', image: 'example.com/image:1' };
const pod = (name: string, spec: object) =>
  post(`pod: ${name}`, pods, {
    metadata: { name },
    spec: { schedulerName: 'nobody', containers: [container], ...spec },
  });
const badPod = (why: string, spec: object) =>
  post(`bad pod: ${why}`, `${pods}?dryRun=All`, {
    metadata: { name: 'bad' },
    spec: { schedulerName: 'nobody', containers: [container], ...spec },
  });
const within = (why: string, rest: object) => badPod(why, { containers: [{ ...container, ...rest }] });
const term = (expression: object) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [expression] }] },
    },
  },
});

/** Every kind that is served: its defaults, its rules, what may change. */
export const kindRequests: readonly CorpusRequest[] = [
  post('a namespace', '/api/v1/namespaces', { metadata: { name: namespace } }),
  { name: 'its account', path: at('serviceaccounts/default'), until: 200, ignoresBody: true },
  { name: 'its certificate', path: at('configmaps/kube-root-ca.crt'), until: 200, ignoresBody: true },

  make(secrets)('a secret', { stringData: { a: 'b' }, data: { c: 'ZA==' } }),
  bad(secrets)('secret: data that is no base64', { data: { a: '%' } }),
  bad(secrets)('secret: tls without its parts', { type: 'kubernetes.io/tls' }),
  bad(secrets)('secret: a docker configuration', {
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': 'YQ==' },
  }),
  bad(secrets)('secret: for an account that is not named', { type: 'kubernetes.io/service-account-token' }),
  bad(secrets)('secret: basic', { type: 'kubernetes.io/basic-auth' }),
  change('secret: another type', `${secrets}/made`, { type: 'other' }),
  change('secret: immutable', `${secrets}/made`, { immutable: true }),
  change('secret: immutable data', `${secrets}/made`, { data: { a: 'Yw==' } }),
  change('secret: mutable again', `${secrets}/made`, { immutable: false }),
  { name: 'secrets by type', path: `${secrets}?fieldSelector=type%3DOpaque,metadata.name%3Dmade` },
  goes('the secret goes', `${secrets}/made`),

  make(services)('a service with a name for its port', {
    spec: {
      selector: { a: 'b' },
      ports: [
        { name: 'http', port: 80, targetPort: 'web' },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    },
  }),
  bad(services)('service: a target', { spec: { ports: [{ port: 80, targetPort: 'A_b' }] } }),
  bad(services)('service: a target out of range', { spec: { ports: [{ port: 80, targetPort: 70000 }] } }),
  bad(services)('service: a node port of a cluster service', { spec: { ports: [{ port: 80, nodePort: 30000 }] } }),
  bad(services)('service: a node port out of range', {
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
  }),
  bad(services)('service: ports of one name', {
    spec: {
      ports: [
        { name: 'a', port: 80 },
        { name: 'a', port: 81 },
      ],
    },
  }),
  bad(services)('service: one port twice', {
    spec: {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    },
  }),
  bad(services)('service: a protocol', { spec: { ports: [{ port: 80, protocol: 'ODD' }] } }),
  bad(services)('service: an address outside', { spec: { clusterIP: '1.2.3.4', ports: [{ port: 80 }] } }),
  bad(services)('service: two families', { spec: { ipFamilies: ['IPv4', 'IPv4'], ports: [{ port: 80 }] } }),
  bad(services)('service: headless and of nodes', {
    spec: { type: 'NodePort', clusterIP: 'None', ports: [{ port: 80 }] },
  }),
  bad(services)('service: a name outside that is none', { spec: { type: 'ExternalName', externalName: 'A_b' } }),
  bad(services)('service: external addresses', { spec: { externalIPs: ['127.0.0.1', 'x'], ports: [{ port: 80 }] } }),
  bad(services)('service: a traffic policy', { spec: { internalTrafficPolicy: 'Odd', ports: [{ port: 80 }] } }),
  bad(services)('service: a time of affinity', {
    spec: {
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } },
      ports: [{ port: 80 }],
    },
  }),
  post('service outside', services, {
    metadata: { name: 'outside' },
    spec: { type: 'ExternalName', externalName: 'example.com' },
  }),
  { name: 'services by type', path: `${services}?fieldSelector=spec.type%3DExternalName` },
  { name: 'services by address', path: `${services}?fieldSelector=spec.clusterIP%3DNone` },
  change('service: its port', `${services}/made`, { spec: { ports: [{ name: 'http', port: 81 }] } }),
  change('service: headless now', `${services}/made`, { spec: { clusterIP: 'None' } }),
  change('service: its status', `${services}/made/status`, {
    status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
  }),

  make(leases)('a lease', {
    spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z' },
  }),
  bad(leases)('lease: numbers', { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } }),
  bad(leases)('lease: a time', { spec: { renewTime: 'now' } }),
  bad(leases)('lease: a strategy', { spec: { strategy: 'odd', preferredHolder: 'x' } }),
  change('lease: renewed', `${leases}/made`, {
    spec: { renewTime: '2026-01-01T00:00:01.123456Z', leaseTransitions: 1 },
  }),
  {
    name: 'lease: put without a revision',
    method: 'PUT',
    path: `${leases}/made`,
    body: { metadata: { name: 'made' }, spec: { holderIdentity: 'you' } },
  },
  goes('the lease goes', `${leases}/made`),

  make(slices)('a slice', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.2.3'], conditions: { ready: true }, hostname: 'h' }],
    ports: [{ name: 'a', port: 80 }],
  }),
  bad(slices)('slice: no type', { endpoints: [], ports: [] }),
  bad(slices)('slice: addresses', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['x'] }, { addresses: [] }],
    ports: [],
  }),
  bad(slices)('slice: ports', {
    addressType: 'IPv4',
    endpoints: [],
    ports: [{ name: 'A_b', port: 0, protocol: 'ODD' }],
  }),
  change('slice: another type', `${slices}/made`, { addressType: 'IPv6' }),
  goes('the slice goes', `${slices}/made`),

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

  make(volumes)('a volume', {
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/tmp/x' },
      storageClassName: 'corpus',
      claimRef: { namespace, name: 'nobody' },
    },
  }),
  bad(volumes)('volume: nothing', { spec: {} }),
  bad(volumes)('volume: a path upwards', {
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/a/../b' } },
  }),
  bad(volumes)('volume: two sources', {
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/a' },
      nfs: { server: 's', path: '/x' },
    },
  }),
  bad(volumes)('volume: a policy', {
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/a' },
      persistentVolumeReclaimPolicy: 'Odd',
    },
  }),
  change('volume: another source', `${volumes}/made`, { spec: { hostPath: { path: '/tmp/y' } } }),
  { ...goes('the volume goes', `${volumes}/made`), ignoresBody: true },

  make(claims)('a claim', {
    spec: {
      storageClassName: 'corpus-none',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    },
  }),
  bad(claims)('claim: no size', { spec: { storageClassName: 'c', accessModes: ['ReadWriteOnce'] } }),
  bad(claims)('claim: nothing asked', {
    spec: { storageClassName: 'c', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '0' } } },
  }),
  bad(claims)('claim: modes', {
    spec: {
      storageClassName: 'c',
      accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'],
      resources: { requests: { storage: '1' } },
    },
  }),
  bad(claims)('claim: a class', {
    spec: { storageClassName: 'A_b', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1' } } },
  }),
  bad(claims)('claim: a mode', {
    spec: {
      storageClassName: 'c',
      volumeMode: 'Odd',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1' } },
    },
  }),
  change('claim: smaller', `${claims}/made`, { spec: { resources: { requests: { storage: '1Mi' } } } }),
  change('claim: larger', `${claims}/made`, { spec: { resources: { requests: { storage: '2Gi' } } } }),
  change('claim: another class', `${claims}/made`, { spec: { storageClassName: 'other' } }),

  make(storageClasses)('a storage class', { provisioner: 'example.com/p', parameters: { a: 'b' } }),
  bad(storageClasses)('storage class: nothing', {}),
  bad(storageClasses)('storage class: modes', { provisioner: 'p', reclaimPolicy: 'Odd', volumeBindingMode: 'Odd' }),
  change('storage class: its parameters', `${storageClasses}/made`, { parameters: { a: 'c' } }),
  goes('the storage class goes', `${storageClasses}/made`),

  make(priorities)('a priority', { value: 10, description: 'ten' }),
  bad(priorities)('priority: too high', { value: 2000000000 }),
  bad(priorities)('priority: a policy', { value: 1, preemptionPolicy: 'Odd' }),
  post('bad priority: a name of the system', priorities, { metadata: { name: 'system-x' }, value: 1 }),
  change('priority: another value', `${priorities}/made`, { value: 11 }),
  change('priority: another policy', `${priorities}/made`, { preemptionPolicy: 'Never' }),
  change('priority: another word', `${priorities}/made`, { description: 'still ten' }),
  pod('with a priority', { priorityClassName: 'made' }),
  badPod('a priority that is not its class’s', { priorityClassName: 'made', priority: 5 }),
  goes('the priority goes', `${priorities}/made`),

  make(runtimes)('a runtime', { handler: 'native' }),
  bad(runtimes)('runtime: nothing', {}),
  bad(runtimes)('runtime: a handler', { handler: 'A_b' }),
  change('runtime: another handler', `${runtimes}/made`, { handler: 'other' }),
  badPod('a runtime that is not there', { runtimeClassName: 'nothing' }),
  goes('the runtime goes', `${runtimes}/made`),

  post('a node', nodes, {
    metadata: { name: 'corpus-kinds' },
    spec: { unschedulable: true, taints: [{ key: 'a', effect: 'NoSchedule' }] },
  }),
  bad(nodes)('node: a taint', { spec: { taints: [{ key: 'A b', effect: 'Odd' }] } }),
  bad(nodes)('node: a taint twice', {
    spec: {
      taints: [
        { key: 'a', effect: 'NoExecute' },
        { key: 'a', effect: 'NoExecute', value: 'x' },
      ],
    },
  }),
  bad(nodes)('node: an address', { spec: { podCIDRs: ['x'] } }),
  {
    name: 'nodes that take no pods',
    path: `${nodes}?fieldSelector=spec.unschedulable%3Dtrue,metadata.name%3Dcorpus-kinds`,
    ignoresBody: true,
  },
  change('node: another provider', `${nodes}/corpus-kinds`, { spec: { providerID: 'a' } }),
  change('node: and another', `${nodes}/corpus-kinds`, { spec: { providerID: 'b' } }),
  { ...goes('the node goes', `${nodes}/corpus-kinds`), ignoresBody: true },

  bad(at('roles', rbac))('role: no resources', { rules: [{ apiGroups: [''], verbs: ['get'] }] }),
  bad(at('roles', rbac))('role: no groups', { rules: [{ resources: ['pods'], verbs: ['get'] }] }),
  post('bad cluster role: both', `/${rbac}/clusterroles`, {
    metadata: { name: 'bad' },
    rules: [{ apiGroups: [''], resources: ['pods'], nonResourceURLs: ['/a'], verbs: ['get'] }],
  }),
  post('bad cluster role: a path', `/${rbac}/clusterroles`, {
    metadata: { name: 'bad' },
    rules: [{ nonResourceURLs: ['*/a'], verbs: ['get'] }],
  }),
  post('bad cluster role: an aggregate', `/${rbac}/clusterroles`, {
    metadata: { name: 'bad' },
    aggregationRule: { clusterRoleSelectors: [] },
  }),
  post('bad binding: groups', at('rolebindings', rbac), {
    metadata: { name: 'bad' },
    roleRef: { apiGroup: 'other', kind: 'Role', name: 'x' },
    subjects: [
      { kind: 'User', apiGroup: '', name: 'u' },
      { kind: 'Group', name: '' },
      { kind: 'ServiceAccount', name: 'A_b', apiGroup: 'x' },
    ],
  }),
  post('bad cluster binding: a role', `/${rbac}/clusterrolebindings`, {
    metadata: { name: 'bad' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'x' },
  }),

  pod('quantities', {
    containers: [
      {
        ...container,
        resources: {
          requests: { cpu: '0.1', memory: '1e3', 'ephemeral-storage': '1.5Gi' },
          limits: { cpu: '1500m', memory: '129M', 'example.com/thing': 2 },
        },
      },
    ],
  }),
  within('resource in parts', { resources: { limits: { 'example.com/thing': '1500m' } } }),
  within('a resource without a limit', { resources: { requests: { 'example.com/thing': 1 } } }),
  within('huge pages alone', { resources: { limits: { 'hugepages-2Mi': '2Mi' } } }),
  within('a quantity of nothing', { resources: { limits: { cpu: '' } } }),
  within('a quantity with a space', { resources: { limits: { cpu: '1 ' } } }),
  within('a quantity of a truth', { resources: { limits: { cpu: true } } }),
  within('a quantity below zero', { resources: { requests: { memory: '-1Mi' } } }),
  within('a path of work', { workingDir: 7 }),
  within('a mount outside', { volumeMounts: [{ name: 'v', mountPath: '' }] }),
  badPod('mounts', {
    volumes: [{ name: 'v', emptyDir: {} }],
    containers: [
      {
        ...container,
        volumeMounts: [
          { name: 'v', mountPath: '/a:b' },
          { name: 'v', mountPath: '/c', subPath: '../d' },
          { name: 'v', mountPath: '/e', subPath: 'a', subPathExpr: 'b' },
        ],
      },
    ],
  }),
  within('variables', { env: [{ name: 'a=b', value: 'x' }, { name: 'A' }, { name: 'B', valueFrom: {} }] }),
  within('a variable from two', {
    env: [
      { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' }, configMapKeyRef: { name: 'x', key: 'y' } } },
    ],
  }),
  within('a variable from a key', { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'x', key: 'a b' } } }] }),
  within('a variable from a resource', {
    env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.odd' } } }],
  }),
  within('a variable from an annotation', {
    env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.annotations['a b']" } } }],
  }),
  within('variables from many', {
    envFrom: [{}, { configMapRef: { name: '' } }, { prefix: 'a=b', secretRef: { name: 'x' } }],
  }),
  within('ports of one name', {
    ports: [
      { name: 'a', containerPort: 1 },
      { name: 'a', containerPort: 2 },
    ],
  }),
  within('a port of the host', { ports: [{ containerPort: 1, hostPort: 70000 }] }),
  within('a probe', {
    livenessProbe: { httpGet: { path: 'x', port: 'A_b', scheme: 'ODD' }, periodSeconds: -1, successThreshold: 2 },
  }),
  within('a probe by grpc', { readinessProbe: { grpc: { port: 0 }, terminationGracePeriodSeconds: 1 } }),
  within('a probe by nothing', { startupProbe: { exec: {} } }),
  within('hooks', { lifecycle: { postStart: {}, preStop: { sleep: { seconds: -1 } } } }),
  within('a policy of messages', { terminationMessagePolicy: 'Odd' }),
  within('security of a container', {
    securityContext: { runAsUser: -1, privileged: true, allowPrivilegeEscalation: false, procMount: 'Odd' },
  }),
  within('an image with spaces', { image: ' i ' }),
  within('a restart policy of its own', { restartPolicy: 'Odd' }),
  badPod('an init container with a probe', {
    initContainers: [{ name: 'i', image: 'i', readinessProbe: { exec: { command: ['x'] } } }],
  }),
  badPod('an init container of the same name', { initContainers: [{ name: 'main', image: 'i' }] }),
  pod('sidecar', {
    initContainers: [{ name: 'side', image: 'i', restartPolicy: 'Always', startupProbe: { exec: { command: ['x'] } } }],
  }),
  badPod('security', {
    securityContext: { runAsUser: -1, fsGroup: -1, supplementalGroups: [-1], sysctls: [{ name: 'A b', value: '' }] },
  }),
  badPod('non-root by root', { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'Odd' } } }),
  badPod('names', { hostAliases: [{ ip: 'x', hostnames: ['A_b'] }], subdomain: 'A_b', nodeName: 'A_b' }),
  badPod('dns', { dnsPolicy: 'None', dnsConfig: { nameservers: ['x'], searches: ['A_b'] } }),
  badPod('host network', {
    hostNetwork: true,
    containers: [{ ...container, ports: [{ containerPort: 80, hostPort: 81 }] }],
  }),
  badPod('a shared process and the host’s', { hostPID: true, shareProcessNamespace: true }),
  badPod('an affinity', term({ key: 'a', operator: 'Odd', values: ['b'] })),
  badPod('an affinity without values', term({ key: 'a', operator: 'In' })),
  badPod('an affinity with values', term({ key: 'a', operator: 'Exists', values: ['b'] })),
  badPod('an affinity that compares', term({ key: 'a', operator: 'Gt', values: ['x', 'y'] })),
  badPod('an affinity of nothing', {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
  }),
  badPod('an affinity with a weight', {
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }] } },
  }),
  badPod('an affinity to pods', {
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: '' }] } },
  }),
  badPod('an affinity to pods, of a weight', {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101, podAffinityTerm: { topologyKey: 'A b' } }],
      },
    },
  }),
  badPod('a spread', { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Odd' }] }),
  badPod('tolerations', {
    tolerations: [
      { operator: 'Odd' },
      { key: 'a b' },
      { value: 'x' },
      { key: 'a', effect: 'Odd' },
      { key: 'a', effect: 'NoSchedule', tolerationSeconds: 1 },
    ],
  }),
  badPod('volumes', {
    volumes: [
      { name: 'a', configMap: {} },
      { name: 'b', secret: { secretName: '', defaultMode: 4096 } },
      { name: 'c', hostPath: { path: '' } },
      { name: 'd', hostPath: { path: '/x', type: 'Odd' } },
      { name: 'e', persistentVolumeClaim: { claimName: '' } },
      { name: 'f', emptyDir: { sizeLimit: '-1' } },
      { name: 'g', downwardAPI: { items: [{ path: '/x', fieldRef: { fieldPath: 'spec.nodeName' } }] } },
      { name: 'h', projected: { sources: [{}] } },
      { name: 'i', configMap: { name: 'x', items: [{ key: '', path: '../y', mode: 4096 }] } },
      { name: 'j', projected: { sources: [{ serviceAccountToken: { path: '', expirationSeconds: 1 } }] } },
      {
        name: 'k',
        projected: {
          sources: [
            { secret: { name: 'a', items: [{ key: 'a', path: 'p' }] } },
            { configMap: { name: 'a', items: [{ key: 'a', path: 'p' }] } },
          ],
        },
      },
      { name: 'l', nfs: { server: '', path: 'x' } },
    ],
  }),
  badPod('readiness gates', { readinessGates: [{ conditionType: 'A b' }] }),
  badPod('a deadline', { activeDeadlineSeconds: 3000000000 }),
  badPod('an overhead alone', { overhead: { cpu: '1' } }),
  badPod('an operating system', { os: { name: 'odd' } }),
  badPod('a secret to pull', { imagePullSecrets: [{ name: '' }] }),
  badPod('gates', { schedulingGates: [{ name: 'A b' }, { name: 'a' }, { name: 'a' }] }),
  badPod('gates and a node', { nodeName: 'x', schedulingGates: [{ name: 'example.com/a' }] }),
  change('pod: fewer seconds', `${pods}/quantities`, { spec: { activeDeadlineSeconds: 100 } }),
  change('pod: more seconds', `${pods}/quantities`, { spec: { activeDeadlineSeconds: 200 } }),
  change('pod: for ever', `${pods}/quantities`, { spec: { activeDeadlineSeconds: null } }),
  change('pod: a toleration', `${pods}/quantities`, { spec: { tolerations: [{ key: 'a', operator: 'Exists' }] } }),
  change('pod: a container more', `${pods}/quantities`, {
    spec: { containers: [container, { name: 'two', image: 'i' }] },
  }),
  change('pod: no image', `${pods}/quantities`, { spec: { containers: [{ name: 'main', image: '' }] } }),
  {
    name: 'pods by scheduler',
    path: `${pods}?fieldSelector=spec.schedulerName%3Dnobody,metadata.name%3Dquantities`,
    ignoresBody: true,
  },
  { name: 'pods by account', path: `${pods}?fieldSelector=spec.serviceAccountName%3Dnobody` },
  { name: 'pods by node', path: `${pods}?fieldSelector=spec.nodeName%3Dnowhere` },
  { name: 'pods by network', path: `${pods}?fieldSelector=spec.hostNetwork%3Dtrue` },
  { name: 'pods by policy', path: `${pods}?fieldSelector=spec.restartPolicy%3DNever` },
  { name: 'pods by address', path: `${pods}?fieldSelector=status.podIP%3D10.1.2.3` },
  {
    name: 'events by what they are about',
    path: `${at('events')}?fieldSelector=involvedObject.kind%3DNothing,reason%3DNone,type%3DOdd`,
  },
  {
    name: 'events of the new group by what they regard',
    path: `${at('events', 'apis/events.k8s.io/v1')}?fieldSelector=regarding.kind%3DNothing`,
  },
  { name: 'maps by a field of pods', path: `${at('configmaps')}?fieldSelector=status.phase%3DRunning` },
  { name: 'namespaces by phase', path: '/api/v1/namespaces?fieldSelector=status.phase%3DOdd' },
  ...['limitranges', 'resourcequotas', 'endpoints', 'replicationcontrollers', 'podtemplates'].map(
    (each): CorpusRequest => ({ name: `table of ${each}`, path: at(each), headers: table, ignoresBody: true }),
  ),
  { name: 'table of volumes', path: `${volumes}?labelSelector=none`, headers: table },
  { name: 'table of nodes', path: `${nodes}?labelSelector=none`, headers: table },
  { name: 'table of namespaces', path: '/api/v1/namespaces?labelSelector=none', headers: table },
  { name: 'table of storage classes', path: `${storageClasses}?labelSelector=none`, headers: table },
  { name: 'table of priorities', path: `${priorities}?labelSelector=none`, headers: table },
  { name: 'table of runtimes', path: `${runtimes}?labelSelector=none`, headers: table },
  { name: 'table of budgets', path: `${budgets}?labelSelector=none`, headers: table },
  { name: 'table of policies', path: `${policies}?labelSelector=none`, headers: table },
  { name: 'table of scalers', path: `${scalers}?labelSelector=none`, headers: table },
  { name: 'table of accounts', path: `${at('serviceaccounts')}?labelSelector=none`, headers: table },
  { name: 'table of cluster roles', path: `/${rbac}/clusterroles?labelSelector=none`, headers: table },
  {
    name: 'table of definitions',
    path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?labelSelector=none',
    headers: table,
  },
  { name: 'pods go', method: 'DELETE', path: `${pods}?gracePeriodSeconds=0`, ignoresBody: true },
  { name: 'the namespace goes', method: 'DELETE', path: `/api/v1/namespaces/${namespace}`, ignoresBody: true },
  { name: 'it is gone', path: `/api/v1/namespaces/${namespace}`, until: 404 },
];
