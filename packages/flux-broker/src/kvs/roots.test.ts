// Roots that flux-core 0.88 named after the same commits.

import { symlinkObject, type TreeObject, valueObject } from '@ebb/flux-formats';
import { describe, expect, it } from 'vitest';
import { MemoryBlobStore } from '../content/memory-store.ts';
import { KvsTree, type Operation, OperationFlag } from './tree.ts';

const put = (key: string, value: string): Operation => ({ key, flags: 0, dirent: valueObject(value) });
const set = (key: string, dirent: TreeObject | null): Operation => ({ key, flags: 0, dirent });
const append = (key: string, value: string): Operation => ({ ...put(key, value), flags: OperationFlag.append });
const puts = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => put(key, value));
const directory: TreeObject = { ver: 1, type: 'dir', data: {} };

const cases: readonly (readonly [string, Operation[], string])[] = [
  ['nothing', [], 'c0a9faf907dda6216fd73bf81d0b3b21a1a8cb91'],
  ['one value', puts({ a: '1' }), '4269769cc1ce7a53ad0391196cc5cb2bb15c0bdd'],
  ['directories', puts({ 'a.b.c': '1', 'a.b.d': '2', 'a.e': '3' }), 'e1c763b7fa1ae04c387ccca772bc61c09edea1f6'],
  ['the longest value inline', puts({ v: 'x'.repeat(54) }), '2b0d74f4aa4a90a28d2080c010802fea1d4fd216'],
  ['the shortest blob', puts({ v: 'x'.repeat(55) }), '3c86d1e8b63c7aa3fdced7e273a11ff94d45461c'],
  ['a first piece', [append('v', 'one')], '657cae58e90feb57be75d9ac5047cd1cf49eae69'],
  ['two pieces', [put('v', 'one'), append('v', 'two')], '05ac3c5ae010b83c253131c7f11320f5b7bdc9f7'],
  ['empty pieces', [put('e', ''), append('e', '')], '052eef183b9de8b7bceecdfb5555357754ee553d'],
  [
    'links',
    [set('d', directory), set('l', symlinkObject('d')), set('y', symlinkObject('x', 'other'))],
    '0272fab075b8be07ce050d3afd2ff8da9dd6a235',
  ],
  ['a directory left empty', [put('d.x', '1'), set('d.x', null)], '733a5ac573b939e62d2698c1a22db39af4720630'],
  ['names with umlauts', puts({ schlüssel: 'wert', szz: '1', zz: '1' }), '357a0e780710e9e549eca232881513704c571221'],
  [
    'names to escape',
    puts({ 'a"b': '1', 'a/b': '2', 'a\\b': '3', 'a b': '4' }),
    '2aa72384c47598ab84db3e26600ecc87ab3dbd6e',
  ],
  [
    'names beyond ASCII',
    puts({ 'tab\tx': '1', 'del\x7f': '1', 'ctl\x01': '1', 'emoji😀': '1', zé: '1', '~': '1' }),
    '3107acb758cf0768fe03a55429766b9cd1710bd4',
  ],
  [
    'names of digits',
    puts({ 10: 'x', 9: 'y', Z: '1', _: '2', 'a-b': '3' }),
    '1793170b782fa9a52418d142a6c892aab69cd60b',
  ],
];

describe('the root of a tree', () => {
  it.each(cases)('with %s', (_, operations, expected) => {
    const tree = new KvsTree(new MemoryBlobStore('sha1'));
    tree.apply(operations);
    expect(tree.settle()).toBe(`sha1-${expected}`);
  });
});
