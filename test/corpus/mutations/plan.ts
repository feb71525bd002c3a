/** Requests by chance: the same for the same seed and count. */
import { Random } from '../../soak/random.ts';
import type { CorpusRequest } from '../corpus-request.ts';
import { mutated } from './mutated-object.ts';
import { patchBody } from './patch-bodies.ts';
import { dryRunQuery, listQuery } from './queries.ts';
import { definitions } from './seeds/custom-resources.ts';
import { seedObjects } from './seeds/index.ts';
import type { SeedBody, SeedObject } from './seeds/seed-object.ts';

export interface Plan {
  /** Sent first, in order. */
  readonly opens: readonly CorpusRequest[];
  /** Each is sent in order; one does not see what another does. */
  readonly scenes: readonly (readonly CorpusRequest[])[];
  readonly closes: readonly CorpusRequest[];
}

type SceneMaker = (seed: SeedObject, random: Random, number: number) => CorpusRequest[];

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const post = (name: string, path: string, body: unknown): CorpusRequest => ({ name, method: 'POST', path, body });
const objectPath = ({ path }: SeedObject, body: SeedBody) => `${path}/${body.metadata.name}`;
const renamed = (body: SeedBody, name: string): SeedBody => ({ ...body, metadata: { ...body.metadata, name } });
const isStored = ({ isNeverStored }: SeedObject) => isNeverStored !== true;

const creation: SceneMaker = (seed, random) => {
  const name = seed.body.metadata.name && `${seed.body.metadata.name}-new`;
  // A definition is named for what it defines.
  const body = seed.path === crds ? seed.body : renamed(seed.body, name);
  const { object, how } = mutated(body, random.between(1, 3) === 1 ? 2 : 1, random);
  return [post(`create: ${how}`, `${seed.path}${dryRunQuery(random)}`, object)];
};

const update: SceneMaker = (seed, random) => {
  const withRevision = random.between(1, 3) > 1;
  const path = objectPath(seed, seed.body);
  const { object, how } = mutated(seed.body, random.between(1, 3) === 1 ? 2 : 1, random);
  const body = withRevision ? withRevisionOf(object) : object;
  const put: CorpusRequest = { name: `update: ${how}`, method: 'PUT', path: `${path}${dryRunQuery(random)}`, body };
  if (!withRevision) return [put];
  return [{ name: 'its revision', path, capture: { revision: 'metadata.resourceVersion' } }, put];
};

function withRevisionOf(object: SeedBody): SeedBody {
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return object;
  return { ...object, metadata: { ...metadata, resourceVersion: '{revision}' } };
}

const patch: SceneMaker = (seed, random) => {
  const { how, headers, body, query } = patchBody(seed.body, random);
  const path = `${objectPath(seed, seed.body)}${dryRunQuery(random, query)}`;
  return [{ name: `patch: ${how}`, method: 'PATCH', path, headers, body }];
};

/** What is stored, changed step by step: the answers and what stands afterwards. */
const history: SceneMaker = (seed, random, number) => {
  const own = renamed(seed.body, `${seed.body.metadata.name}-${number}`);
  const path = objectPath(seed, own);
  const makes = random.pick([post('history: made', seed.path, own), appliedFirst(path, own)]);
  const steps = Array.from({ length: random.between(3, 6) }, (): CorpusRequest => {
    const { how, headers, body, query } = patchBody(own, random);
    return { name: `history: ${how}`, method: 'PATCH', path: query ? `${path}?${query}` : path, headers, body };
  });
  const seen: CorpusRequest = { name: 'history: what stands', path };
  return [makes, ...steps, seen, { name: 'history: gone', method: 'DELETE', path }];
};

function appliedFirst(path: string, body: SeedBody): CorpusRequest {
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  const text = JSON.stringify(body);
  return { name: 'history: applied', method: 'PATCH', path: `${path}?fieldManager=alice`, headers, body: text };
}

const listing: SceneMaker = (seed, random) => {
  const query = listQuery(random);
  // Others come and go meanwhile: what is there to list stands in a namespace of nobody's.
  return [{ name: `list: ${query}`, path: `${seed.path.replace('{namespace}', '{namespace}-empty')}${query}` }];
};

const makers: readonly (readonly [number, SceneMaker, (seed: SeedObject) => boolean])[] = [
  [12, creation, () => true],
  [6, update, isStored],
  [8, patch, isStored],
  [4, history, isStored],
  [1, listing, ({ path }) => path.includes('{namespace}')],
];

/** At least this many requests. */
export function plan(seed: number, count: number): Plan {
  const random = new Random(seed);
  const run = `m${seed}`;
  const filled = (request: CorpusRequest): CorpusRequest => fill(request, run);
  const scenes: CorpusRequest[][] = [];
  for (let made = 0; made < count; made += scenes.at(-1)!.length) {
    const [, maker, fits] = random.weighted(makers.map((entry) => [entry[0], entry] as const));
    const chosen = random.weighted(seedObjects.filter(fits).map((each) => [each.weight ?? 1, each] as const));
    const number = scenes.length;
    const scene = maker(chosen, random, number);
    scenes.push(scene.map((each) => filled({ ...each, name: `#${number} ${chosen.title}: ${each.name}` })));
  }
  return { opens: opens().map(filled), scenes, closes: closes().map(filled) };
}

function opens(): CorpusRequest[] {
  const space = '/api/v1/namespaces/{namespace}';
  return [
    post('a namespace', '/api/v1/namespaces', { metadata: { name: '{namespace}' } }),
    { name: 'its account', path: `${space}/serviceaccounts/default`, until: 200, ignoresBody: true },
    { name: 'its certificate', path: `${space}/configmaps/kube-root-ca.crt`, until: 200, ignoresBody: true },
    ...definitions.flatMap((body): CorpusRequest[] => [
      { ...post('a definition', crds, body), ignoresBody: true },
      { name: 'its kind', path: servedPath(body), until: 200, ignoresBody: true },
    ]),
    ...seedObjects.filter(isStored).map(({ title, path, body }) => post(title, path, body)),
  ];
}

function servedPath({ spec }: SeedBody): string {
  const { group, names, versions } = spec as { group: string; names: { plural: string }; versions: { name: string }[] };
  return `/apis/${group}/${versions[0]!.name}/namespaces/{namespace}/${names.plural}`;
}

function closes(): CorpusRequest[] {
  const whole = seedObjects.filter((seed) => isStored(seed) && !seed.path.includes('{namespace}'));
  const paths = [
    ...whole.map((seed) => objectPath(seed, seed.body)),
    '/api/v1/namespaces/{namespace}',
    ...definitions
      .filter(({ metadata }) => metadata.name.includes('{run}'))
      .map((body) => `${crds}/${body.metadata.name}`),
  ];
  return paths.map((path) => ({ name: 'goes', method: 'DELETE', path, ignoresBody: true }));
}

function fill(request: CorpusRequest, run: string): CorpusRequest {
  const text = JSON.stringify(request)
    .replaceAll('{run}', run)
    .replaceAll('{RUN}', run.toUpperCase())
    .replaceAll('{namespace}', `mutations-${run}`);
  return JSON.parse(text) as CorpusRequest;
}
