/** Twenty thousand MiniClusters, made up and mutilated: each is refused with the path of a field, or becomes objects. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type StructuralSchema, structuralSchema } from '../crd/structural-schema.ts';
import { desiredObjects } from '../objects/desired-objects.ts';
import type { MiniCluster } from '../schema/minicluster.ts';
import { miniClusterSpec } from '../schema/minicluster.ts';
import { normalize } from './normalize.ts';
import { validate } from './validate.ts';

const schema = structuralSchema(miniClusterSpec);
const strange = fc.constantFrom<unknown>(
  '',
  ' ',
  '$(reboot)',
  "it's",
  '"',
  'a\nb',
  '`x`',
  '../..',
  '-1',
  '%p',
  'ä',
  'EOF',
  'x'.repeat(300),
  '/mnt/x',
  'name',
);

/** A value for a field: mostly of its type, sometimes not. */
function valueFor(field: StructuralSchema, depth: number): fc.Arbitrary<unknown> {
  const right = rightValue(field, depth);
  return fc.oneof(
    { weight: 300, arbitrary: right },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.constant(null), fc.integer(), fc.boolean(), strange, fc.constant([]), fc.constant({})),
    },
  );
}

function rightValue(field: StructuralSchema, depth: number): fc.Arbitrary<unknown> {
  if (field.enum) return fc.constantFrom(...field.enum);
  if (field['x-kubernetes-int-or-string'])
    return fc.oneof(fc.integer({ min: 0, max: 64 }), fc.constantFrom('500m', '2Gi', '4', 'many'));
  switch (field.type) {
    case 'integer':
      return fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 1, max: 8 }) },
        fc.constantFrom(1, 1, 1, 1, 2, 0, -1, 100000, 2147483647),
      );
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valueFor(field.items ?? {}, depth - 1), { minLength: 0, maxLength: 2 });
    case 'object': {
      if (field.additionalProperties)
        return fc.dictionary(
          fc.constantFrom('a', 'B', 'nvidia.com/gpu', 'cpu', 'x y'),
          valueFor(field.additionalProperties, depth - 1),
          { maxKeys: 2 },
        );
      if (depth <= 0) return fc.constant({});
      const entries = Object.entries(field.properties ?? {}).map(
        ([name, child]) => [name, valueFor(child, depth - 1)] as const,
      );
      return fc.record(Object.fromEntries(entries), { requiredKeys: [] }).map((made) => thin(made));
    }
    default:
      return fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom('a', 'flux-sample', 'echo hello', '5s', 'Always', '/data') },
        { weight: 1, arbitrary: strange },
      );
  }
}

/** Keeps a few of the many optional fields, so that most objects are near to what people write. */
function thin(made: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(made);
  const keep = new Set(
    names.filter(
      (_name, index) => (index * 7919 + names.length * 31 + JSON.stringify(made[names[0] ?? '']).length) % 6 === 0,
    ),
  );
  return Object.fromEntries(Object.entries(made).filter(([name]) => keep.has(name) || name === 'image'));
}

const container = valueFor(schema.properties?.['containers']?.items ?? {}, 4);
const specs = fc
  .tuple(
    rightValue(schema, 5),
    fc.oneof(
      { weight: 5, arbitrary: fc.array(container, { minLength: 1, maxLength: 2 }) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
  )
  .map(([spec, containers]) => ({ ...(spec as object), ...(containers ? { containers } : {}) }));

it('refuses with a field path or makes objects, and never throws', { timeout: 120_000 }, () => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(
      specs,
      fc.constantFrom(...Array<string>(18).fill('flux-sample'), 'Bad_Name', 'x'.repeat(60)),
      (spec, name) => {
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
      },
    ),
    { numRuns: 20_000 },
  );
  // Both ways must be well travelled, or the test says nothing.
  expect(accepted).toBeGreaterThan(2000);
  expect(refused).toBeGreaterThan(2000);
});
