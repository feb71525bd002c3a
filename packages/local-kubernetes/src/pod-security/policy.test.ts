import { expect, it } from 'vitest';
import { isStricter, policyOf, shown } from './policy.ts';

const policy = (labels: Record<string, string>) => {
  const { enforce, warn } = policyOf(
    Object.fromEntries(Object.entries(labels).map(([mode, value]) => [`pod-security.kubernetes.io/${mode}`, value])),
  );
  return [shown(enforce), shown(warn)];
};

it.each<[string, Record<string, string>, string, string]>([
  ['no label', {}, 'privileged:latest', 'privileged:latest'],
  ['the level that is enforced', { enforce: 'baseline' }, 'baseline:latest', 'baseline:latest'],
  ['its version', { enforce: 'restricted', 'enforce-version': 'v1.24' }, 'restricted:v1.24', 'restricted:v1.24'],
  ['a version to warn of alone', { enforce: 'baseline', 'warn-version': 'v1.7' }, 'baseline:latest', 'baseline:v1.7'],
  ['a level to warn of alone', { warn: 'restricted' }, 'privileged:latest', 'restricted:latest'],
  ['both', { enforce: 'restricted', warn: 'privileged' }, 'restricted:latest', 'privileged:latest'],
  ['no level that there is', { enforce: 'strict', warn: 'strict' }, 'restricted:latest', 'privileged:latest'],
  ['an odd level alone', { enforce: 'strict' }, 'restricted:latest', 'privileged:latest'],
  ['an odd version', { enforce: 'baseline', 'enforce-version': '1.24' }, 'baseline:latest', 'baseline:latest'],
])('reads %s from labels', (_what, labels, enforce, warn) => {
  expect(policy(labels)).toEqual([enforce, warn]);
});

it('knows the stricter of two levels', () => {
  expect([isStricter('restricted', 'baseline'), isStricter('baseline', 'privileged')]).toEqual([true, true]);
  expect([isStricter('baseline', 'baseline'), isStricter('privileged', 'restricted')]).toEqual([false, false]);
});
