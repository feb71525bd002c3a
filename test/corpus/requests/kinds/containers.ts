import type { CorpusRequest } from '../../corpus-request.ts';
import { container, inNamespace, post, unscheduled } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-containers');
const pods = at('pods');
const badPod = (why: string, spec: object) =>
  post(`bad: ${why}`, `${pods}?dryRun=All`, { metadata: { name: 'bad' }, spec: { ...unscheduled, ...spec } });
const within = (why: string, rest: object) => badPod(why, { containers: [{ ...container, ...rest }] });

const warned = (why: string, rest: object) =>
  post(`warned of: ${why}`, `${pods}?dryRun=All`, {
    metadata: { name: 'warned' },
    spec: { ...unscheduled, containers: [{ ...container, ...rest }] },
  });

const quantities = [
  '5.',
  '+1',
  '.5',
  '05',
  '1.500',
  '1.50',
  '0.500',
  '1000m',
  '1500m',
  '1k',
  '1000k',
  '1E3',
  '1e-3',
  '12e6',
].concat(['1000', '+7Ki', '8Ki', '0016Ki', '1.5Ki', '5.Ki', '1u', '1100u', '1_000', '+0', '1.23456789012']);

const hash = 'a'.repeat(64);
const images = [
  'a',
  'a/b',
  'a:1',
  'a:latest',
  'A',
  'X/a',
  'a/B',
  'a/..b',
  '../b',
  'a//b',
  'a/.b',
  'a..b',
  'x:5000/a',
  'localhost/a',
].concat([
  `a@sha256:${hash}`,
  `a:latest@sha256:${hash}`,
  'a:latest@sha256:00',
  hash,
  'a__b.c--d',
  '[::1]:5000/a',
  'a:',
  ':a',
]);

/** Containers: what may be wrong with one, alone and several at once. */
export const containerRequests: readonly CorpusRequest[] = [
  ...opens,
  within('resource in parts', { resources: { limits: { 'example.com/thing': '1500m' } } }),
  within('a resource without a limit', { resources: { requests: { 'example.com/thing': 1 } } }),
  within('huge pages alone', { resources: { limits: { 'hugepages-2Mi': '2Mi' } } }),
  within('a quantity of nothing', { resources: { limits: { cpu: '' } } }),
  within('a quantity with a space', { resources: { limits: { cpu: '1 ' } } }),
  within('a quantity of a truth', { resources: { limits: { cpu: true } } }),
  within('a quantity below zero', { resources: { requests: { memory: '-1Mi' } } }),
  ...quantities.map((each) =>
    warned(`the quantity ${each}`, { resources: { limits: { memory: each }, requests: { cpu: each } } }),
  ),
  ...images.map((image) => warned(`the image ${image}`, { image })),
  ...images.map((reference) =>
    badPod(`a volume of the image ${reference}`, { volumes: [{ name: 'v', image: { reference } }] }),
  ),
  within('a field of another version', {
    env: [{ name: 'A', valueFrom: { fieldRef: { apiVersion: 'v2', fieldPath: 'metadata.name' } } }],
  }),
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
  within('several at once', {
    name: 'A_b',
    image: '',
    command: [],
    ports: [{ name: 'too-long-a-name-for-it', containerPort: 0, hostPort: -1, protocol: 'ODD' }],
    env: [{ name: '' }, { name: 'a', value: 'b', valueFrom: { secretKeyRef: { key: '' } } }],
    envFrom: [{ prefix: '=', configMapRef: { name: 'A_b' }, secretRef: { name: '' } }],
    volumeMounts: [
      { name: '', mountPath: '/a' },
      { name: 'x', mountPath: '/a', subPath: '/..' },
    ],
    imagePullPolicy: 'Odd',
    terminationMessagePolicy: 'Odd',
    resources: { limits: { cpu: '1', odd: '1' }, requests: { cpu: '2', 'a/b/c': '1' } },
    lifecycle: { preStop: { exec: {}, httpGet: {} }, stopSignal: 'SIGTERM' },
    livenessProbe: { tcpSocket: { port: 0 }, failureThreshold: -1, terminationGracePeriodSeconds: 0 },
    securityContext: { runAsGroup: 3000000000, seccompProfile: {}, appArmorProfile: { type: 'Odd' } },
  }),
  within('mounts of every kind of wrong', {
    volumeMounts: [
      { name: 'v', mountPath: '/a', mountPropagation: 'Bidirectional' },
      { name: 'v', mountPath: '/b', mountPropagation: 'Odd' },
      { name: 'v', mountPath: '/c', recursiveReadOnly: 'Enabled', mountPropagation: 'HostToContainer' },
      { name: 'v', mountPath: '/d', recursiveReadOnly: 'Odd' },
      { name: 'v', mountPath: '/e', subPathExpr: '/x/..' },
    ],
  }),
  badPod('devices', {
    volumes: [
      { name: 'empty', emptyDir: {} },
      { name: 'claim', persistentVolumeClaim: { claimName: 'c' } },
    ],
    containers: [
      {
        ...container,
        volumeMounts: [{ name: 'claim', mountPath: '/dev/a' }],
        volumeDevices: [
          { name: 'empty', devicePath: '/dev/x' },
          { name: 'claim', devicePath: '/dev/a' },
          { name: 'claim', devicePath: '/dev/../b' },
          { name: 'gone', devicePath: '' },
        ],
      },
    ],
  }),
  badPod('a mount of a volume that is wrong itself', {
    volumes: [{ name: 'v', configMap: {} }],
    containers: [{ ...container, volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
  }),
  badPod('variables from files', {
    volumes: [{ name: 'v', configMap: { name: 'm' } }],
    containers: [
      {
        ...container,
        env: [
          { name: 'A', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'p', key: 'K' } } },
          { name: 'B', valueFrom: { fileKeyRef: { volumeName: 'w', path: '../p', key: 'a=b' } } },
          { name: 'C', valueFrom: { fileKeyRef: { volumeName: '', path: '', key: '' } } },
        ],
      },
    ],
  }),
  within('variables from fields', {
    env: [
      { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } },
      { name: 'B', valueFrom: { fieldRef: { fieldPath: 'spec.nothing' } } },
      { name: 'C', valueFrom: { fieldRef: { fieldPath: '' } } },
      { name: 'D', valueFrom: { resourceFieldRef: { resource: '' } } },
      { name: 'E', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1m' } } },
      { name: 'F', valueFrom: { resourceFieldRef: { resource: 'requests.cpu', divisor: '5' } } },
      { name: 'G', valueFrom: { resourceFieldRef: { resource: 'limits.hugepages-2Mi', divisor: '3' } } },
      { name: 'H', valueFrom: { configMapKeyRef: { name: '', key: '..' } } },
    ],
  }),
  within('resources of every kind of wrong', {
    resources: {
      limits: { 'requests.example.com/x': '1', 'hugepages-2Mi': '3Mi', pods: '1' },
      requests: { 'example.com/y': '1', 'hugepages-2Mi': '2Mi', 'A b': '1' },
      claims: [{ name: 'a' }, { name: 'a' }, { name: '' }],
    },
  }),
  within('restarts', {
    restartPolicyRules: [{ action: 'Odd', exitCodes: { operator: 'Odd', values: [1] } }, { action: 'Restart' }],
  }),
  badPod('an init container that restarts oddly', {
    initContainers: [
      { name: 'a', image: 'i', restartPolicy: 'Odd' },
      { name: 'b', image: 'i', restartPolicy: 'Always', restartPolicyRules: [{ action: 'Restart', exitCodes: {} }] },
      { name: 'c', image: 'i', restartPolicyRules: [{ action: 'Restart' }] },
    ],
  }),
  within('resizing', {
    resizePolicy: [
      { resourceName: 'cpu', restartPolicy: 'NotRequired' },
      { resourceName: 'cpu', restartPolicy: 'Odd' },
      { resourceName: 'odd', restartPolicy: '' },
    ],
  }),
  badPod('a signal of another system', {
    os: { name: 'linux' },
    containers: [{ ...container, lifecycle: { stopSignal: 'SIGODD' } }],
  }),
  within('sleeping too long', {
    lifecycle: { preStop: { sleep: { seconds: 31 } }, postStart: { sleep: { seconds: 0 } } },
  }),
  within('a header', { readinessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'a b', value: 'c' }] } } }),
  within('two handlers', { startupProbe: { exec: { command: ['x'] }, tcpSocket: { port: 'x' }, grpc: { port: 1 } } }),
  within('rights', {
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ['CAP_SYS_ADMIN'] },
      procMount: 'Unmasked',
      seccompProfile: { type: 'Localhost' },
      appArmorProfile: { type: 'Localhost', localhostProfile: ' a' },
    },
  }),
  within('profiles', {
    securityContext: {
      seccompProfile: { type: 'Unconfined', localhostProfile: 'x' },
      appArmorProfile: { type: 'Unconfined', localhostProfile: 'x' },
    },
  }),
  warned('a variable hidden', {
    env: [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
      { name: 'A', value: '$(A)3' },
    ],
  }),
  warned('ports twice', {
    ports: [
      { containerPort: 80 },
      { containerPort: 80, name: 'a' },
      { containerPort: 81, hostPort: 8081 },
      { containerPort: 81 },
    ],
  }),
  warned('parts of a byte', { resources: { limits: { memory: '1500m' } } }),
  ...closes,
];
