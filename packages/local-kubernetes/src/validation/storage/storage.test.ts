import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schema/schema.ts';
import { strategyFor } from '../strategies.ts';
import { create, kindNamed, update } from '../through-strategy.fixture.ts';

const volumeSpec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/a' } };
const volume = (spec: JsonObject) => create('PersistentVolume', { spec: { ...volumeSpec, ...spec } }).errors;
const claimSpec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } };
const claim = (spec: JsonObject) => create('PersistentVolumeClaim', { spec: { ...claimSpec, ...spec } }).errors;

// The sentences are those of kube-apiserver 1.35; the whole list is held to it by the corpus.
describe('volumes', () => {
  it.each<[string, string[], string[]]>([
    [
      'nothing',
      create('PersistentVolume', { spec: {} }).errors,
      [
        'spec.accessModes: Required value',
        'spec.capacity: Required value',
        'spec.capacity: Unsupported value: null: supported values: "storage"',
        'spec: Required value: must specify a volume type',
      ],
    ],
    ['two sources', volume({ nfs: {} }), ['spec.nfs: Forbidden: may not specify more than 1 volume type']],
    [
      'a folder of one node that is not named',
      volume({ hostPath: undefined, local: { path: '/x' } }),
      ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
    ],
    [
      'the whole of a node, to be wiped',
      volume({ hostPath: { path: '/' }, persistentVolumeReclaimPolicy: 'Recycle' }),
      ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
    ],
  ])('%s', (_name, errors, wanted) => expect(errors).toEqual(wanted));

  it('stay what they are made of', () => {
    const { object } = create('PersistentVolume', { spec: volumeSpec });
    const [error] = update('PersistentVolume', object, (next) =>
      Object.assign(next['spec'] as JsonObject, { hostPath: { path: '/b', type: '' } }),
    );
    expect(error).toMatch(
      /^spec\.persistentvolumesource: Forbidden: .* is immutable after creation\n@@ -2,7 \+2,7 @@\n[\s\S]*-\s+"Path": "\/a",\n\+\s+"Path": "\/b"/,
    );
  });
});

describe('claims', () => {
  it.each<[string, string[], string[]]>([
    [
      'of no size',
      claim({ resources: { requests: { storage: '0' } } }),
      ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
    ],
    [
      'alone and with others',
      claim({ accessModes: ['ReadWriteOncePod', 'ReadOnlyMany'] }),
      ['spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes'],
    ],
  ])('%s', (_name, errors, wanted) => expect(errors).toEqual(wanted));

  it('say where they are filled from by both names, and forget what cannot fill them', () => {
    const source = { kind: 'PersistentVolumeClaim', name: 'x' };
    const filled = (spec: JsonObject) =>
      create('PersistentVolumeClaim', { spec: { ...claimSpec, ...spec } }).object['spec'] as JsonObject;
    expect(filled({ dataSource: source })).toMatchObject({ dataSourceRef: source });
    expect(filled({ dataSourceRef: source })).toMatchObject({ dataSource: source });
    expect(filled({ dataSource: { kind: 'Odd', name: 'x' } })).not.toHaveProperty('dataSource');
  });

  it('ask for less only as far as they were not given more', () => {
    const { object } = create('PersistentVolumeClaim', { spec: claimSpec });
    const bound = { ...object, status: { phase: 'Bound', capacity: { storage: '1Gi' } } };
    const to = (storage: string) =>
      update('PersistentVolumeClaim', bound, (next) =>
        Object.assign(next['spec'] as JsonObject, { resources: { requests: { storage } } }),
      );
    expect(to('1500Mi')).toEqual([]);
    expect(to('1Gi')).toEqual([
      'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
    ]);
  });
});

describe('warnings of claims', () => {
  const limited = { ...claimSpec, resources: { requests: { storage: '1Gi' }, limits: { storage: '.5' } } };
  const broken = 'resources.limits[storage]: fractional byte value "500m" is invalid, must be an integer';

  it('name bytes that are not whole, and the old way to say the class', () => {
    const annotations = { 'volume.beta.kubernetes.io/storage-class': 'a' };
    const { object } = create('PersistentVolumeClaim', { metadata: { annotations }, spec: limited });
    expect(strategyFor(kindNamed('PersistentVolumeClaim')).warnings(object)).toEqual([
      'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
      `spec.${broken}`,
    ]);
  });

  it('stand in a pod for a claim that it brings along', () => {
    const volumes = [{ name: 'v', ephemeral: { volumeClaimTemplate: { spec: limited } } }];
    const { object } = create('Pod', { spec: { containers: [{ name: 'c', image: 'i' }], volumes } });
    expect(strategyFor(kindNamed('Pod')).warnings(object)).toEqual([
      `spec.volumes[0].ephemeral.volumeClaimTemplate.spec.${broken}`,
    ]);
  });
});
