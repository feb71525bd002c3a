import { expect, it } from 'vitest';
import { mergedText, operatedText } from './patched-text.ts';

// As kube-apiserver 1.35.4 shows them.
it('writes members that are called by a number among the others', () => {
  const live = { data: { '.a': 'x', '0': 'y' }, rest: { '10': 1, '9': 2, b: 3 } };
  const text = '{"data":{".a":"x","0":1.5},"rest":{"10":1,"9":2,"b":3}}';
  expect(mergedText(live, { data: { '0': 1.5 } })).toBe(text);
  expect(operatedText(live, [{ op: 'replace', path: '/data/0', value: 1.5 }], true)).toBe(text);
});

it('writes what a test looked into with its members in order', () => {
  const rules = [{ verbs: ['get'], apiGroups: [''], more: [{ b: 1, a: 2 }] }];
  const test = { op: 'test', path: '/rules/0', value: { apiGroups: [''], more: [{ a: 2, b: 1 }], verbs: ['get'] } };
  expect(operatedText({ rules }, [test], true)).toBe(
    '{"rules":[{"apiGroups":[""],"more":[{"a":2,"b":1}],"verbs":["get"]}]}',
  );
});
