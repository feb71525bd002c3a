import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { type DeleteOptions, isFinallyGone, planDeletion } from './deletion.ts';

const now = new Date('2026-01-01T00:00:00Z');
const object = (metadata: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', ...metadata },
});
const none = { isGraceful: false, seconds: 0 };
const thirty = { isGraceful: true, seconds: 30 };
const plan = (metadata: object, options: DeleteOptions = {}, grace = none) =>
  planDeletion(object(metadata), options, grace, now);

describe('planDeletion', () => {
  it('removes at once what nothing holds', () => {
    expect(plan({})).toEqual({ action: 'remove' });
    expect(plan({}, { propagationPolicy: 'Background' })).toEqual({ action: 'remove' });
    expect(plan({}, { gracePeriodSeconds: 0 }, thirty)).toEqual({ action: 'remove' });
  });

  it('marks what a finalizer holds, and what the policy gives to the collector', () => {
    const held = plan({ finalizers: ['example.com/x'] });
    expect(held).toMatchObject({ action: 'mark', object: { metadata: { deletionGracePeriodSeconds: 0 } } });
    expect(plan({}, { propagationPolicy: 'Foreground' })).toMatchObject({
      object: { metadata: { finalizers: ['foregroundDeletion'] } },
    });
    expect(plan({ finalizers: ['orphan'] }, { propagationPolicy: 'Background' })).toEqual({ action: 'remove' });
  });

  it('gives a pod its time, less if asked, never more', () => {
    const marked = plan({}, {}, thirty);
    expect(marked).toMatchObject({
      object: { metadata: { deletionGracePeriodSeconds: 30, deletionTimestamp: '2026-01-01T00:00:30Z' } },
    });
    const metadata = { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 };
    expect(plan(metadata, {}, thirty)).toEqual({ action: 'none' });
    expect(plan(metadata, { gracePeriodSeconds: 60 }, thirty)).toEqual({ action: 'none' });
    expect(plan(metadata, { gracePeriodSeconds: 5 }, thirty)).toMatchObject({
      object: { metadata: { deletionGracePeriodSeconds: 5 } },
    });
    expect(plan(metadata, { gracePeriodSeconds: 0 }, thirty)).toEqual({ action: 'remove' });
    expect(plan({}, {}, { isGraceful: true, seconds: 0 })).toEqual({ action: 'remove' });
  });

  it('lets a pod that has ended in its time, and is held by a finalizer, go with it', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30, finalizers: ['a/b'] };
    const hurried = plan(metadata, { gracePeriodSeconds: 0 });
    expect(hurried).toMatchObject({ action: 'mark', object: { metadata: { deletionGracePeriodSeconds: 0 } } });
    if (hurried.action !== 'mark') throw new Error('not marked');
    hurried.object.metadata.finalizers = [];
    expect(isFinallyGone(hurried.object)).toBe(true);
    expect(plan(metadata)).toEqual({ action: 'none' });
  });

  it('says nothing new of what is marked already', () => {
    const metadata = { deletionTimestamp: 'x', deletionGracePeriodSeconds: 0, finalizers: ['example.com/x'] };
    expect(plan(metadata)).toEqual({ action: 'none' });
    expect(isFinallyGone(object(metadata))).toBe(false);
    expect(isFinallyGone(object({ ...metadata, finalizers: [] }))).toBe(true);
  });
});
