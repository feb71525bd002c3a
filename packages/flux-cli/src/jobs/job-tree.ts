/** A tree of labels as `flux pstree` draws it; equal children without children of their own become one with a count. */

export interface TreeNode {
  readonly label: string;
  /** Stands before the lines of the tree. */
  readonly prefix: string;
  readonly children: readonly TreeNode[];
}

export type TreeStyle = 'box' | 'ascii' | 'compact';

interface Connectors {
  readonly pipe: string;
  readonly tee: string;
  readonly elbow: string;
  readonly blank: string;
}

const styles: Readonly<Record<TreeStyle, Connectors>> = {
  ascii: { pipe: '|   ', tee: '|-- ', elbow: '`-- ', blank: '    ' },
  box: { pipe: '│   ', tee: '├── ', elbow: '└── ', blank: '    ' },
  compact: { pipe: '│ ', tee: '├─', elbow: '└─', blank: '  ' },
};

export interface TreeOptions {
  readonly style: TreeStyle;
  readonly combine: boolean;
  /** How deep to go. */
  readonly level: number;
  /** Draws the children as trees of their own. */
  readonly skipRoot: boolean;
  /** Columns to cut lines at; undefined: not cut. */
  readonly width?: number | undefined;
}

/** The lines of the tree. */
export function drawTree(root: TreeNode, options: TreeOptions): string[] {
  if (!options.skipRoot) return draw(root, 1, [], '', options);
  return combined(root.children, options.combine).flatMap(({ node, count }) => {
    const lines = draw(node, count, [], '', options);
    return lines;
  });
}

function draw(
  node: TreeNode,
  count: number,
  before: readonly string[],
  connector: string,
  options: TreeOptions,
): string[] {
  if (before.length > options.level) return [];
  const label = count > 1 ? `${count}*[${node.label}]` : node.label;
  const prefix = node.prefix === '' ? '' : `${node.prefix} `;
  const lines = [cut(`${prefix}${before.slice(0, -1).join('')}${connector}${label}`, options.width)];
  const { pipe, tee, elbow, blank } = styles[options.style];
  const children = combined(node.children, options.combine);
  for (const [index, child] of children.entries()) {
    const isLast = index === children.length - 1;
    lines.push(...draw(child.node, child.count, [...before, isLast ? blank : pipe], isLast ? elbow : tee, options));
  }
  return lines;
}

function combined(nodes: readonly TreeNode[], combine: boolean): { node: TreeNode; count: number }[] {
  const result: { node: TreeNode; count: number }[] = [];
  const byText = new Map<string, { node: TreeNode; count: number }>();
  for (const node of nodes) {
    const text = `${node.prefix}${node.label}`;
    const same = combine && node.children.length === 0 ? byText.get(text) : undefined;
    if (same) same.count++;
    else {
      const entry = { node, count: 1 };
      result.push(entry);
      if (node.children.length === 0) byText.set(text, entry);
    }
  }
  return result;
}

function cut(line: string, width: number | undefined): string {
  const characters = [...line];
  return width !== undefined && characters.length > width ? `${characters.slice(0, width - 1).join('')}+` : line;
}
