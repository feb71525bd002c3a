import { describe, expect, it } from 'vitest';
import { compileCustomResource } from '../custom-resources/compile.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { builtInKinds } from './built-in.ts';
import { openApiV3 } from './open-api.ts';

const references = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' && typeof member === 'string' ? [member] : references(member),
  );
};

const groupVersions = [...new Set(builtInKinds.map(({ group, version }) => `${group}/${version}`))];

describe('OpenAPI documents', () => {
  it.each(groupVersions)('of %s refer to nothing they do not define', (text) => {
    const [group = '', version = ''] = text.split('/');
    const document = openApiV3({ group, version }, builtInKinds);
    const defined = new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`));
    for (const reference of references(document)) expect(defined).toContain(reference);
    expect(Object.keys(document.paths).length).toBeGreaterThan(0);
  });

  it('keep the words of a field apart from those of its type, and name the keys lists merge by', () => {
    const { components } = openApiV3({ group: 'batch', version: 'v1' }, builtInKinds) as {
      components: { schemas: Record<string, { description?: string; properties: Record<string, JsonObject> }> };
    };
    const job = components.schemas['io.k8s.api.batch.v1.Job']!;
    expect(job.properties['spec']).toEqual({
      description: 'How the work is to be done.',
      allOf: [{ $ref: '#/components/schemas/io.k8s.api.batch.v1.JobSpec' }],
    });
    expect(components.schemas['io.k8s.api.batch.v1.JobSpec']!.description).not.toBe(
      job.properties['spec']!['description'],
    );
    expect(components.schemas['io.k8s.api.core.v1.PodSpec']!.properties['containers']).toMatchObject({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    });
  });

  it('describe custom kinds under their reversed group', () => {
    const kinds = compileCustomResource({
      spec: {
        group: 'types.example.com',
        scope: 'Cluster',
        names: { plural: 'things', kind: 'Thing' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'string' } } } },
          },
        ],
      },
    });
    const { components } = openApiV3({ group: 'types.example.com', version: 'v1' }, kinds) as {
      components: { schemas: JsonObject };
    };
    expect(components.schemas['com.example.types.v1.Thing']).toMatchObject({
      'x-kubernetes-group-version-kind': [{ group: 'types.example.com', version: 'v1', kind: 'Thing' }],
      properties: {
        spec: { type: 'string' },
        metadata: { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
      },
    });
  });
});
