/**
 * No option is ignored in silence: each field of the schema changes the objects wherever it can be written, or stands in
 * a table below with the reason why it does not.
 */
import { describe, expect, it } from 'vitest';
import { type StructuralSchema, structuralSchema } from '../crd/structural-schema.ts';
import { normalize } from '../resolve/normalize.ts';
import { validate } from '../resolve/validate.ts';
import { type MiniCluster, miniClusterSpec } from '../schema/minicluster.ts';
import { desiredObjects } from './desired-objects.ts';
import { specHashAnnotation } from './registration.ts';

type Tree = { [field: string]: unknown };
type Path = readonly string[];

/** Fields below a node; `*` stands for any key of a map, `0` for an entry of a list. */
function fieldsOf(node: StructuralSchema, path: Path = []): [Path, StructuralSchema][] {
  const { properties, items, additionalProperties } = node;
  if (properties) return Object.entries(properties).flatMap(([name, child]) => fieldsOf(child, [...path, name]));
  if (items) return fieldsOf(items, [...path, '0']);
  return additionalProperties ? fieldsOf(additionalProperties, [...path, '*']) : [[path, node]];
}

/** A copy of the tree with a value at the path. */
function put(tree: unknown, [field = '', ...below]: Path, value: unknown): Tree {
  const key = field === '*' ? 'key' : field;
  const copy = (Array.isArray(tree) ? [...tree] : { ...(tree as Tree) }) as Tree;
  copy[key] = below.length === 0 ? value : put(copy[key] ?? (below[0] === '0' ? [] : {}), below, value);
  return copy;
}

const samples: Tree = {
  mountPath: '/opt/x',
  emptyDirMedium: 'memory',
  emptyDirSizeLimit: '3Gi',
  path: '/q',
  minSize: 1,
};

/** Some value that is not the default. */
function sampleOf(path: Path, node: StructuralSchema): unknown {
  const sample = samples[path.at(-1) ?? ''];
  if (sample !== undefined) return sample;
  if (node.enum) return node.enum.find((value) => value !== node.default);
  if (node['x-kubernetes-int-or-string'] || node.type === 'integer') return 5;
  return node.type === 'boolean' ? true : 'text';
}

/** Without what a field means nothing; so many steps above the field. */
const neighbours: [RegExp, number, Tree][] = [
  [/olumes\.\*\.(claimName|hostPath)$/, 1, { path: '/p' }],
  [/olumes\.\*\.(path|readOnly)$/, 1, { claimName: 'c', path: '/p' }],
  [/olumes\.\*\.emptyDir./, 1, { emptyDir: true }],
  [/olumes\.\*\.csiDriverAttributes\.\*$/, 2, { csiDriver: 'd' }],
  [/olumes\.\*\.items\.\*$/, 2, { configMapName: 'm' }],
  [/secrets\.\*\./, 1, { name: 'n', key: 'k' }],
  [/\.localhostProfile$/, 1, { type: 'Localhost' }],
  [/claims\.0\.request$/, 1, { name: 'n' }],
  [/sysctls\.0\./, 1, { name: 'n', value: 'v' }],
  [/leadBroker\./, 1, { address: 'a', name: 'n', size: 2 }],
];

/** What the operator makes of a spec; undefined when it is refused. */
function madeOf(spec: Tree): string | undefined {
  const metadata = { name: 'c', namespace: 'n', uid: 'u' };
  const cluster = { apiVersion: '', kind: 'MiniCluster', metadata, spec } as unknown as MiniCluster;
  if (validate(cluster).length > 0) return undefined;
  const objects = desiredObjects(normalize(cluster), { certificate: 'x' });
  for (const { metadata } of objects) delete metadata.annotations?.[specHashAnnotation];
  return JSON.stringify(objects);
}

/** Whether the field makes a difference to one of the specs. @param at where in them the field's tree stands */
function hasEffect(specs: readonly Tree[], at: Path, [path, node]: [Path, StructuralSchema]): boolean {
  const [, up = 0, given = {}] = neighbours.find(([pattern]) => pattern.test(path.join('.'))) ?? [];
  return specs.some((spec) => {
    const before = up > 0 ? put(spec, [...at, ...path.slice(0, -up)], given) : spec;
    const after = madeOf(put(before, [...at, ...path], sampleOf(path, node)));
    return after !== undefined && after !== madeOf(before);
  });
}

/** As a pattern of a field's path: `NAME` and all below it. */
const covers = (names: readonly string[], path: Path) =>
  names.some((name) => `${path.join('.')}.`.startsWith(`${name}.`));

const programs: readonly Tree[] = [{}, { command: 'c' }, { command: 'c', batch: true }];
const beside = (runFlux: Tree, other: Tree): Tree => ({ size: 4, containers: [{ runFlux: true, ...runFlux }, other] });
const schema = structuralSchema(miniClusterSpec);
const container = schema.properties?.['containers']?.items ?? {};
const notUsedAnyMore = ['commands.runFluxAsRoot', 'fluxUser'];
const ofTheBroker = ['batch', 'batchRaw', 'launcher', 'logs', 'cores', 'preCommand'];
const ofTheBrokersScript = ['commands.pre', 'commands.brokerPre', 'commands.workerPre', 'commands.prefix'];

const places: { place: string; at: Path; specs: readonly Tree[]; without: Record<string, readonly string[]> }[] = [
  {
    place: 'the Flux container',
    at: ['containers', '0'],
    specs: programs.map((program) => ({ size: 4, containers: [program] })),
    without: {
      'v1alpha1, not used any more': notUsedAnyMore,
      'it is called as the MiniCluster': ['name'],
      'the only container runs Flux in any case': ['runFlux'],
      'of sidecars and services': ['commands.servicePre', 'noWrapEntrypoint'],
    },
  },
  {
    place: 'a sidecar',
    at: ['containers', '1'],
    specs: programs.slice(0, 2).map((program) => beside({ command: 'c' }, { name: 'side', ...program })),
    without: {
      'v1alpha1, not used any more': notUsedAnyMore,
      'of the Flux container': [...ofTheBroker, ...ofTheBrokersScript],
      'two containers that run Flux are refused': ['runFlux'],
    },
  },
  {
    place: 'a sidecar that is not wrapped',
    at: ['containers', '1'],
    specs: programs
      .slice(0, 2)
      .map((program) => beside({ command: 'c' }, { name: 'side', noWrapEntrypoint: true, ...program })),
    without: {
      'v1alpha1, not used any more': notUsedAnyMore,
      'of the Flux container': [...ofTheBroker, ...ofTheBrokersScript],
      'two containers that run Flux are refused': ['runFlux'],
      'there is no script around its entrypoint': ['commands.init', 'commands.servicePre', 'commands.post'],
      'it is so already': ['noWrapEntrypoint'],
    },
  },
  {
    place: 'a service',
    at: ['services', '0'],
    specs: programs
      .slice(0, 2)
      .map((program) => ({ size: 4, containers: [{ command: 'c' }], services: [{ name: 'side', ...program }] })),
    without: {
      'v1alpha1, not used any more': notUsedAnyMore,
      'of the Flux container': [...ofTheBroker, 'commands.prefix', 'fluxLogLevel', 'fluxOptionFlags'],
      refused: ['commands.pre', 'commands.brokerPre', 'commands.workerPre'],
      'no service runs Flux, and none is wrapped': ['runFlux', 'noWrapEntrypoint'],
      'older than services': ['securityContext.fsGroup'],
    },
  },
];

describe.each(places)('in $place', ({ at, specs, without }) => {
  it('each field has an effect', () => {
    const idle = fieldsOf(container).filter((field) => !hasEffect(specs, at, field));
    const known = Object.values(without).flat();
    expect(idle.map(([path]) => path.join('.')).filter((name) => !covers(known, name.split('.')))).toEqual([]);
    const used = known.filter((name) => !idle.some(([path]) => covers([name], path)));
    expect(used, 'have an effect after all').toEqual([]);
  });
});

/** Fields that change no object. */
const withoutObjects: Record<string, readonly string[]> = {
  'decided when a size is to change, or a program has ended': ['scaling.autoscale', 'scaling.scaleDown', 'cleanup'],
  'v1alpha1, not used any more': [
    ...['diagnostics', 'localDeploy', 'users', 'fluxRestful', 'flux.installRoot', 'flux.mungeSecret'],
    // Storage is not created any more.
    ...['labels', 'annotations', 'claimAnnotations', 'attributes', 'volumeHandle', 'driver', 'delete'].map(
      (name) => `volumes.*.${name}`,
    ),
    ...['secret', 'secretNamespace', 'capacity'].map((name) => `volumes.*.${name}`),
  ],
  'the image of the view decides': ['flux.arch'],
};

describe('beside the containers', () => {
  const mounted = { command: 'c', volumes: { key: { path: '/p' } } };
  const specs = [
    ...programs.map((program) => ({ size: 4, containers: [program] })),
    beside({ command: 'c' }, { name: 'side' }),
    { size: 4, containers: [mounted], volumes: { key: { path: '/h' } } },
  ];
  const fields = fieldsOf(schema).filter(([[first]]) => first !== 'containers' && first !== 'services');
  const known = Object.values(withoutObjects).flat();

  it('each field has an effect', () => {
    const idle = fields.filter((field) => !hasEffect(specs, [], field)).map(([path]) => path);
    expect(idle.filter((path) => !covers(known, path)).map((path) => path.join('.'))).toEqual([]);
    expect(
      known.filter((name) => !idle.some((path) => covers([name], path))),
      'have an effect after all',
    ).toEqual([]);
  });

  it('what is decided later reaches the decision', () => {
    const [spec] = specs;
    const resolved = (tree: Tree) =>
      normalize({ metadata: { name: 'c' }, spec: tree } as unknown as MiniCluster) as unknown as Tree;
    for (const [path, node] of fields.filter(([path]) => covers(Object.values(withoutObjects)[0] ?? [], path))) {
      const sample = node.enum ? node.enum.at(-1) : sampleOf(path, node);
      expect(resolved(put(spec, path, sample)), path.join('.')).not.toEqual(resolved(spec as Tree));
    }
  });
});
