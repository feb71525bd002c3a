/** Twenty thousand MiniClusters, made up and mutilated: each is refused with the path of a field, or becomes objects. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { desiredObjects } from '../objects/desired-objects.ts';
import type { MiniCluster } from '../schema/minicluster.ts';
import { names, specs } from './mutated-specs.fixture.ts';
import { normalize } from './normalize.ts';
import { validate } from './validate.ts';

it('refuses with a field path or makes objects, and never throws', { timeout: 600_000 }, () => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(specs, names, (spec, name) => {
      const cluster = {
        apiVersion: 'flux-framework.org/v1alpha2',
        kind: 'MiniCluster',
        metadata: { name, namespace: 'ns', uid: 'u' },
        spec,
      } as MiniCluster;
      const problems = validate(cluster);
      if (problems.length > 0) {
        refused += 1;
        for (const problem of problems) expect(problem.field).toMatch(/^(spec|metadata)/);
        return;
      }
      accepted += 1;
      const objects = desiredObjects(normalize(cluster), { certificate: 'c' });
      expect(objects.length).toBeGreaterThanOrEqual(3);
      JSON.stringify(objects);
    }),
    { numRuns: 20_000 },
  );
  // Both ways must be well travelled, or the test says nothing.
  expect(accepted).toBeGreaterThan(2000);
  expect(refused).toBeGreaterThan(2000);
});
