/** MiniClusters made up from the schema and mutilated, for the tests of everything that takes one. */
import fc from 'fast-check';
import { type StructuralSchema, structuralSchema } from '../crd/structural-schema.ts';
import { miniClusterSpec } from '../schema/minicluster.ts';

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
/** Made-up specs, most of them near to what people write. */
export const specs: fc.Arbitrary<object> = fc
  .tuple(
    rightValue(schema, 5),
    fc.oneof(
      { weight: 5, arbitrary: fc.array(container, { minLength: 1, maxLength: 2 }) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
  )
  .map(([spec, containers]) => ({ ...(spec as object), ...(containers ? { containers } : {}) }));

/** Names, now and then one that is refused. */
export const names = fc.constantFrom(...Array<string>(18).fill('flux-sample'), 'Bad_Name', 'x'.repeat(60));
