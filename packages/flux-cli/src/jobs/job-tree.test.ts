import { expect, it } from 'vitest';
import { drawTree, type TreeNode } from './job-tree.ts';

const leaf = (label: string): TreeNode => ({ label, prefix: '', children: [] });
const root: TreeNode = {
  label: '.',
  prefix: '',
  children: [leaf('sleep'), { label: 'flux', prefix: '', children: [leaf('a'), leaf('b')] }, leaf('sleep')],
};
const options = { style: 'box', combine: true, level: 9, skipRoot: false } as const;

it('draws children under their parents, equal ones once', () => {
  expect(drawTree(root, options)).toEqual(['.', '├── 2*[sleep]', '└── flux', '    ├── a', '    └── b']);
});

it('draws them apart, in other signs, without the root, down to a level, and cut', () => {
  expect(drawTree(root, { ...options, combine: false, style: 'compact', level: 1 })).toEqual([
    '.',
    '├─sleep',
    '├─flux',
    '└─sleep',
  ]);
  expect(drawTree(root, { ...options, skipRoot: true, style: 'ascii', width: 4 })).toEqual([
    '2*[+',
    'flux',
    '|--+',
    '`--+',
  ]);
});
