import { describe, expect, it } from 'vitest';
import { aggregated } from '../schema/field-error.ts';
import type { JsonObject } from '../schema/schema.ts';
import { claimProblems, podProblems } from './limit-checks.ts';
import { fillLimits, limitAnnotation } from './limit-defaults.ts';

const range = (...limits: JsonObject[]): JsonObject => ({ spec: { limits } });
const container = (name: string, requests: JsonObject = {}, limits: JsonObject = {}, rest: JsonObject = {}) => ({
  name,
  resources: { requests, limits },
  ...rest,
});
const pod = (containers: JsonObject[], initContainers: JsonObject[] = [], rest: JsonObject = {}): JsonObject => ({
  metadata: { name: 'p' },
  spec: { containers, initContainers, ...rest },
});

describe('what a limit range fills in', () => {
  const defaults = range(
    { type: 'Pod', max: { cpu: '8' } },
    { type: 'Container', default: { cpu: '200m', memory: '64Mi' }, defaultRequest: { cpu: '100m' } },
  );
  const told = (object: JsonObject) => (object['metadata'] as { annotations?: Record<string, string> }).annotations;

  it('is what containers and init containers do not say, and stands in an annotation', () => {
    const object = pod([{ name: 'a' }, container('b', { cpu: '1' }, { cpu: '1' })], [{ name: 'first' }]);
    fillLimits(object, defaults);
    expect(object['spec']).toEqual({
      containers: [
        { name: 'a', resources: { requests: { cpu: '100m' }, limits: { cpu: '200m', memory: '64Mi' } } },
        { name: 'b', resources: { requests: { cpu: '1' }, limits: { cpu: '1', memory: '64Mi' } } },
      ],
      initContainers: [
        { name: 'first', resources: { requests: { cpu: '100m' }, limits: { cpu: '200m', memory: '64Mi' } } },
      ],
    });
    expect(told(object)).toEqual({
      [limitAnnotation]:
        'LimitRanger plugin set: cpu request for container a; cpu, memory limit for container a; memory limit for container b; cpu request for init container first; cpu, memory limit for init container first',
    });
  });

  it('is nothing, and tells of nothing, where all is said', () => {
    const said = () => pod([container('a', { cpu: '1' }, { cpu: '1', memory: '1Mi' })]);
    const object = said();
    fillLimits(object, defaults);
    expect(object).toEqual(said());
  });
});

describe('what a limit range refuses', () => {
  const ofContainer = (limits: JsonObject) => range({ type: 'Container', ...limits });
  const ofPod = (limits: JsonObject) => range({ type: 'Pod', ...limits });

  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'nothing that fits',
      pod([container('a', { cpu: '100m' }, { cpu: '1' })]),
      ofContainer({ max: { cpu: '1' }, min: { cpu: '0.1' } }),
      [],
    ],
    [
      'a request that is missing',
      pod([container('a')]),
      ofContainer({ min: { cpu: '1' } }),
      ['minimum cpu usage per Container is 1.  No request is specified'],
    ],
    [
      'a request that is too small',
      pod([container('a', { memory: '1Ki' })]),
      ofContainer({ min: { memory: '1Mi' } }),
      ['minimum memory usage per Container is 1Mi, but request is 1Ki'],
    ],
    [
      'a limit that is too small',
      pod([container('a', { cpu: '2' }, { cpu: '1m' })]),
      ofContainer({ min: { cpu: '1' } }),
      ['minimum cpu usage per Container is 1, but limit is 1m'],
    ],
    [
      'a limit that is missing',
      pod([container('a', { cpu: '1' })]),
      ofContainer({ max: { cpu: '1' } }),
      ['maximum cpu usage per Container is 1.  No limit is specified'],
    ],
    [
      'a limit that is too large',
      pod([container('a', {}, { cpu: '1001m' })]),
      ofContainer({ max: { cpu: '1' } }),
      ['maximum cpu usage per Container is 1, but limit is 1001m'],
    ],
    [
      'a request that is too large',
      pod([container('a', { cpu: '2' }, { cpu: '1' })]),
      ofContainer({ max: { cpu: '1' } }),
      ['maximum cpu usage per Container is 1, but request is 2'],
    ],
    [
      'amounts of which thousandths are too large a number',
      pod([container('a', {}, { memory: '7Ei' })]),
      ofContainer({ max: { memory: '6Ei' } }),
      ['maximum memory usage per Container is 6Ei, but limit is 7Ei'],
    ],
    [
      'a ratio without a request',
      pod([container('a', {}, { cpu: '1' })]),
      ofContainer({ maxLimitRequestRatio: { cpu: '2' } }),
      ['cpu max limit to request ratio per Container is 2, but no request is specified or request is 0'],
    ],
    [
      'a ratio without a limit',
      pod([container('a', { cpu: '1' })]),
      ofContainer({ maxLimitRequestRatio: { cpu: '2' } }),
      ['cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0'],
    ],
    [
      'a ratio that is too large',
      pod([container('a', { cpu: '300m' }, { cpu: '1' })]),
      ofContainer({ maxLimitRequestRatio: { cpu: '2500m' } }),
      ['cpu max limit to request ratio per Container is 2500m, but provided ratio is 3.333333'],
    ],
    [
      'init containers after the others',
      pod([container('a', { cpu: '2' })], [container('b', { cpu: '3' })]),
      ofContainer({ min: { cpu: '4' } }),
      [
        'minimum cpu usage per Container is 4, but request is 2',
        'minimum cpu usage per Container is 4, but request is 3',
      ],
    ],
    [
      'the sum of a pod',
      pod([container('a', {}, { memory: '1Gi' }), container('b', {}, { memory: '1Gi' })]),
      ofPod({ max: { memory: '1536Mi' } }),
      ['maximum memory usage per Pod is 1536Mi, but limit is 2Gi'],
    ],
    [
      'the peak of a pod that begins',
      pod(
        [container('a', { cpu: '1' })],
        [container('side', { cpu: '1' }, {}, { restartPolicy: 'Always' }), container('first', { cpu: '5' })],
      ),
      ofPod({ min: { cpu: '7' } }),
      ['minimum cpu usage per Pod is 7, but request is 6'],
    ],
    [
      'what is said of the pod as a whole',
      pod([container('a', { cpu: '1' })], [], { resources: { requests: { cpu: '3' } } }),
      ofPod({ min: { cpu: '4' } }),
      ['minimum cpu usage per Pod is 4, but request is 3'],
    ],
    [
      'of a pod no storage',
      pod([container('a')]),
      range({ type: 'PersistentVolumeClaim', min: { storage: '1Gi' } }),
      [],
    ],
  ])('%s', (_name, object, limits, problems) => expect(podProblems(object, limits)).toEqual(problems));

  const claim = (storage: string): JsonObject => ({ spec: { resources: { requests: { storage } } } });
  it.each<[string, JsonObject, string[]]>([
    ['storage that fits', claim('1Gi'), []],
    [
      'too little storage',
      claim('1Ki'),
      ['minimum storage usage per PersistentVolumeClaim is 1Mi, but request is 1Ki'],
    ],
    ['too much storage', claim('2Gi'), ['maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi']],
  ])('%s', (_name, object, problems) => {
    const limits = range({ type: 'PersistentVolumeClaim', min: { storage: '1Mi' }, max: { storage: '1Gi' } });
    expect(claimProblems(object, limits)).toEqual(problems);
  });

  it('says one thing plainly, several as a list, and each once', () => {
    expect(aggregated(['a'])).toBe('a');
    expect(aggregated(['a', 'b', 'a'])).toBe('[a, b]');
    expect(aggregated(['a', 'a'])).toBe('a');
  });
});
