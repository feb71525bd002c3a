/** The Helm chart: what it renders, and which values it refuses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutFieldPaths } from '@ebb/minicluster';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { chart, helm } from './clusters/chart.ts';

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly [field: string]: unknown;
}

async function rendered(...words: string[]): Promise<Rendered[]> {
  const text = await helm(['template', 'ebb-operator', chart, '--namespace', 'operator-system', ...words]);
  return parseAllDocuments(text).flatMap((document) => (document.toJS() ? [document.toJS() as Rendered] : []));
}

describe('the chart', () => {
  test.each([
    ['by default', []],
    ['for two namespaces', ['--set', 'namespaces={one,two}']],
    ['with all that is optional', ['--set', 'metrics.serviceMonitor.enabled=true,metrics.dashboard.enabled=true']],
  ])('passes lint %s', async (_, words) => {
    expect(await helm(['lint', '--strict', chart, ...words])).toContain('0 chart(s) failed');
  });

  test('gives the operator what a careful cluster asks for', async () => {
    const objects = await rendered();
    const deployment = objects.find(({ kind }) => kind === 'Deployment')!;
    const { replicas, template } = deployment['spec'] as {
      replicas: number;
      template: { spec: Record<string, unknown> };
    };
    expect(replicas).toBe(2);
    const [container] = template.spec['containers'] as Record<string, unknown>[];
    expect(template.spec).toMatchObject({
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      topologySpreadConstraints: [expect.objectContaining({ topologyKey: 'kubernetes.io/hostname' })],
    });
    expect(container).toMatchObject({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      livenessProbe: expect.anything(),
      readinessProbe: expect.anything(),
      resources: { requests: expect.anything(), limits: expect.anything() },
    });
    expect(objects.map(({ kind }) => kind)).toContain('PodDisruptionBudget');
  });

  test('has Roles in the namespaces it is for, and no right in others', async () => {
    const objects = await rendered('--set', 'namespaces={one,two}');
    const roles = objects.filter(({ kind }) => kind === 'Role').map(({ metadata }) => metadata.namespace);
    expect(roles).toEqual(expect.arrayContaining(['one', 'two']));
    const bound = objects.filter(({ kind }) => kind === 'ClusterRoleBinding');
    const granted = bound.map((binding) => (binding['roleRef'] as { name: string }).name);
    for (const name of granted) {
      const role = objects.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === name)!;
      const verbs = (role['rules'] as { verbs: string[] }[]).flatMap((rule) => rule.verbs);
      expect(verbs.filter((verb) => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
    }
  });

  test('brings the dashboard to Grafana when asked', async () => {
    const objects = await rendered('--set', 'metrics.dashboard.enabled=true');
    const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-dashboard'))!;
    expect(map.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    const data = map['data'] as Record<string, string>;
    const file = readFileSync(join(chart, 'files', 'dashboard.json'), 'utf8');
    expect(JSON.parse(data['ebb-miniclusters.json']!)).toEqual(JSON.parse(file));
  });

  test('keeps the API when it is uninstalled', async () => {
    const definition = (await rendered()).find(({ kind }) => kind === 'CustomResourceDefinition')!;
    expect(definition.metadata).toMatchObject({ annotations: { 'helm.sh/resource-policy': 'keep' } });
  });

  test('brings Kubernetes 1.27 the API without what 1.27 refuses, and nothing else of it less', async () => {
    const [old, now] = await Promise.all(
      ['1.27.16-cloud.1', '1.28.0'].map(async (version) => {
        const objects = await rendered('--kube-version', version);
        return objects.find(({ kind }) => kind === 'CustomResourceDefinition')!;
      }),
    );
    expect(JSON.stringify(now)).toContain('"fieldPath":".maxSize"');
    expect(old).toEqual(withoutFieldPaths(now));
    expect(old).not.toEqual(now);
  });

  test('refuses a Kubernetes older than 1.27', async () => {
    await expect(rendered('--kube-version', '1.26.9')).rejects.toThrow(/kubeVersion: >=1\.27/);
  });

  test('is asked for by a ServiceMonitor when Prometheus’ operator is there', async () => {
    const words = [
      '--set',
      'metrics.serviceMonitor.enabled=true',
      '--set',
      'metrics.serviceMonitor.labels.release=prom',
    ];
    const objects = await rendered(...words);
    const monitor = objects.find(({ kind }) => kind === 'ServiceMonitor')!;
    const { selector, endpoints } = monitor['spec'] as {
      selector: { matchLabels: Record<string, string> };
      endpoints: { port: string; interval: string }[];
    };
    expect(monitor.metadata.labels).toMatchObject({ release: 'prom' });
    const services = objects.filter(({ kind }) => kind === 'Service');
    const chosen = services.filter(({ metadata: { labels = {} } }) =>
      Object.entries(selector.matchLabels).every(([name, value]) => labels[name] === value),
    );
    expect(chosen).toHaveLength(1);
    const { ports } = chosen[0]!['spec'] as { ports: { name: string; targetPort: string }[] };
    expect(endpoints).toEqual([{ port: ports[0]!.name, interval: '30s' }]);
    const deployment = objects.find(({ kind }) => kind === 'Deployment')!;
    expect(JSON.stringify(deployment)).toContain(`"name":"${ports[0]!.targetPort}","containerPort"`);
  });

  test('lets those read the metrics who are named, and everybody only where nobody is', async () => {
    const policies = async (...words: string[]) =>
      (await rendered(...words)).filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec);
    expect(await policies()).toEqual([]);
    const peer = { namespaceSelector: { matchLabels: { name: 'monitoring' } } };
    const [policy, ...others] = await policies('--set-json', `metrics.from=${JSON.stringify([peer])}`);
    expect(others).toEqual([]);
    expect(policy).toMatchObject({
      podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/name': expect.any(String) }) },
      policyTypes: ['Ingress'],
      ingress: [
        { ports: [{ port: 'health', protocol: 'TCP' }] },
        { ports: [{ port: 'metrics', protocol: 'TCP' }], from: [peer] },
      ],
    });
  });

  test('explains each of its values', () => {
    const lines = readFileSync(join(chart, 'values.yaml'), 'utf8').split('\n');
    const unexplained = lines.filter((line, at) => /^[a-zA-Z]+:/.test(line) && !/^#/.test(lines[at - 1] ?? ''));
    expect(unexplained).toEqual([]);
  });

  test('knows exactly the values that its schema knows', () => {
    const values = parse(readFileSync(join(chart, 'values.yaml'), 'utf8')) as object;
    const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as Schema;
    expect(pathsOfValues(values, schema).sort()).toEqual(
      pathsOfSchema(schema)
        .filter((path) => path !== 'global')
        .sort(),
    );
  });

  test.each([
    ['replica=3', /'replica'/],
    ['replicas=two', /replicas/],
    ['replicas=-1', /replicas/],
    ['metrics.port=zero', /metrics\/port|metrics\.port/],
    ['metrics.port=70000', /metrics\/port|metrics\.port/],
    ['metrics.serviceMonitor.interval=often', /interval/],
    ['image.repository=', /image\/repository|image\.repository/],
    ['image.pullPolicy=Sometimes', /'Always', 'IfNotPresent', 'Never'/],
    ['logLevel=loud', /'trace', 'debug', 'info', 'warn', 'error'/],
    ['namespaces={Not_A_Name}', /namespaces/],
    ['concurrency=0', /concurrency/],
    ['networkPolicy=true', /networkPolicy/],
    ['resources.cpu=1', /resources.*'cpu'/],
    ['podLabels.team=true', /podLabels/],
    ['tolerations={all}', /tolerations/],
    ['affinity.node=x', /affinity/],
    ['clusterDomain=.local', /clusterDomain/],
  ])('refuses %s', async (value, words) => {
    await expect(rendered('--set', value)).rejects.toThrow(words);
  });
});

interface Schema {
  readonly properties?: Record<string, Schema>;
}

/** Where a schema says no more of a value, neither do we. */
function pathsOfValues(values: object, schema: Schema, before = ''): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const inner = schema.properties?.[name];
    return inner?.properties && typeof value === 'object'
      ? pathsOfValues(value as object, inner, `${before}${name}.`)
      : [`${before}${name}`];
  });
}

function pathsOfSchema({ properties = {} }: Schema, before = ''): string[] {
  return Object.entries(properties).flatMap(([name, inner]) =>
    inner.properties ? pathsOfSchema(inner, `${before}${name}.`) : [`${before}${name}`],
  );
}
