import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { eventFromParent } from './parent-watch.ts';
import { StateMachine } from './state-machine.ts';
import { BrokerState, type BrokerStateName, nextState } from './states.ts';

describe('states', () => {
  it('numbers the states as clients know them', () => {
    expect(BrokerState.run).toBe(5);
    expect(BrokerState.exit).toBe(11);
  });

  it.each<[BrokerStateName, string, BrokerStateName | undefined]>([
    ['load-builtins', 'builtins-success', 'join'],
    ['join', 'parent-fail', 'shutdown'],
    ['quorum', 'quorum-full', 'run'],
    ['run', 'rc2-none', 'run'],
    ['run', 'quorum-full', undefined],
    ['shutdown', 'children-none', 'finalize'],
    ['exit', 'toString', undefined],
  ])('%s + %s = %s', (state, event, next) => {
    expect(nextState(state, event)).toBe(next);
  });

  it.each<[BrokerStateName, BrokerStateName, string | undefined]>([
    ['join', 'init', undefined],
    ['join', 'quorum', 'parent-ready'],
    ['join', 'cleanup', 'parent-fail'],
    ['quorum', 'run', 'quorum-full'],
    ['run', 'cleanup', undefined],
    ['run', 'shutdown', 'shutdown'],
    ['run', 'exit', 'parent-fail'],
  ])('in %s with a parent in %s: %s', (state, parent, event) => {
    expect(eventFromParent(state, BrokerState[parent])).toBe(event);
  });
});

describe('StateMachine', () => {
  it('takes events one after another and ignores what means nothing', async () => {
    const lines: string[] = [];
    const machine = new StateMachine({
      clock: systemClock,
      log: (_, text) => lines.push(text),
      showDuration: () => 'T',
    });
    const seen: string[] = [];
    machine.observe((state) => {
      seen.push(state);
      if (state === 'join') machine.post('parent-none');
    });
    machine.kickOff();
    machine.post('builtins-success');
    machine.post('nonsense');
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual(['load-builtins', 'join', 'config-sync']);
    expect(lines).toEqual([
      'builtins-success: load-builtins->join T',
      'nonsense: ignored in join',
      'parent-none: join->config-sync T',
    ]);
  });
});
