import { expect, test } from 'vitest';
import { plan } from './plan.ts';

test('the same seed makes the same requests', () => {
  expect(plan(7, 500)).toEqual(plan(7, 500));
  expect(plan(8, 500)).not.toEqual(plan(7, 500));
});

test('every kind of request is made', () => {
  const names = plan(1, 3000).scenes.flatMap((scene) => scene.map(({ name }) => /^#\d+ [^:]+: (\w+)/.exec(name)?.[1]));
  expect(new Set(names)).toEqual(new Set(['create', 'update', 'its', 'patch', 'history', 'list']));
});
