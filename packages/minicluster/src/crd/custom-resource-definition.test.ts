import { expect, it } from 'vitest';
import { customResourceDefinition, versionSchema } from './custom-resource-definition.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** The node of a field below spec. */
function field(version: string, path: string): StructuralSchema | undefined {
  return path
    .split('.')
    .reduce<StructuralSchema | undefined>(
      (node, name) => node?.properties?.[name],
      versionSchema(version).properties?.['spec'],
    );
}

it.each([
  ['network.headlessName', 'flux-service', ''],
  ['logging.strict', true, false],
  ['pod.automountServiceAccountToken', true, false],
])(
  '%s has another default in v1alpha1, as upstream had it then; each version writes its own down',
  (path, then, now) => {
    expect(field('v1alpha1', path)?.default).toBe(then);
    expect(field('v1alpha2', path)?.default).toBe(now);
  },
);

it('both versions are served with the same fields, and v1alpha2 is stored', () => {
  const { versions, names, conversion } = customResourceDefinition().spec;
  expect(versions.map(({ name, served, storage }) => [name, served, storage])).toEqual([
    ['v1alpha1', true, false],
    ['v1alpha2', true, true],
  ]);
  const withoutDefaults = (version: string) =>
    JSON.stringify(versionSchema(version), (key, value) => (key === 'default' ? undefined : value));
  expect(withoutDefaults('v1alpha1')).toBe(withoutDefaults('v1alpha2'));
  expect(conversion).toEqual({ strategy: 'None' });
  expect(names).toMatchObject({ shortNames: ['mc', 'minic'], categories: ['all', 'flux'] });
  for (const { additionalPrinterColumns } of versions)
    expect(additionalPrinterColumns.map(({ name }) => name.toUpperCase())).toEqual([
      'SIZE',
      'MAX',
      'UP',
      'STATUS',
      'AGE',
    ]);
});

it('every field of the spec and of the status says what it means', () => {
  const mute: string[] = [];
  const walk = (node: StructuralSchema, path: string) => {
    for (const [name, child] of Object.entries(node.properties ?? {})) {
      if (!child.description && path !== '') mute.push(`${path}.${name}`);
      walk(child, path === '' ? name : `${path}.${name}`);
    }
    if (node.items) walk(node.items, `${path}[]`);
    if (node.additionalProperties) walk(node.additionalProperties, `${path}.*`);
  };
  const { spec = {}, status = {} } = versionSchema('v1alpha2').properties ?? {};
  walk(spec, 'spec');
  walk(status, 'status');
  expect(mute).toEqual([]);
});
