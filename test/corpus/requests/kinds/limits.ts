import type { CorpusRequest } from '../../corpus-request.ts';
import { bad, change, container, goes, inNamespace, make, post } from './kind-requests.ts';

const { at, opens, closes } = inNamespace('corpus-limits');
const ranges = at('limitranges');
const pods = at('pods');
const claims = at('persistentvolumeclaims');
const limits = (...items: object[]) => ({ spec: { limits: items } });
const asks = (requests: object, most: object = {}) => ({ ...container, resources: { requests, limits: most } });
const pod = (name: string, spec: object): CorpusRequest =>
  post(name, pods, { metadata: { name: 'made' }, spec: { schedulerName: 'nobody', containers: [container], ...spec } });
/** As it would be, with what is said for it as a whole. */
const whole = (spec: object, name: string): CorpusRequest =>
  post(name, `${pods}?dryRun=All`, {
    metadata: { name: 'whole' },
    spec: { schedulerName: 'nobody', containers: [container], ...spec },
  });
const claim = (name: string, storage: string): CorpusRequest =>
  post(name, `${claims}?dryRun=All`, {
    metadata: { name: 'made' },
    spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  });
const everything = limits(
  {
    type: 'Container',
    max: { cpu: '2' },
    min: { memory: '1Mi' },
    default: { 'ephemeral-storage': '1Gi' },
    maxLimitRequestRatio: { cpu: '3' },
  },
  { type: 'Pod', max: { cpu: '3' }, min: { memory: '4Mi' } },
  { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } },
);

/** Limit ranges: what may be said in one, and what pods and claims make of it. */
export const limitRequests: readonly CorpusRequest[] = [
  ...opens,
  bad(ranges)('range: nothing', {}),
  bad(ranges)('range: a type', limits({ type: 'Odd' })),
  bad(ranges)('range: no type', limits({})),
  bad(ranges)('range: a type of others', limits({ type: 'example.com/odd', max: { storage: '1' } })),
  bad(ranges)('range: a type twice', limits({ type: 'Pod' }, { type: 'Pod' })),
  bad(ranges)('range: a resource', limits({ type: 'Pod', max: { odd: '1' } })),
  bad(ranges)('range: a resource of others', limits({ type: 'Pod', max: { 'requests.example.com/x': '1' } })),
  bad(ranges)('range: storage of containers', limits({ type: 'Container', max: { storage: '1' } })),
  bad(ranges)('range: defaults of pods', limits({ type: 'Pod', default: { cpu: '1' }, defaultRequest: { cpu: '1' } })),
  bad(ranges)('range: claims without storage', limits({ type: 'PersistentVolumeClaim', max: { cpu: '1' } })),
  bad(ranges)('range: more than the most', limits({ type: 'Pod', max: { cpu: '1' }, min: { cpu: '2' } })),
  bad(ranges)(
    'range: a default above the most',
    limits({ type: 'Container', max: { cpu: '1' }, default: { cpu: '2' } }),
  ),
  bad(ranges)(
    'range: a default below the least',
    limits({ type: 'Container', min: { cpu: '2' }, default: { cpu: '1' } }),
  ),
  bad(ranges)(
    'range: a request above the limit',
    limits({ type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '2' } }),
  ),
  bad(ranges)(
    'range: a device that is not whole',
    limits({ type: 'Container', default: { 'example.com/x': '2' }, defaultRequest: { 'example.com/x': '1' } }),
  ),
  bad(ranges)('range: a ratio below one', limits({ type: 'Pod', maxLimitRequestRatio: { cpu: '0.5' } })),
  bad(ranges)(
    'range: a ratio that cannot be',
    limits({ type: 'Pod', max: { cpu: '2' }, min: { cpu: '1' }, maxLimitRequestRatio: { cpu: '3' } }),
  ),
  bad(ranges)(
    'range: a ratio of nothing',
    limits({ type: 'Pod', max: { cpu: '0' }, min: { cpu: '0' }, maxLimitRequestRatio: { cpu: '3' } }),
  ),
  bad(ranges)('range: an amount', limits({ type: 'Pod', max: { cpu: 'x' } })),
  { ...post('a range without a name', `${ranges}?dryRun=All`, limits({ type: 'Pod' })), ignoresBody: true },
  make(ranges)('a range', everything),
  { name: 'the range', path: `${ranges}/made` },
  { name: 'the range as a table', path: ranges, headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } },
  change('the range, wrong', `${ranges}/made`, limits({ type: 'Odd' })),
  change('the range, by name', `${ranges}/made`, { metadata: { name: 'other' } }),

  // The real admission hears of a new range in its own time.
  { ...pod('a pod that says nothing', { containers: [asks({}, { cpu: '4' })] }), until: 403 },
  pod('a pod with defaults', { initContainers: [{ name: 'first', image: 'i' }] }),
  { name: 'the pod', path: `${pods}/made` },
  goes('the pod goes', `${pods}/made?gracePeriodSeconds=0`),
  pod('a pod with its own', { containers: [asks({ cpu: '1', memory: '8Mi' }, { cpu: '1' })] }),
  change('the pod, labelled', `${pods}/made`, { metadata: { labels: { a: 'b' } } }),
  goes('the pod goes again', `${pods}/made?gracePeriodSeconds=0`),
  pod('a pod that stretches', { containers: [asks({ cpu: '100m' }, { cpu: '1' })] }),
  pod('a pod of two', { containers: [container, { ...asks({ cpu: '2' }, { cpu: '2' }), name: 'other' }] }),
  { ...pod('a pod that is small', { containers: [asks({ memory: '1Ki' })] }), anyOrder: true },
  pod('a pod with a costly start', {
    initContainers: [{ ...asks({ cpu: '2' }, { cpu: '2' }), name: 'side', restartPolicy: 'Always' }],
  }),
  pod('a pod with words for all', { resources: { requests: { cpu: '4' }, limits: { cpu: '5' } } }),
  claim('too little storage', '1Mi'),
  claim('too much storage', '3Gi'),
  claim('storage', '1Gi'),
  post('another kind', `${at('configmaps')}?dryRun=All`, { metadata: { name: 'made' } }),
  goes('the range goes', `${ranges}/made`),

  // The real admission hears of it in its own time.
  {
    ...whole({ containers: [asks({}, { cpu: '4' })] }, 'a pod that says nothing is taken'),
    until: 201,
    ignoresBody: true,
  },
  whole({ resources: { limits: { cpu: '1', memory: '1Gi' } } }, 'a pod with limits for all'),
  whole(
    { containers: [asks({ cpu: '100m' })], resources: { limits: { cpu: '1' } } },
    'a pod with limits for all and a request',
  ),
  whole(
    { containers: [asks({}, { cpu: '1', memory: '1Gi' })], resources: { requests: { cpu: '1' } } },
    'a pod with requests for all',
  ),
  whole({ containers: [asks({ cpu: '1n', memory: '0.5' })] }, 'a pod that asks for crumbs'),
  whole(
    { containers: [asks({ cpu: '.', memory: 'Gi', 'ephemeral-storage': '9Ei' })] },
    'a pod that asks for odd amounts',
  ),
  ...closes,
];
