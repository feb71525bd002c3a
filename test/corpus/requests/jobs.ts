import { applyPatch, type CorpusRequest, jsonPatch, mergePatch, strategicPatch } from '../corpus-request.ts';

const namespace = 'corpus-jobs';
const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
const container = { name: 'main', image: 'example.com/image:1' };
const template = (rest: object = {}, metadata?: object) => ({
  ...(metadata ? { metadata } : {}),
  spec: { restartPolicy: 'Never', containers: [container], ...rest },
});
/** Nobody's: no controller touches it. */
const spec = (rest: object) => ({ managedBy: 'example.com/nobody', template: template(), ...rest });
const indexed = (count: number, rest: object = {}) =>
  spec({ completionMode: 'Indexed', completions: count, parallelism: count, ...rest });
const make = (name: string, body: object, rest: object = {}): CorpusRequest => ({
  name: `job ${name}`,
  method: 'POST',
  path: jobs,
  body: { metadata: { name }, spec: body },
  ...rest,
});
const bad = (why: string, body: object, rest: object = {}): CorpusRequest => ({
  name: `bad: ${why}`,
  method: 'POST',
  path: jobs,
  body: { metadata: { name: 'bad' }, spec: body },
  ...rest,
});
const change = (
  name: string,
  job: string,
  body: object,
  headers: Record<string, string> = mergePatch,
): CorpusRequest => ({
  name,
  method: 'PATCH',
  path: `${jobs}/${job}`,
  headers,
  body,
});
const policy = (...rules: object[]) => spec({ podFailurePolicy: { rules } });
const success = (...rules: object[]) => indexed(3, { successPolicy: { rules } });
const codes = (rest: object) => ({ action: 'FailJob', onExitCodes: { operator: 'In', values: [1], ...rest } });

/** Jobs: defaults, every rule of their fields, and which may change when. */
export const jobRequests: readonly CorpusRequest[] = [
  { name: 'a namespace', method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } },
  {
    name: 'its account',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/default`,
    until: 200,
    ignoresBody: true,
  },
  make('plain', spec({})),
  make('counted', spec({ completions: 3, parallelism: 2, backoffLimit: 1, activeDeadlineSeconds: 60 })),
  make('indexed', indexed(4)),
  make('per-index', indexed(4, { backoffLimitPerIndex: 2, maxFailedIndexes: 1 })),
  make('policy', policy(codes({}), { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] })),
  make('success', success({ succeededIndexes: '0,2' }, { succeededCount: 2 })),
  make('lives', spec({ ttlSecondsAfterFinished: 100, podReplacementPolicy: 'Failed' })),
  make('resting', indexed(2, { suspend: true })),
  make('none', spec({ parallelism: 0 })),
  make('own-selector', {
    ...spec({ manualSelector: true, selector: { matchLabels: { my: 'job' } } }),
    template: template({}, { labels: { my: 'job' } }),
  }),
  {
    name: 'a generated name',
    method: 'POST',
    path: `${jobs}?dryRun=All`,
    body: { metadata: { generateName: 'generated-' }, spec: indexed(2) },
  },
  bad('nothing', {}),
  bad('no containers', spec({ template: template({ containers: [] }) })),
  bad('restart policy missing', spec({ template: { spec: { containers: [container] } } })),
  bad('a restart policy that is none', spec({ template: template({ restartPolicy: 'Often' }) })),
  bad(
    'numbers below zero',
    spec({
      parallelism: -1,
      completions: -1,
      backoffLimit: -1,
      activeDeadlineSeconds: -1,
      ttlSecondsAfterFinished: -1,
    }),
  ),
  bad('a mode', spec({ completionMode: 'Odd', completions: 1 })),
  bad('indexed without a number', spec({ completionMode: 'Indexed' })),
  bad('too many at once', spec({ completionMode: 'Indexed', completions: 200000, parallelism: 150000 })),
  bad('per index without indexes', spec({ backoffLimitPerIndex: 1 })),
  bad('per index below zero', indexed(2, { backoffLimitPerIndex: -1 })),
  bad('failed indexes alone', indexed(2, { maxFailedIndexes: 1 })),
  bad('failed indexes below zero', indexed(2, { backoffLimitPerIndex: 1, maxFailedIndexes: -1 })),
  bad('more failed indexes than there are', indexed(2, { backoffLimitPerIndex: 1, maxFailedIndexes: 3 })),
  bad('many indexes without a limit of failures', indexed(100001, { parallelism: 10, backoffLimitPerIndex: 1 })),
  bad(
    'many indexes, many failures',
    indexed(100001, { parallelism: 10, backoffLimitPerIndex: 1, maxFailedIndexes: 10001 }),
  ),
  bad(
    'many indexes, many at once',
    indexed(100001, { parallelism: 10001, backoffLimitPerIndex: 1, maxFailedIndexes: 10 }),
  ),
  bad('a replacement policy', spec({ podReplacementPolicy: 'Odd' })),
  bad('replacement while terminating, with a failure policy', {
    ...policy(codes({})),
    podReplacementPolicy: 'TerminatingOrFailed',
  }),
  bad('a manager without a domain', { ...spec({}), managedBy: 'nobody' }),
  bad('a manager with a long name', { ...spec({}), managedBy: `example.com/${'x'.repeat(70)}` }),
  bad('a manager that is too long', { ...spec({}), managedBy: `example.com/${'x/'.repeat(40)}` }),
  bad('failure policy with a restart policy', {
    ...policy(codes({})),
    template: template({ restartPolicy: 'OnFailure' }),
  }),
  bad('failure policy: an action', policy({ ...codes({}), action: 'Odd' })),
  bad('failure policy: no action', policy({ onExitCodes: { operator: 'In', values: [1] } })),
  bad('failure policy: fail an index', policy({ ...codes({}), action: 'FailIndex' })),
  bad('failure policy: neither', policy({ action: 'Ignore' })),
  bad('failure policy: both', policy({ ...codes({}), onPodConditions: [{ type: 'Ready', status: 'True' }] })),
  bad('failure policy: an operator', policy(codes({ operator: 'Odd' }))),
  bad('failure policy: no operator', policy(codes({ operator: undefined }))),
  bad('failure policy: no values', policy(codes({ values: [] }))),
  bad('failure policy: zero', policy(codes({ values: [0] }))),
  bad('failure policy: not zero', policy(codes({ operator: 'NotIn', values: [0] }))),
  bad('failure policy: twice', policy(codes({ values: [1, 1] }))),
  bad('failure policy: not in order', policy(codes({ values: [2, 1] }))),
  bad(
    'failure policy: too many values',
    policy(codes({ values: Array.from({ length: 256 }, (_, index) => index + 1) })),
  ),
  bad('failure policy: too many rules', policy(...Array.from({ length: 21 }, () => codes({})))),
  bad('failure policy: a container', policy(codes({ containerName: 'nobody' }))),
  bad('failure policy: a condition', policy({ action: 'Count', onPodConditions: [{ type: 'A b', status: 'Odd' }] })),
  bad('failure policy: no rules', spec({ podFailurePolicy: {} })),
  bad('success policy without indexes', spec({ successPolicy: { rules: [{ succeededCount: 1 }] } })),
  bad('success policy: no rules', success()),
  bad('success policy: an empty rule', success({})),
  bad('success policy: no indexes', success({ succeededIndexes: '' })),
  bad('success policy: a text', success({ succeededIndexes: 'abc' })),
  bad('success policy: out of range', success({ succeededIndexes: '0-7' })),
  bad('success policy: not in order', success({ succeededIndexes: '2,1' })),
  bad('success policy: backwards', success({ succeededIndexes: '2-1' })),
  bad('success policy: open', success({ succeededIndexes: '1-' })),
  bad('success policy: below zero', success({ succeededCount: -1 })),
  bad('success policy: more than all', success({ succeededCount: 4 })),
  bad('success policy: more than its indexes', success({ succeededIndexes: '0', succeededCount: 2 })),
  bad('success policy: too many rules', success(...Array.from({ length: 21 }, () => ({ succeededCount: 1 })))),
  bad('a selector', spec({ selector: { matchLabels: { a: 'b' } } })),
  bad('a selector that does not match', spec({ manualSelector: true, selector: { matchLabels: { a: 'b' } } })),
  bad('a selector of nothing', spec({ manualSelector: true, selector: {} })),
  bad('its own label, wrong', spec({ template: template({}, { labels: { 'controller-uid': 'x' } }) })),
  bad('a hostname', spec({ template: template({ hostname: 'A_b' }) })),
  bad('a subdomain', spec({ template: template({ subdomain: 'A_b' }) })),
  bad('a volume', spec({ template: template({ volumes: [{ name: 'v' }, { name: 'V' }] }) })),
  bad(
    'a quantity',
    spec({ template: template({ containers: [{ ...container, resources: { limits: { cpu: '1x' } } }] }) }),
  ),
  bad('a wrong type', spec({ completions: 'three' })),
  bad('a number that is no whole', spec({ completions: 1.5 })),
  bad('a number too large', spec({ completions: 3000000000 })),
  bad('template of a wrong type', spec({ template: [] })),
  {
    name: 'bad: unknown fields, strict',
    method: 'POST',
    path: `${jobs}?fieldValidation=Strict`,
    body: { metadata: { name: 'bad' }, spec: { ...spec({ completion: 1 }), template: template({ container: [] }) } },
  },
  {
    name: 'bad: a name that makes no hostnames',
    method: 'POST',
    path: jobs,
    body: { metadata: { name: 'j'.repeat(62) }, spec: indexed(2) },
  },
  {
    name: 'a dot in its name',
    method: 'POST',
    path: `${jobs}?dryRun=All`,
    body: { metadata: { name: 'a.b' }, spec: spec({}) },
  },
  {
    name: 'bad: a dot in the name of an indexed one',
    method: 'POST',
    path: `${jobs}?dryRun=All`,
    body: { metadata: { name: 'a.b' }, spec: indexed(2) },
  },
  change('larger', 'indexed', { spec: { completions: 6, parallelism: 6 } }),
  change('smaller', 'indexed', { spec: { completions: 2, parallelism: 2 } }),
  change('to nothing', 'indexed', { spec: { completions: 0, parallelism: 0 } }),
  change('completions alone', 'indexed', { spec: { completions: 5 } }),
  change('both, not equal', 'indexed', { spec: { completions: 5, parallelism: 4 } }),
  change('parallelism alone', 'indexed', { spec: { parallelism: 1 } }),
  change('completions back alone', 'indexed', { spec: { completions: 1 } }),
  change('completions to what runs', 'indexed', { spec: { completions: null } }),
  change('completions of one that counts', 'counted', { spec: { completions: 4, parallelism: 4 } }),
  change('another mode', 'counted', { spec: { completionMode: 'Indexed' } }),
  change('no mode', 'indexed', { spec: { completionMode: null } }),
  change('backoff', 'counted', { spec: { backoffLimit: 9 } }),
  change('backoff below zero', 'counted', { spec: { backoffLimit: -9 } }),
  change('deadline', 'counted', { spec: { activeDeadlineSeconds: 600 } }),
  change('no deadline', 'counted', { spec: { activeDeadlineSeconds: null } }),
  change('time to live', 'lives', { spec: { ttlSecondsAfterFinished: 7 } }),
  change('suspend', 'plain', { spec: { suspend: true } }),
  change('resume', 'plain', { spec: { suspend: false } }),
  change('backoff per index', 'per-index', { spec: { backoffLimitPerIndex: 3 } }),
  change('failed indexes', 'per-index', { spec: { maxFailedIndexes: 3 } }),
  change('failed indexes, more than there are', 'per-index', { spec: { maxFailedIndexes: 5 } }),
  change('failure policy', 'policy', { spec: { podFailurePolicy: null } }),
  change('success policy', 'success', { spec: { successPolicy: null } }),
  change('manager', 'plain', { spec: { managedBy: 'example.com/other' } }),
  change('no manager', 'plain', { spec: { managedBy: null } }),
  change('replacement policy', 'lives', { spec: { podReplacementPolicy: 'TerminatingOrFailed' } }),
  change('manual selector', 'plain', { spec: { manualSelector: true } }),
  change('template: an image', 'plain', {
    spec: { template: { spec: { containers: [{ name: 'main', image: 'other' }] } } },
  }),
  change('template: a label', 'plain', { spec: { template: { metadata: { labels: { a: 'b' } } } } }),
  change('template of a resting one: where', 'resting', {
    spec: {
      template: {
        metadata: { labels: { a: 'b' }, annotations: { c: 'd' } },
        spec: { nodeSelector: { e: 'f' }, tolerations: [{ operator: 'Exists' }], affinity: { nodeAffinity: {} } },
      },
    },
  }),
  change('template of a resting one: gates', 'resting', {
    spec: { template: { spec: { schedulingGates: [{ name: 'example.com/gate' }] } } },
  }),
  change('template of a resting one: resources', 'resting', {
    spec: { template: { spec: { containers: [{ ...container, resources: { requests: { cpu: '1' } } }] } } },
  }),
  change('template of a resting one: an image', 'resting', {
    spec: { template: { spec: { containers: [{ name: 'main', image: 'other' }] } } },
  }),
  change(
    'strategic: an environment',
    'resting',
    {
      spec: { template: { spec: { containers: [{ name: 'main', env: [{ name: 'A', value: 'b' }] }] } } },
    },
    strategicPatch,
  ),
  change(
    'json: a wrong place',
    'resting',
    [{ op: 'replace', path: '/spec/template/spec/containers/5/image', value: 'x' }],
    jsonPatch,
  ),
  {
    name: 'apply: the size',
    method: 'PATCH',
    path: `${jobs}/indexed?fieldManager=scaler&force=true`,
    headers: applyPatch,
    body: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'indexed' },
      spec: { completions: 3, parallelism: 3 },
    },
  },
  {
    name: 'apply: a container by name',
    method: 'PATCH',
    path: `${jobs}/applied?fieldManager=maker`,
    headers: applyPatch,
    body: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'applied' },
      spec: indexed(2, {
        suspend: true,
        template: template({
          containers: [{ ...container, env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] }],
        }),
      }),
    },
  },
  {
    name: 'apply: a variable twice',
    method: 'PATCH',
    path: `${jobs}/applied?fieldManager=other`,
    headers: applyPatch,
    body: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'applied' },
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'main',
                env: [
                  { name: 'B', value: '1' },
                  { name: 'B', value: '2' },
                ],
              },
            ],
          },
        },
      },
    },
  },
  {
    name: 'put: an older revision',
    method: 'PUT',
    path: `${jobs}/plain`,
    body: { metadata: { name: 'plain', resourceVersion: '1' }, spec: spec({}) },
  },
  {
    name: 'put: without what the server filled in',
    method: 'PUT',
    path: `${jobs}/counted`,
    body: { metadata: { name: 'counted' }, spec: spec({ completions: 3, parallelism: 2 }) },
  },
  { name: 'by success', path: `${jobs}?fieldSelector=status.successful%3D0,metadata.name%3Dplain` },
  { name: 'dry deletion', method: 'DELETE', path: `${jobs}/plain?dryRun=All` },
  { name: 'a deletion warns', method: 'DELETE', path: `${jobs}/plain`, ignoresBody: true },
  { name: 'in the background', method: 'DELETE', path: `${jobs}/counted?propagationPolicy=Background` },
  { name: 'in the foreground', method: 'DELETE', path: `${jobs}/lives?propagationPolicy=Foreground` },
  { name: 'all, in the background', method: 'DELETE', path: `${jobs}?propagationPolicy=Background`, ignoresBody: true },
  { name: 'none is left', path: `${jobs}/lives`, until: 404 },
  { name: 'the namespace goes', method: 'DELETE', path: `/api/v1/namespaces/${namespace}`, ignoresBody: true },
  { name: 'it is gone', path: `/api/v1/namespaces/${namespace}`, until: 404 },
];
