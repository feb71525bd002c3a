import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { spec as gadgetSpec } from '../../requests/definitions/gadget-schema.ts';
import { at, type SeedBody, type SeedObject } from './seed-object.ts';

const text = { type: 'string' };
const integer = { type: 'integer' };
const group = '{run}.example.com';
const kindOf = (plural: string, kind: string) => ({
  plural,
  singular: kind.toLowerCase(),
  kind,
  listKind: `${kind}List`,
});
const definition = (plural: string, kind: string, spec: object): SeedBody => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: { group, scope: 'Namespaced', names: kindOf(plural, kind), ...spec },
});
const schemaOf = (spec: object, status: object = { type: 'object' }) => ({
  openAPIV3Schema: { type: 'object', required: ['spec'], properties: { spec, status } },
});

/** Every word of schemas. */
const gadgets = definition('gadgets', 'Gadget', {
  versions: [{ name: 'v1', served: true, storage: true, schema: schemaOf(gadgetSpec) }],
});

/** Two versions, subresources, columns, selectable fields, lists of all types. */
const widgets = definition('widgets', 'Widget', {
  versions: ['v1', 'v2'].map((name) => ({
    name,
    served: true,
    storage: name === 'v2',
    subresources: {
      status: {},
      scale: {
        specReplicasPath: '.spec.size',
        statusReplicasPath: '.status.size',
        labelSelectorPath: '.status.selector',
      },
    },
    selectableFields: [{ jsonPath: '.spec.color' }],
    additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size', priority: 0 }],
    schema: schemaOf(
      {
        type: 'object',
        required: ['size'],
        properties: {
          size: { ...integer, minimum: 1, maximum: 10, default: 1 },
          color: { ...text, enum: ['red', 'green'], maxLength: 10 },
          note: { ...text, nullable: true, pattern: '^[a-z]+$' },
          parts: {
            type: 'array',
            maxItems: 5,
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['name'],
            items: {
              type: 'object',
              required: ['name'],
              properties: { name: { ...text, maxLength: 10 }, count: { ...integer, default: 2 } },
            },
          },
          tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { ...text, maxLength: 10 }, maxItems: 4 },
          options: { type: 'object', additionalProperties: text },
        },
        'x-kubernetes-validations': [
          { rule: '!has(self.parts) || self.parts.size() <= self.size', message: 'more parts than size' },
          { rule: 'self.size >= oldSelf.size', messageExpression: "'size may only ' + 'grow'" },
        ],
      },
      { type: 'object', properties: { size: integer, selector: text } },
    ),
  })),
});

const crd = new URL('../../../../deploy/crd/flux-framework.org_miniclusters.yaml', import.meta.url);
const miniClusters: SeedBody = parse(readFileSync(crd, 'utf8'));

/** What custom objects are made of; the MiniClusters' own may be there already. */
export const definitions: readonly SeedBody[] = [gadgets, widgets, miniClusters];

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const custom = (title: string, plural: string, version: string, weight: number, body: object): SeedObject => ({
  title,
  path: at(plural, `apis/${version}`),
  weight,
  body: { apiVersion: version, ...body } as SeedBody,
});

export const customResources: readonly SeedObject[] = [
  { title: 'definition of gadgets', path: crds, weight: 2, body: gadgets, isNeverStored: true },
  { title: 'definition of widgets', path: crds, weight: 2, body: widgets, isNeverStored: true },
  custom('gadget', 'gadgets', `${group}/v1`, 3, {
    kind: 'Gadget',
    metadata: { name: 'gadget' },
    spec: {
      level: 1,
      deep: { size: 2, on: false },
      when: '2026-01-02T03:04:05Z',
      long: '1h',
      address: '10.0.0.1',
      bytes: 'AAEC',
      small: 7,
      real: 0.5,
      even: 2,
      short: 'abc',
      few: [1, 2],
      unique: [1, 2],
      atoms: ['a', 'b'],
      ports: [{ port: 1, protocol: 'UDP', note: 'n' }],
      whole: { a: 'x', b: 'y' },
      some: { a: 1 },
      either: { a: 'x' },
      port: '80%',
      open: { known: 1, more: { deep: [1] } },
      pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'inner', labels: { a: 'b' } }, spec: { free: true } },
      choice: 'a',
      counter: 1,
      once: 'once',
      minimum: 1,
      maximum: 2,
      words: ['a', 'b'],
      quantity: '2Mi',
      link: 'https://example.com/',
      range: { from: 1, to: 2 },
    },
  }),
  custom('widget', 'widgets', `${group}/v1`, 3, {
    kind: 'Widget',
    metadata: { name: 'widget', labels: { app: 'x' } },
    spec: {
      size: 3,
      color: 'red',
      note: 'abc',
      parts: [{ name: 'a' }, { name: 'b', count: 5 }],
      tags: ['x', 'y'],
      options: { a: 'b' },
    },
  }),
  custom('minicluster', 'miniclusters', 'flux-framework.org/v1alpha2', 4, {
    kind: 'MiniCluster',
    metadata: { name: 'cluster' },
    spec: {
      size: 4,
      minSize: 2,
      maxSize: 8,
      tasks: 2,
      interactive: false,
      cleanup: false,
      logging: { quiet: true, strict: false },
      flux: { container: { image: 'example.com/view:1' }, optionFlags: '-Stbon.fanout=2', logLevel: 6 },
      scaling: { scaleDown: { policy: 'Drain', timeoutSeconds: 60 } },
      pod: { labels: { app: 'x' }, nodeSelector: { a: 'b' } },
      containers: [
        {
          image: 'example.com/image:1',
          command: 'lmp -in in.lammps',
          runFlux: true,
          ports: [8080],
          environment: { A: 'b' },
          resources: { limits: { cpu: '1' }, requests: { memory: '1Gi' } },
          volumes: { data: { hostPath: '/data', path: '/data' } },
        },
      ],
    },
  }),
];
