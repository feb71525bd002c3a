/** The Grafana dashboard of the chart asks for metrics that there are, and leaves none of the operator's own out. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { Metrics } from './metrics.ts';

const path = resolve(import.meta.dirname, '../../../../deploy/chart/ebb-operator/files/dashboard.json');
const dashboard = JSON.parse(readFileSync(path, 'utf8')) as {
  panels: { title: string; gridPos: { x: number; y: number; w: number; h: number }; targets: { expr: string }[] }[];
  templating: { list: { name: string; type: string; definition?: string }[] };
};
const queries = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...dashboard.templating.list.flatMap(({ name, definition }) => (definition ? [[name, definition] as const] : [])),
];

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}
const metrics = new Map<string, Metric>();

beforeAll(async () => {
  const known = new Metrics();
  known.requested('get', 'pods', 200);
  known.reconciled('done', 0.1);
  known.resized('denied');
  known.leading(true);
  known.report('ns/name', { size: 1, maximumSize: 1 } as Parameters<Metrics['report']>[1]);
  for (const metric of await known.registry.getMetricsAsJSON()) {
    const labels = metric.values.flatMap((value) => Object.keys(value.labels ?? {}));
    const endings = String(metric.type) === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    for (const ending of endings) {
      const name = metric.name + ending;
      metrics.set(name, { name, type: String(metric.type), labels: [...new Set(labels)] });
    }
  }
});

/** Metrics in a query with the labels they are chosen by. */
function asked(query: string): { name: string; labels: string[] }[] {
  return [...query.matchAll(/\b(ebb_\w+)(\{[^}]*\})?/g)].map(([, name, braces = '']) => ({
    name: name!,
    labels: [...braces.matchAll(/[{,](\w+)[=!~]/g)].map(([, label]) => label!),
  }));
}

it.each(queries)('%s: %s', (_, query) => {
  const names = asked(query);
  expect(names).not.toEqual([]);
  for (const { name, labels } of names) {
    const metric = metrics.get(name);
    expect(metric, name).toBeDefined();
    expect(labels.filter((label) => !metric!.labels.includes(label))).toEqual([]);
    const isCounter = metric!.type === 'counter' || name.endsWith('_bucket');
    expect(/(rate|increase)\($/.test(query.slice(0, query.indexOf(name))), `${name} is a ${metric!.type}`).toBe(
      isCounter,
    );
  }
  const groups = [...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(', '));
  const available = new Set(names.flatMap(({ name }) => metrics.get(name)!.labels));
  expect(groups.filter((label) => !available.has(label))).toEqual([]);
});

it('shows every metric of the operator that is not of its process', () => {
  const shown = new Set(queries.flatMap(([, query]) => asked(query).map(({ name }) => name.replace(/_bucket$/, ''))));
  const own = [...metrics.keys()].filter((name) => !/_(bucket|sum|count)$|_process_|_nodejs_/.test(name));
  expect(own.filter((name) => !shown.has(name))).toEqual([]);
});

it('lays no panel over another', () => {
  const taken = new Set<string>();
  for (const { title, gridPos } of dashboard.panels) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      expect(x, title).toBeLessThan(24);
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect(taken.has(`${x},${y}`), title).toBe(false);
        taken.add(`${x},${y}`);
      }
    }
  }
});
