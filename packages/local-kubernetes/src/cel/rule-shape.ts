/** What a parsed rule is made of: how many steps, how deep its loops, whether it mentions a variable. */

interface Node {
  readonly op: string;
  readonly args: unknown;
}

const loops = new Set([
  'all',
  'exists',
  'exists_one',
  'existsOne',
  'map',
  'filter',
  'sortBy',
  'transformList',
  'transformMap',
]);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function children(node: unknown): unknown[] {
  if (Array.isArray(node)) return node;
  if (isNode(node)) return Array.isArray(node.args) ? node.args : [node.args];
  return [];
}

export function countNodes(node: unknown): number {
  return children(node).reduce<number>((total, child) => total + countNodes(child), isNode(node) ? 1 : 0);
}

/** 0 without loops, 1 for `list.all(...)`, 2 for one within another. */
export function comprehensionDepth(node: unknown): number {
  const below = children(node).reduce<number>((most, child) => Math.max(most, comprehensionDepth(child)), 0);
  const isLoop = isNode(node) && node.op === 'rcall' && Array.isArray(node.args) && loops.has(String(node.args[0]));
  return below + (isLoop ? 1 : 0);
}

export function mentions(node: unknown, variable: string): boolean {
  if (isNode(node) && node.op === 'id' && node.args === variable) return true;
  return children(node).some((child) => mentions(child, variable));
}
