import type { CorpusRequest } from '../../corpus-request.ts';
import { change, container, inNamespace, post, unscheduled } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-pods');
const pods = at('pods');
const pod = (name: string, spec: object) =>
  post(`a pod: ${name}`, pods, { metadata: { name }, spec: { ...unscheduled, ...spec } });
const badPod = (why: string, spec: object) =>
  post(`bad: ${why}`, `${pods}?dryRun=All`, { metadata: { name: 'bad' }, spec: { ...unscheduled, ...spec } });
const term = (expression: object) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [expression] }] },
    },
  },
});

/** Pods as wholes: what may be wrong with one, and what may change. */
export const podRequests: readonly CorpusRequest[] = [
  ...opens,
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
  change('fewer seconds', `${pods}/quantities`, { spec: { activeDeadlineSeconds: 100 } }),
  change('more seconds', `${pods}/quantities`, { spec: { activeDeadlineSeconds: 200 } }),
  change('for ever', `${pods}/quantities`, { spec: { activeDeadlineSeconds: null } }),
  change('a toleration', `${pods}/quantities`, { spec: { tolerations: [{ key: 'a', operator: 'Exists' }] } }),
  change('a container more', `${pods}/quantities`, {
    spec: { containers: [container, { name: 'two', image: 'i' }] },
  }),
  change('no image', `${pods}/quantities`, { spec: { containers: [{ name: 'main', image: '' }] } }),
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
  { name: 'pods go', method: 'DELETE', path: `${pods}?gracePeriodSeconds=0`, ignoresBody: true },
  ...closes,
];
