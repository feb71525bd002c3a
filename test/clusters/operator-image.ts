/**
 * The operator's image as nodes of the suites have it: what its Dockerfile says of program, environment and folders, laid
 * over this machine's file system.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ImageMapping } from '@ebb/local-kubernetes';

const root = resolve(import.meta.dirname, '../..');

/** @throws Error when the Dockerfile no longer has what this reads of it */
export function operatorImage(): ImageMapping {
  const lines = readFileSync(`${root}/deploy/docker/operator.Dockerfile`, 'utf8').split('\n');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const entrypoint = last.find((line) => line.startsWith('ENTRYPOINT '))?.slice('ENTRYPOINT '.length);
  if (!entrypoint) throw new Error('deploy/docker/operator.Dockerfile: its last stage has no ENTRYPOINT');
  const env = last.filter((line) => line.startsWith('ENV ')).map((line) => line.slice('ENV '.length).split('='));
  return {
    image: 'ghcr.io/ebb-project/ebb-operator:*',
    root: 'host',
    overlays: { '/app': `${root}/packages/operator/dist`, '/nodejs/bin': dirname(realpathSync(process.execPath)) },
    entrypoint: JSON.parse(entrypoint) as string[],
    env: Object.fromEntries(env),
  };
}
