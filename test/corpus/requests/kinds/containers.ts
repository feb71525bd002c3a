import type { CorpusRequest } from '../../corpus-request.ts';
import { container, inNamespace, post, unscheduled } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-containers');
const pods = at('pods');
const badPod = (why: string, spec: object) =>
  post(`bad: ${why}`, `${pods}?dryRun=All`, { metadata: { name: 'bad' }, spec: { ...unscheduled, ...spec } });
const within = (why: string, rest: object) => badPod(why, { containers: [{ ...container, ...rest }] });

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
  ...closes,
];
