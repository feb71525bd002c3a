import type { CorpusRequest } from '../../corpus-request.ts';
import { bad, change, goes, inNamespace, make } from './kind-requests.ts';

const namespace = 'corpus-storage';
const { at, opens, closes } = inNamespace(namespace);
const claims = at('persistentvolumeclaims');
const volumes = '/api/v1/persistentvolumes';
const storageClasses = '/apis/storage.k8s.io/v1/storageclasses';

/** Volumes, claims and classes of storage. */
export const storageRequests: readonly CorpusRequest[] = [
  ...opens,
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
  bad(volumes)('volume: several at once', {
    spec: {
      capacity: { storage: '-1', odd: '1' },
      accessModes: ['Odd', 'ReadWriteOncePod', 'ReadWriteMany'],
      local: { path: '..' },
      storageClassName: 'A_b',
      volumeMode: 'Odd',
      nodeAffinity: {},
    },
  }),
  bad(volumes)('volume: everything again', {
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/' },
      persistentVolumeReclaimPolicy: 'Recycle',
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Odd' }] }] } },
    },
  }),
  bad(volumes)('volume: by a driver', {
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      csi: { driver: '', volumeHandle: '', nodePublishSecretRef: { name: 'A_b' } },
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
  bad(claims)('claim: several at once', {
    spec: {
      accessModes: ['Odd'],
      storageClassName: 'A_b',
      volumeMode: 'Odd',
      selector: { matchLabels: { 'a b': 'c' } },
      resources: { requests: { storage: '-1' } },
      dataSource: { kind: 'Odd', name: '' },
    },
  }),
  bad(claims)('claim: nothing', { spec: {} }),
  change('claim: smaller', `${claims}/made`, { spec: { resources: { requests: { storage: '1Mi' } } } }),
  change('claim: larger', `${claims}/made`, { spec: { resources: { requests: { storage: '2Gi' } } } }),
  change('claim: another class', `${claims}/made`, { spec: { storageClassName: 'other' } }),

  make(storageClasses)('a storage class', { provisioner: 'example.com/p', parameters: { a: 'b' } }),
  bad(storageClasses)('storage class: nothing', {}),
  bad(storageClasses)('storage class: modes', { provisioner: 'p', reclaimPolicy: 'Odd', volumeBindingMode: 'Odd' }),
  change('storage class: its parameters', `${storageClasses}/made`, { parameters: { a: 'c' } }),
  goes('the storage class goes', `${storageClasses}/made`),
  ...closes,
];
