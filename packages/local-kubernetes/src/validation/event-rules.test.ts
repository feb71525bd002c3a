import { expect, it } from 'vitest';
import { create } from './through-strategy.fixture.ts';

// The answers of kube-apiserver 1.35.4.
it('looks at the metadata of an event of core/v1 when all else is fine', () => {
  const about = (namespace: string, name: string) =>
    create('Event', { metadata: { name }, involvedObject: { namespace } }).errors;
  expect(about('A_b', '')).toEqual(['involvedObject.namespace: Invalid value: "A_b": does not match event.namespace']);
  expect(about('d', '')).toEqual(['metadata.name: Required value: name or generateName is required']);
  expect(about('d', 'a/b')).toEqual([`metadata.name: Invalid value: "a/b": may not contain '/'`]);
});
