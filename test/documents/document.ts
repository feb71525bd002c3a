/** What a page of the documentation tells its reader to type. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** The blocks of code below a heading (`## …`, or the page's own), in order. @throws Error when the page has no such heading, or no block there */
export function blocksOf(page: string, heading: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const section = text.split(/^## /m).find((each) => each.replace(/^# /, '').startsWith(`${heading}\n`));
  const blocks = [...(section ?? '').matchAll(/^( *)```\w*\n(.*?)^ *```$/gms)].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
  if (blocks.length === 0) throw new Error(`${page} tells nobody to type anything below ${heading}`);
  return blocks;
}

/** The commands in the running text of a page that begin with this word. */
export function commandsOf(page: string, word: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/```.*?```/gs, '');
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code).filter((code) => code.startsWith(`${word} `));
}

/** A block without the lines that make a machine, a cluster or an image. */
export function forTheCluster(block: string): string {
  return block.replaceAll(/^cat > \S+ <<EOF\n.*?^EOF\n/gms, '').replaceAll(/^(docker|minikube|kind) .*\n/gm, '');
}
