import type { CorpusRequest } from '../../corpus-request.ts';
import { bad, container, inNamespace, post, unscheduled } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-empty-texts');
const pods = at('pods');
const jobs = at('jobs', 'apis/batch/v1');
const budgets = at('poddisruptionbudgets', 'apis/policy/v1');
const classes = '/apis/storage.k8s.io/v1/storageclasses';
const pod = (why: string, spec: object) => bad(pods)(`pod: ${why}`, { spec: { ...unscheduled, ...spec } });
const within = (why: string, rest: object) => pod(why, { containers: [{ ...container, ...rest }] });
const job = (why: string, spec: object) =>
  bad(jobs)(`job: ${why}`, {
    spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } }, ...spec },
  });
const volume = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } };
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeMode: '' };
const v = { name: 'v', emptyDir: {} };

/** Texts that are empty: some fields tell them from none, and some do not. */
export const emptyTextRequests: readonly CorpusRequest[] = [
  ...opens,
  bad('/apis/scheduling.k8s.io/v1/priorityclasses')('priority class', { value: 1, preemptionPolicy: '' }),
  bad(classes)('storage class: binding', { provisioner: 'a', volumeBindingMode: '' }),
  bad(classes)('storage class: reclaiming', { provisioner: 'a', reclaimPolicy: '' }),
  bad(at('networkpolicies', 'apis/networking.k8s.io/v1'))('network policy', {
    spec: { podSelector: {}, ingress: [{ ports: [{ port: 80, protocol: '' }] }] },
  }),
  bad('/api/v1/persistentvolumes')('volume: mode', { spec: { ...volume, volumeMode: '' } }),
  bad('/api/v1/persistentvolumes')('volume: reclaiming', { spec: { ...volume, persistentVolumeReclaimPolicy: '' } }),
  bad(at('persistentvolumeclaims'))('claim', { spec: claim }),
  bad(at('services'))('service: traffic', { spec: { ports: [{ port: 80 }], internalTrafficPolicy: '' } }),
  bad(at('services'))('service: protocol', { spec: { ports: [{ port: 80, appProtocol: '' }] } }),
  bad(at('services'))('service: class', {
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], loadBalancerClass: '' },
  }),
  job('completion', { completionMode: '' }),
  job('replacement', { podReplacementPolicy: '' }),
  job('manager', { managedBy: '' }),
  pod('claim', { volumes: [{ name: 'v', ephemeral: { volumeClaimTemplate: { spec: claim } } }] }),
  pod('preemption', { preemptionPolicy: '' }),
  pod('preemption that its class does not say', { preemptionPolicy: 'Never' }),
  pod('preemption and priority', { preemptionPolicy: 'Never', priority: 7 }),
  pod('preemption that its class says', { preemptionPolicy: 'PreemptLowerPriority' }),
  pod('system', { os: {} }),
  pod('container restarts', { initContainers: [{ ...container, name: 'first', restartPolicy: '' }] }),
  pod('groups', { securityContext: { fsGroupChangePolicy: '', supplementalGroupsPolicy: '' } }),
  pod('mounts', {
    volumes: [v],
    containers: [
      {
        ...container,
        securityContext: { procMount: '' },
        volumeMounts: [{ name: 'v', mountPath: '/v', mountPropagation: '', recursiveReadOnly: '' }],
      },
    ],
  }),
  within('probe', { livenessProbe: { grpc: { port: 80, service: '' } }, terminationMessagePolicy: '' }),
  pod('spread', {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'a',
        whenUnsatisfiable: 'DoNotSchedule',
        nodeAffinityPolicy: '',
        nodeTaintsPolicy: '',
      },
    ],
  }),
  pod('less than no grace', {
    terminationGracePeriodSeconds: -5,
    containers: [{ ...container, lifecycle: { preStop: { sleep: { seconds: 1 } } } }],
  }),
  post('budget: a bad name too', `${budgets}?dryRun=All`, {
    metadata: { name: 'A_b' },
    spec: { unhealthyPodEvictionPolicy: '' },
  }),
  post('budget: no name', `${budgets}?dryRun=All`, { spec: {} }),
  bad(at('leases', 'apis/coordination.k8s.io/v1'))('lease', { spec: { holderIdentity: '', strategy: '' } }),
  bad(at('events'))('event', { involvedObject: { namespace: 'corpus-empty-texts' }, eventTime: 'a\nb"é\\' }),
  { name: 'a token that is none, with a revision', path: `${pods}?continue=odd&resourceVersion=odd` },
  ...closes,
];
