import { describe, expect, it } from 'vitest';
import { AttributeStore } from './attribute-store.ts';

describe('AttributeStore', () => {
  it.each([
    ['nosuch', 'unknown attribute'],
    ['rank', 'attribute may not be set on the command line'],
    ['test-ro.a', 'attribute may not be set on the command line'],
    ['tbon.endpoint', 'attribute may not be set on the command line'],
  ])('refuses -S%s=1: %s', (name, text) => {
    expect(() => new AttributeStore().setFromCommandLine(name, '1')).toThrow(text);
  });

  it.each(['broker.quorum', 'rundir', 'tbon.fanout', 'cron.directory', 'test.x', 'vendor.y', 'tbon.connect_timeout'])(
    'takes -S%s',
    (name) => {
      const store = new AttributeStore();
      store.setFromCommandLine(name, '1');
      expect(store.get(name)).toBe('1');
    },
  );

  it('lets clients change what may change at run time, the rest only by force', () => {
    const store = new AttributeStore();
    store.set('log-stderr-level', '3');
    store.set('broker.quorum', '4');
    store.setByClient('log-stderr-level', '7', false);
    expect(() => store.setByClient('broker.quorum', '2', false)).toThrow('attribute may not be updated');
    store.setByClient('broker.quorum', '2', true);
    expect(() => store.setByClient('nosuch', '2', true)).toThrow('unknown attribute');
    expect(store.get('log-stderr-level')).toBe('7');
    expect(store.get('broker.quorum')).toBe('2');
  });

  it('keeps names without value, and tells observers of each change', () => {
    const store = new AttributeStore();
    const seen: (string | undefined)[] = [];
    const stop = store.observe('test.a', (value) => seen.push(value));
    store.set('test.a', undefined);
    store.set('test.a', '1');
    store.remove('test.a');
    stop();
    store.set('test.a', '2');
    store.set('parent-uri', undefined);
    expect(seen).toEqual([undefined, '1', undefined]);
    expect(store.names()).toEqual(['parent-uri', 'test.a']);
    expect(() => {
      store.set('rank', '0');
      store.removeByClient('rank');
    }).toThrow('immutable');
  });
});
