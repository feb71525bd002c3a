/**
 * Every MiniCluster of the upstream repository, from a checkout that EBB_UPSTREAM_CHECKOUT names: a folder with upstream's YAML
 * files (or MiniClusters taken out of them). Each validates and becomes objects, or is one of those that are wrong in
 * themselves.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { normalize } from '../resolve/normalize.ts';
import { validate } from '../resolve/validate.ts';
import type { MiniCluster } from '../schema/minicluster.ts';
import { desiredObjects } from './desired-objects.ts';

const folder = process.env['EBB_UPSTREAM_CHECKOUT'];

function miniClusters(root: string): [string, MiniCluster][] {
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((file) => /\.ya?ml$/.test(file) && statSync(join(root, file)).isFile())
    .flatMap((file) => {
      const documents = parseAllDocuments(readFileSync(join(root, file), 'utf8'));
      return [...documents].flatMap((document) => {
        if (document.errors.length > 0) return [];
        const object = document.toJS() as MiniCluster | null;
        return object?.kind === 'MiniCluster' ? [[file, object] as [string, MiniCluster]] : [];
      });
    });
}

/** Volumes that say nothing to mount, and an early sample of two containers of which neither is said to run Flux. */
const wrong = /says nothing to mount|exactly one container runs Flux|does not run Flux/;

describe.skipIf(!folder)('the MiniClusters of the upstream repository', () => {
  const all = folder ? miniClusters(folder) : [];

  it('are there', () => {
    expect(all.length).toBeGreaterThan(60);
  });

  it.each(all)('%s', (_file, cluster) => {
    const problems = validate(cluster).filter(({ message }) => !wrong.test(message));
    expect(problems).toEqual([]);
    if (validate(cluster).some(({ message }) => /exactly one/.test(message))) return;
    const objects = desiredObjects(normalize(cluster), { certificate: 'secret' });
    expect(objects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Secret', 'ConfigMap', 'Service', 'Job']));
    const job = objects.find(({ kind }) => kind === 'Job') as unknown as {
      spec: {
        parallelism: number;
        completions: number;
        template: { spec: { containers: { name: string; image: string }[]; initContainers: unknown[] } };
      };
    };
    const size = cluster.spec.size ?? 1;
    expect(job.spec).toMatchObject({ parallelism: size, completions: size });
    expect(job.spec.template.spec.initContainers.length).toBe(1);
    expect(job.spec.template.spec.containers.map(({ image }) => image)).toEqual(
      cluster.spec.containers.map(({ image }) => image),
    );
  });
});
