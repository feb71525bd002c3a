import { describe, expect, test } from 'vitest';
import { brokerState } from './broker-state.ts';

const object = (spec: object, status: object) => ({
  apiVersion: 'flux-framework.org/v1alpha2',
  kind: 'MiniCluster',
  metadata: { name: 'sample' },
  spec,
  status,
});
const condition = (type: string, message: string) => ({ type, status: 'True', message });

describe('against the size that was asked for', () => {
  test('it is reached when Flux has so many up and the operator has taken the size', () => {
    expect(brokerState(object({ size: 3 }, { size: 3, ranks: { up: 3 } }), 3).reached).toBe(true);
    expect(brokerState(object({ size: 3 }, { size: 4, ranks: { up: 3 } }), 3).reached).toBe(false);
    expect(brokerState(object({ size: 3 }, { size: 3, ranks: { up: 4 } }), 3).reached).toBe(false);
  });

  test('what it waits for is what the operator says', () => {
    const status = { size: 2, ranks: { up: 1 }, conditions: [condition('Progressing', 'pods are Pending')] };
    expect(brokerState(object({ size: 2 }, status), 2).text).toBe('1 of 2 brokers up: pods are Pending');
    expect(brokerState(object({ size: 1 }, {}), 1).text).toBe('0 of 1 broker up');
  });

  test('a denial counts only when the size was put back', () => {
    const conditions = [condition('ResizeDenied', '5 is above 4')];
    expect(brokerState(object({ size: 4 }, { conditions }), 5).denied).toBe('5 is above 4');
    expect(brokerState(object({ size: 5 }, { conditions }), 5).denied).toBeUndefined();
  });

  test.each(['Finished', 'Suspended'])('%s: no broker is to come', (type) => {
    const state = brokerState(object({ size: 2 }, { conditions: [condition(type, 'it said so')] }), 2);
    expect(state).toEqual({ reached: true, ended: true, text: 'it said so' });
  });
});
