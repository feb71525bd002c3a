/** Which scheduler an instance starts with, by its configuration. */
import { afterEach, expect, it } from 'vitest';
import { type Instance, startInstance } from './instance/instance.ts';

let instance: Instance | undefined;
afterEach(() => instance?.stop());

it.each([
  [undefined, 'sched-simple'],
  ['fcfs', 'sched-simple'],
  ['easy', 'sched-backfill'],
])('with the queue policy %s it is %s', async (policy, scheduler) => {
  const config = policy ? { 'sched-fluxion-qmanager': { 'queue-policy': policy } } : {};
  instance = startInstance({ size: 1, config });
  await instance.ready();
  const { mods } = await instance.flux(0).rpc<{ mods: { name: string }[] }>('module.list');
  expect(mods.map(({ name }) => name).filter((name) => name.startsWith('sched'))).toEqual([scheduler]);
});
