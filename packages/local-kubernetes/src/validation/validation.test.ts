import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInKinds } from '../kinds/built-in.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { strategyFor } from './strategies.ts';
import { create, kindNamed, update } from './through-strategy.fixture.ts';

const container = { name: 'main', image: 'i:1' };
const pod = (more: JsonObject) => create('Pod', { spec: { containers: [container], ...more } }).errors;
const one = (more: JsonObject) => pod({ containers: [{ ...container, ...more }] });

describe('pods', () => {
  it('get their defaults and their first status', () => {
    const { object, errors } = create('Pod', {
      spec: { containers: [{ ...container, resources: { limits: { cpu: '1' } } }] },
    });
    expect(errors).toEqual([]);
    expect(object).toMatchObject({
      metadata: { generation: 1 },
      spec: {
        restartPolicy: 'Always',
        dnsPolicy: 'ClusterFirst',
        terminationGracePeriodSeconds: 30,
        enableServiceLinks: true,
        containers: [{ imagePullPolicy: 'IfNotPresent', resources: { limits: { cpu: '1' }, requests: { cpu: '1' } } }],
      },
      status: { phase: 'Pending', qosClass: 'Burstable' },
    });
  });

  it('keep a zero that was written where zero means something', () => {
    const { object } = create('Pod', {
      spec: { terminationGracePeriodSeconds: 0, containers: [{ ...container, livenessProbe: { timeoutSeconds: 0 } }] },
    });
    expect(object).toMatchObject({
      spec: { terminationGracePeriodSeconds: 0, containers: [{ livenessProbe: { timeoutSeconds: 1 } }] },
    });
  });

  // The sentences are those of kube-apiserver 1.35.
  it.each<[string, string[], string[]]>([
    ['no containers', pod({ containers: [] }), ['spec.containers: Required value']],
    ['no image', pod({ containers: [{ name: 'a' }] }), ['spec.containers[0].image: Required value']],
    ['a name twice', pod({ containers: [container, container] }), ['spec.containers[1].name: Duplicate value: "main"']],
    [
      'a restart policy',
      pod({ restartPolicy: 'Sometimes' }),
      ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
    ],
    [
      'a deadline',
      pod({ activeDeadlineSeconds: 0 }),
      ['spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
    ],
    [
      'a toleration',
      pod({ tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }),
      ['spec.tolerations[0].operator: Invalid value: "b": value must be empty when `operator` is \'Exists\''],
    ],
    [
      'a volume with two sources',
      pod({ volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/' } }] }),
      ['spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type'],
    ],
    [
      'a mount of nothing',
      one({ volumeMounts: [{ name: 'x', mountPath: '/x' }] }),
      ['spec.containers[0].volumeMounts[0].name: Not found: "x"'],
    ],
    [
      'a port',
      one({ ports: [{ containerPort: 70000 }] }),
      ['spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive'],
    ],
    [
      'a negative request',
      one({ resources: { requests: { cpu: '-1' } } }),
      ['spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      'more than the limit',
      one({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      'a variable with two values',
      one({ env: [{ name: 'A', value: 'b', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
      ['spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
    ],
    [
      'a probe without a handler',
      one({ livenessProbe: {} }),
      ['spec.containers[0].livenessProbe: Required value: must specify a handler type'],
    ],
    [
      'a wrong type',
      one({ command: 'x' }),
      [
        'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field Container.spec.containers.command of type []string',
      ],
    ],
  ])('%s', (_name, errors, wanted) => expect(errors).toEqual(wanted));

  it('may change little', () => {
    const { object } = create('Pod', { spec: { containers: [container] } });
    expect(
      update('Pod', object, (next) => ((next['spec'] as { containers: JsonObject[] }).containers[0]!['image'] = 'j')),
    ).toEqual([]);
    const [error] = update('Pod', object, (next) => ((next['spec'] as JsonObject)['hostname'] = 'x'));
    expect(error).toMatch(/^spec: Forbidden: pod updates may not change fields other than/);
  });
});

const job = (spec: JsonObject) =>
  create('Job', { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } }, ...spec } });

describe('jobs', () => {
  it('take a selector of their own for wrong only where it can select', () => {
    const { object } = job({});
    const changed = (matchLabels: object) =>
      update('Job', object, (next) => Object.assign(next['spec'] as JsonObject, { selector: { matchLabels } }));
    const wrong = 'spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: `selector` not auto-generated';
    expect(changed({ app: 'x' })).toContain(wrong);
    expect(changed({ app: 'x/x' }).join()).not.toContain('not auto-generated');
    expect(changed({ 'job-name': 'a' }).join()).not.toContain('not auto-generated');
  });

  it('get a selector of their own, and labels', () => {
    const { object, errors } = job({ completionMode: 'Indexed', completions: 4, parallelism: 4 });
    expect(errors).toEqual([]);
    const labels = {
      'batch.kubernetes.io/controller-uid': 'u',
      'batch.kubernetes.io/job-name': 'a',
      'controller-uid': 'u',
      'job-name': 'a',
    };
    expect(object).toMatchObject({
      metadata: { generation: 1, labels },
      spec: {
        backoffLimit: 6,
        suspend: false,
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
        template: { metadata: { labels } },
      },
      status: {},
    });
  });

  it.each<[string, JsonObject, string]>([
    [
      'a negative parallelism',
      { parallelism: -1 },
      'spec.parallelism: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'a mode',
      { completionMode: 'Some' },
      'spec.completionMode: Unsupported value: "Some": supported values: "NonIndexed", "Indexed"',
    ],
    [
      'limits without indexes',
      { backoffLimitPerIndex: 1 },
      'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
    ],
    [
      'a restart policy',
      { template: { spec: { containers: [container] } } },
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
  ])('%s', (_name, spec, wanted) => expect(job(spec).errors).toEqual([wanted]));

  const set = (values: JsonObject) => (next: JsonObject) => Object.assign(next['spec'] as JsonObject, values);

  it('are elastic when indexed: completions move with an equal parallelism (KEP-3715)', () => {
    const { object } = job({ completionMode: 'Indexed', completions: 4, parallelism: 4 });
    expect(update('Job', object, set({ completions: 2, parallelism: 2 }))).toEqual([]);
    expect(update('Job', object, set({ completions: 9, parallelism: 9 }))).toEqual([]);
    expect(update('Job', object, set({ parallelism: 2 }))).toEqual([]);
    const tandem = 'spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism';
    expect(update('Job', object, set({ completions: 3 }))).toEqual([tandem]);
    expect(update('Job', object, set({ completions: 3, parallelism: 2 }))).toEqual([tandem]);
  });

  it('are fixed otherwise', () => {
    const { object } = job({});
    expect(update('Job', object, set({ completions: 3, parallelism: 3 }))).toEqual([
      'spec.completions: Invalid value: 3: field is immutable',
    ]);
    expect(update('Job', object, set({ completionMode: 'Indexed' }))[0]).toContain(
      'spec.completionMode: Invalid value: "Indexed": field is immutable',
    );
    expect(update('Job', object, set({ backoffLimit: 1 }))).toEqual([]);
  });
});

describe('the small kinds', () => {
  it('config maps hold good keys, once, and stay when immutable', () => {
    expect(create('ConfigMap', { data: { a: '1' }, binaryData: { a: 'eA==' } }).errors).toEqual([
      'data[a]: Invalid value: "a": duplicate of key present in binaryData',
    ]);
    const { object } = create('ConfigMap', { data: { a: '1' }, immutable: true });
    expect(update('ConfigMap', object, (next) => (next['data'] = { a: '2' }))).toEqual([
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
  });

  it('secrets take plain text', () => {
    expect(create('Secret', { stringData: { a: 'b' } }).object).toMatchObject({ type: 'Opaque', data: { a: 'Yg==' } });
    expect(create('Secret', { type: 'kubernetes.io/tls' }).errors).toEqual([
      'data[tls.crt]: Required value',
      'data[tls.key]: Required value',
    ]);
  });

  it('services need ports, names for several, and a name of their own form', () => {
    expect(create('Service', { spec: {} }).errors).toEqual(['spec.ports: Required value']);
    expect(create('Service', { spec: { clusterIP: 'None' } }).errors).toEqual([]);
    expect(create('Service', { spec: { ports: [{ port: 1 }, { port: 2 }] } }).errors).toEqual([
      'spec.ports[0].name: Required value',
      'spec.ports[1].name: Required value',
    ]);
    expect(create('Service', { metadata: { name: '1web' }, spec: { ports: [{ port: 1 }] } }).errors[0]).toContain(
      'a DNS-1035 label',
    );
  });

  it('roles need verbs, and a binding keeps its role', () => {
    expect(create('Role', { rules: [{ apiGroups: [''], resources: ['pods'] }] }).errors).toEqual([
      'rules[0].verbs: Required value: verbs must contain at least one value',
    ]);
    const { object, errors } = create('RoleBinding', {
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [{ kind: 'User', name: 'u' }],
    });
    expect(errors).toEqual([]);
    expect(update('RoleBinding', object, (next) => ((next['roleRef'] as JsonObject)['name'] = 'x'))).toEqual([
      'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"x"}: cannot change roleRef',
    ]);
  });

  it('namespaces are born active, with their label and finalizer', () => {
    expect(create('Namespace', { metadata: { name: 'n' } }).object).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'n' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });
});

describe('any JSON', () => {
  const names = [
    'metadata',
    'spec',
    'status',
    'containers',
    'template',
    'name',
    'image',
    'ports',
    'env',
    'volumes',
    'labels',
    'rules',
    'subjects',
    'versions',
    'schema',
    'selector',
    'data',
    'resources',
    'limits',
    'tolerations',
    'affinity',
  ];
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(null, '', 'a', 'A_b', 0, -1, 1, 70000, 1.5, true, {}, []),
    fc.string({ maxLength: 5 }),
  );
  const json: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 6 },
      leaf,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('node'), { maxKeys: 6 }),
    ),
  })).node;

  it('is decoded, defaulted, prepared and judged by every kind without a throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...builtInKinds), json, json, (kind, first, second) => {
        const strategy = strategyFor(kind);
        const [before, after] = [first, second].map((raw) => {
          const { object, error } = strategy.decode(raw);
          if (!isObject(object['metadata'])) object['metadata'] = {};
          if (error === undefined) strategy.applyDefaults(object);
          return error === undefined ? object : undefined;
        });
        strategy.decodeApplied(first);
        if (before) {
          strategy.prepareForCreate(before);
          strategy.validateCreate(before);
          strategy.warnings(before);
        }
        if (before && after) {
          strategy.prepareForUpdate(after, before);
          strategy.validateUpdate(after, before);
          strategy.prepareForUpdate(after, before, 'status');
          strategy.validateUpdate(after, before, 'status');
        }
      }),
      { numRuns: 20_000 },
    );
  });

  /** A whole, valid object with one part of it replaced: gets past decoding far more often. */
  it('in any place of a whole object is taken or refused, never thrown at', () => {
    const whole = [
      create('Pod', {
        spec: {
          containers: [{ ...container, ports: [{ containerPort: 1 }], env: [{ name: 'A' }] }],
          volumes: [{ name: 'v', configMap: { name: 'c' } }],
        },
      }).object,
      job({}).object,
      create('Service', { spec: { ports: [{ port: 1 }] } }).object,
    ];
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.infiniteStream(fc.nat(20)), leaf, (object, choices, value) => {
        const changed = structuredClone(object);
        let at: unknown = changed;
        for (const choice of choices) {
          const keys = Object.keys(at as object);
          const key = keys[choice % (keys.length || 1)];
          const inner = key === undefined ? undefined : (at as Record<string, unknown>)[key];
          if (key !== undefined && (typeof inner !== 'object' || inner === null || choice % 4 === 0))
            (at as JsonObject)[key] = value;
          if (typeof inner !== 'object' || inner === null || choice % 4 === 0) break;
          at = inner;
        }
        const { kind } = object as { kind: string };
        const strategy = strategyFor(kindNamed(kind));
        const decoded = strategy.decode(changed);
        if (decoded.error !== undefined || !isObject(decoded.object['metadata'])) return;
        strategy.applyDefaults(decoded.object);
        strategy.validateUpdate(decoded.object, object);
      }),
      { numRuns: 20_000 },
    );
  });
});
