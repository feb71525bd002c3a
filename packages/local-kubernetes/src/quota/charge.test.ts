import { describe, expect, it } from 'vitest';
import { printAmounts } from '../schema/amounts.ts';
import type { JsonObject } from '../schema/schema.ts';
import { chargeQuotas } from './charge.ts';
import { evaluatorOf } from './evaluators.ts';
import { isSettled, measure, nextStatus } from './quota-status.ts';
import { isNeverUsed } from './unserved-kinds.ts';

const now = new Date('2026-01-01T00:00:00Z');
const evaluator = (plural: string) => evaluatorOf({ group: '', plural })!;
const quota = (name: string, hard: JsonObject, used: JsonObject, spec: JsonObject = {}): JsonObject => ({
  metadata: { name },
  spec: { hard, ...spec },
  status: { hard, used },
});
const pod = (cpu: string, spec: JsonObject = {}): JsonObject => ({
  spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }], ...spec },
});

function charge(plural: string, quotas: JsonObject[], object: JsonObject, oldObject?: JsonObject, subresource = '') {
  const operation = oldObject ? ('UPDATE' as const) : ('CREATE' as const);
  const result = chargeQuotas(quotas, evaluator(plural), { operation, subresource, object, oldObject }, now);
  if ('refused' in result) return result.refused;
  return [...result.used].map(([each, used]) => [(each['metadata'] as JsonObject)['name'], printAmounts(used)]);
}

describe('what is charged', () => {
  const some = quota('some', { cpu: '1', pods: '2', services: '1' }, { cpu: '500m', pods: '1', services: '0' });

  it('is what each quota names, on top of what is used', () => {
    expect(charge('pods', [some], pod('500m'))).toEqual([['some', { cpu: '1', pods: '2', services: '0' }]]);
  });

  it('is refused by name, with all that is too much and nothing else', () => {
    expect(charge('pods', [some], pod('501m'))).toBe(
      'exceeded quota: some, requested: cpu=501m, used: cpu=500m, limited: cpu=1',
    );
    const full = quota('full', { cpu: '1', pods: '1' }, { cpu: '1', pods: '1' });
    expect(charge('pods', [some, full], pod('1m'))).toBe(
      'exceeded quota: full, requested: cpu=1m,pods=1, used: cpu=1,pods=1, limited: cpu=1,pods=1',
    );
  });

  it('is nothing where a quota is about other objects, or not yet in force', () => {
    expect(charge('configmaps', [some], {})).toEqual([]);
    expect(
      charge('pods', [quota('short', { pods: '0' }, { pods: '0' }, { scopes: ['Terminating'] })], pod('1')),
    ).toEqual([]);
    expect(
      charge('pods', [{ metadata: { name: 'new' }, spec: { hard: { pods: '0' } }, status: {} }], pod('1')),
    ).toEqual([]);
  });

  it('is refused where containers do not say what is counted, or the use is not known', () => {
    expect(charge('pods', [some], { spec: { containers: [{ name: 'c' }] } })).toBe(
      'failed quota: some: must specify cpu for: c',
    );
    expect(charge('pods', [quota('odd', { pods: '1', 'count/pods': '1' }, { pods: '0' })], pod('1'))).toBe(
      'status unknown for quota: odd, resources: count/pods,pods',
    );
  });

  it('is the difference where an object changes, and all of it where it comes into a scope', () => {
    const storage = quota('storage', { 'requests.storage': '3Gi' }, { 'requests.storage': '1Gi' });
    const claim = (text: string): JsonObject => ({ spec: { resources: { requests: { storage: text } } } });
    expect(charge('persistentvolumeclaims', [storage], claim('3Gi'), claim('1Gi'))).toEqual([
      ['storage', { 'requests.storage': '3Gi' }],
    ]);
    expect(charge('persistentvolumeclaims', [storage], claim('4Gi'), claim('1Gi'))).toBe(
      'exceeded quota: storage, requested: requests.storage=3Gi, used: requests.storage=1Gi, limited: requests.storage=3Gi',
    );
    expect(charge('persistentvolumeclaims', [storage], claim('1Gi'), claim('2Gi'))).toEqual([]);
    expect(charge('persistentvolumeclaims', [storage], claim('9Gi'), claim('1Gi'), 'status')).toEqual([
      ['storage', { 'requests.storage': '9Gi' }],
    ]);
    const short = quota('short', { pods: '1' }, { pods: '0' }, { scopes: ['Terminating'] });
    expect(charge('pods', [short], pod('1', { activeDeadlineSeconds: 1 }), pod('1'))).toEqual([
      ['short', { pods: '1' }],
    ]);
  });
});

describe('the status of a quota', () => {
  const hard = { cpu: '2', pods: '5', memory: '1Gi', 'count/others.a.b': '1' };

  it('counts what the objects of a kind use, nothing included', () => {
    const quotaNow = { spec: { hard } };
    expect(printAmounts(measure(quotaNow, evaluator('pods'), [], now))).toEqual({ cpu: '0', memory: '0', pods: '0' });
    expect(printAmounts(measure(quotaNow, evaluator('pods'), [pod('500m'), pod('1')], now))).toEqual({
      cpu: '1500m',
      memory: '0',
      pods: '2',
    });
    const short = { spec: { hard, scopes: ['Terminating'] } };
    const pods = [pod('1'), pod('2', { activeDeadlineSeconds: 1 })];
    expect(printAmounts(measure(short, evaluator('pods'), pods, now))['cpu']).toBe('2');
  });

  it('is written when it says something else, and keeps what could not be counted', () => {
    const measured = measure({ spec: { hard } }, evaluator('pods'), [pod('1')], now);
    const used = { cpu: '1', memory: '0', pods: '1' };
    expect(nextStatus({ spec: { hard } }, measured)).toEqual({ hard, used });
    expect(nextStatus({ spec: { hard }, status: { hard, used: { ...used, cpu: '1000m' } } }, measured)).toBeUndefined();
    const more = { ...used, 'count/others.a.b': '1', gone: '1' };
    expect(nextStatus({ spec: { hard }, status: { hard, used: more } }, measured)?.used).toEqual({
      ...used,
      'count/others.a.b': '1',
    });
  });

  it('is settled when it tells of every limit', () => {
    const all = { cpu: '0', pods: '0', memory: '0', 'count/others.a.b': '0' };
    expect(isSettled({ spec: { hard }, status: { hard, used: all } })).toBe(true);
    expect(isSettled({ spec: { hard }, status: { hard, used: { cpu: '0' } } })).toBe(false);
    expect(isSettled({ spec: { hard }, status: { hard: { ...hard, cpu: '1' }, used: all } })).toBe(false);
  });

  it.each([
    ['count/deployments.apps', true],
    ['replicationcontrollers', true],
    ['gpu.deviceclass.resource.k8s.io/devices', true],
    ['count/jobs.batch', false],
    ['count/others.a.b', false],
  ])('knows that there is no %s here: %s', (name, isNever) => expect(isNeverUsed(name)).toBe(isNever));
});
