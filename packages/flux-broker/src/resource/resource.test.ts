import { Idset, ResourceSet } from '@ebb/flux-formats';
import { describe, expect, it } from 'vitest';
import { acquireUpdate, type RankState, schedulable, upRanks } from './availability.ts';
import { DrainState } from './drain-state.ts';
import { Journal } from './journal.ts';
import { replayDrains } from './replay.ts';
import { rerank } from './rerank.ts';
import { readResourceConfig, resourcesFromTable } from './resource-config.ts';
import { parseTargets } from './targets.ts';
import { readVerification, verifies, verifyHost } from './verify.ts';

const ids = (text: string) => Idset.parse(text);
const four = resourcesFromTable([{ hosts: 'n[0-3]', cores: '0-3' }]);

describe('the [resource] table', () => {
  it('gathers what several entries say of a host', () => {
    const set = resourcesFromTable([
      { hosts: 'n[0-2]', cores: '0-1' },
      { hosts: 'n2', gpus: '0', properties: ['big'] },
    ]);
    expect([set.nodeCount, set.coreCount, set.gpuCount]).toEqual([3, 6, 1]);
    expect(set.properties.get('big')?.toString()).toBe('2');
  });

  it.each([
    [{ bogus: 1 }, "unknown key 'bogus'"],
    [{ noverify: 'yes' }, 'noverify must be a boolean'],
    [{ path: '/nonexistent' }, '/nonexistent'],
    [{ config: [{ hosts: 'a' }] }, 'host a has no cores assigned'],
    [{ scheduling: '/x' }, 'resource.scheduling requires resource.path'],
  ])('refuses %j', (resource, text) => {
    expect(() => readResourceConfig({ resource }, ['a'])).toThrow(text);
  });

  it('gives hosts the ranks of their brokers', () => {
    const set = rerank(resourcesFromTable([{ hosts: 'b,a', cores: '0' }]), ['a', 'b']);
    expect([set.host(0), set.host(1)]).toEqual(['a', 'b']);
    expect(() => rerank(four, ['n0'])).toThrow('host n1 is not in the hostlist');
  });
});

describe('targets', () => {
  it('are ranks or hosts', () => {
    expect(parseTargets('0-1,3', undefined).toString()).toBe('0-1,3');
    expect(parseTargets('n[1-2]', four).toString()).toBe('1-2');
    expect(() => parseTargets('n7,n9', four)).toThrow('invalid targets: invalid hosts: n[7,9]');
    expect(() => parseTargets('n1', undefined)).toThrow('R is unavailable');
  });
});

describe('what is up', () => {
  const state: RankState = {
    online: ids('0-2'),
    torpid: ids('1'),
    drained: ids(''),
    exclude: ids('3'),
    lost: ids(''),
    shrinks: false,
  };

  it('leaves out the excluded, the torpid and the drained', () => {
    expect(schedulable(four, state).ranks.toString()).toBe('0-2');
    expect(upRanks(ids('0-2'), state).toString()).toBe('0,2');
    expect(upRanks(ids('0-2'), { ...state, drained: ids('2') }).toString()).toBe('0');
  });

  it('takes lost ranks out where R cannot grow back', () => {
    expect(schedulable(four, { ...state, lost: ids('2'), shrinks: true }).ranks.toString()).toBe('0-1');
  });

  it('tells a scheduler only of changes', () => {
    expect(acquireUpdate(ids('0-1'), ids('1-2'), ids(''))).toEqual({ up: '2', down: '0' });
    expect(acquireUpdate(ids('0'), ids('0'), ids(''))).toBeUndefined();
    expect(acquireUpdate(ids('0-1'), ids('0'), ids('1'))).toEqual({ down: '1', shrink: '1' });
  });
});

describe('drains', () => {
  it('keep the first reason unless overwritten, and the first time unless forced', () => {
    const drains = new DrainState();
    drains.drain(ids('1-2'), 10, 'one', 0);
    drains.drain(ids('2-3'), 20, 'two', 0);
    expect(drains.show()).toEqual({
      '1-2': { timestamp: 10, reason: 'one' },
      '3': { timestamp: 20, reason: 'two' },
    });
    drains.drain(ids('1'), 30, 'three', 1);
    expect(drains.get(1)).toEqual({ timestamp: 10, reason: 'three' });
    drains.drain(ids('1'), 30, 'four', 2);
    expect(drains.get(1)).toEqual({ timestamp: 30, reason: 'four' });
  });

  it('refuse what is drained, excluded, or not drained', () => {
    const drains = new DrainState();
    drains.drain(ids('1'), 10, 'one', 0);
    expect(() => drains.check(ids('0-3'), ids('3'))).toThrow('ranks 1,3 already drained or excluded');
    expect(() => drains.check(ids('3'), ids('3'))).toThrow('rank 3 excluded');
    expect(() => drains.checkUndrain(ids('0-2'))).toThrow('ranks 0,2 not drained');
  });

  it('come back from the stored events, with their hosts where they are now', () => {
    const drains = new DrainState();
    const context = { idset: '0-1', nodelist: 'a,b', reason: 'r', overwrite: 0 };
    const events = [
      { timestamp: 5, name: 'drain', context },
      { timestamp: 6, name: 'undrain', context: { idset: '0', nodelist: 'a' } },
    ];
    replayDrains(drains, events, undefined, ['z', 'a', 'b']);
    expect(drains.ranks.toString()).toBe('2');
  });
});

describe('the journal', () => {
  it('applies events in the order posted, stored ones when they are stored', async () => {
    const stored: string[] = [];
    const releases: (() => void)[] = [];
    const journal = new Journal([], {
      now: () => 1_000,
      limit: 100,
      store: (line) => {
        stored.push(line);
        return new Promise((resolve) => releases.push(resolve));
      },
      resources: () => ({}),
    });
    const applied: string[] = [];
    journal.onEvent(({ name }) => applied.push(name));
    const drain = journal.post('drain', { idset: '1' }, { isStored: true });
    const online = journal.post('online', { idset: '1' }, { isStored: false });
    await Promise.resolve();
    expect(applied).toEqual([]);
    releases[0]!();
    await Promise.all([drain, online]);
    expect(applied).toEqual(['drain', 'online']);
    expect(stored).toEqual(['{"timestamp":1,"name":"drain","context":{"idset":"1"}}\n']);
  });
});

describe('verification', () => {
  it('is not for an instance within a job, unless its configuration asks for it', () => {
    expect(verifies(readVerification(undefined), false, 'configuration')).toBe(true);
    expect(verifies(readVerification(undefined), false, 'job-info')).toBe(false);
    expect(verifies(readVerification({ core: 'strict' }), false, 'job-info')).toBe(true);
    expect(verifies(readVerification(true), true, 'configuration')).toBe(false);
  });

  it.each([
    [1, 'verify must be a table or boolean'],
    [{ core: 1 }, 'verify.core mode must be a string'],
    [{ core: 'much' }, "verify.core: unknown verify mode 'much'"],
    [{ memory: 'strict' }, 'verify: unsupported resource type: memory'],
  ])('refuses %j', (value, reason) => {
    expect(() => readVerification(value)).toThrow(reason);
  });

  it('wants at least the cores of R, under the name in R', () => {
    const found = { rank: 1, host: 'n1', cores: '0-7', gpus: '' };
    expect(verifyHost(four, found)).toBeUndefined();
    expect(verifyHost(four, { ...found, cores: '0-1' })).toBe('rank 1 (n1) missing resources: core[2-3]');
    expect(verifyHost(four, { ...found, host: 'x' })).toBe("rank 1 got hostname 'x', expected 'n1'");
    expect(
      verifyHost(four, { ...found, host: 'x' }, readVerification({ hostname: 'ignore', default: 'allow-extra' })),
    ).toBeUndefined();
    expect(verifyHost(four, found, readVerification(true))).toBe('rank 1 (n1) has extra resources: core[4-7]');
    expect(verifyHost(four, { ...found, cores: '' }, readVerification(false))).toBeUndefined();
    expect(verifyHost(four, { ...found, cores: '0-1', gpus: '0' }, readVerification({ core: 'allow-missing' }))).toBe(
      'rank 1 (n1) has extra resources: gpu0',
    );
    expect(verifyHost(ResourceSet.empty(), found)).toBe('rank 1 not found in expected ranks');
  });
});
