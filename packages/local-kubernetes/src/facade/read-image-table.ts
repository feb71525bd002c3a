// The file that says which root an image reference means, for those who start a cluster by a command.

import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import type { ImageMapping } from '../node-agent/roots/image-table.ts';

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string' && value !== '';
const isWords: Check = (value) => Array.isArray(value) && value.every((word) => typeof word === 'string');
const isTexts: Check = (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'string');
const isPath: Check = (value) => isText(value) && (value as string).startsWith('/');
const isPaths: Check = (value) => isTexts(value) && Object.entries(value as object).every((pair) => pair.every(isPath));

const fields: Readonly<Record<keyof ImageMapping, readonly [Check, string]>> = {
  image: [isText, 'a reference, in which * is any run of characters and ? any one'],
  root: [isText, 'host, or a folder that holds an unpacked image'],
  overlays: [isPaths, 'absolute paths in the pod, each with an absolute path of this machine'],
  env: [isTexts, 'names with texts'],
  entrypoint: [isWords, 'a list of words'],
  command: [isWords, 'a list of words'],
  workingDir: [isPath, 'an absolute path in the image'],
  user: [(value) => isText(value) && /^[^:\s]+(:[^:\s]+)?$/.test(value as string), 'USER or USER:GROUP, in quotes'],
};

/**
 * A YAML or JSON list of mappings; the first that matches an image decides. A root that is no absolute path is one
 * beside the file; `~/` is the home folder.
 * @throws Error that names the file, the entry and the field, and says what is wanted there
 */
export function readImageTable(path: string): ImageMapping[] {
  let table: unknown;
  try {
    table = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(`${path}: ${isMissing ? 'no such file' : (error as Error).message}`);
  }
  if (!Array.isArray(table)) throw new Error(`${path}: a list of images is wanted, each with image and root`);
  return table.map((entry, index) => mapping(entry, `${path}: [${index}]`, dirname(resolve(path))));
}

function mapping(entry: unknown, at: string, folder: string): ImageMapping {
  if (!isObject(entry)) throw new Error(`${at}: an object with image and root is wanted`);
  for (const [name, value] of Object.entries(entry)) {
    const [check, wanted] = fields[name as keyof ImageMapping] ?? [];
    if (!check) throw new Error(`${at}.${name}: no such field; there are ${Object.keys(fields).join(', ')}`);
    if (!check(value)) throw new Error(`${at}.${name}: ${wanted} is wanted`);
  }
  for (const name of ['image', 'root'] as const) {
    if (entry[name] === undefined) throw new Error(`${at}.${name} is missing: ${fields[name][1]}`);
  }
  const { root, ...rest } = entry as unknown as ImageMapping;
  return { ...rest, root: root === 'host' ? root : existing(root, folder, at) };
}

function existing(root: string, folder: string, at: string): string {
  const path = resolve(folder, root.startsWith('~/') ? `${homedir()}${root.slice(1)}` : root);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`${at}.root: ${path} is no folder; unpack the image there`);
  return path;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
