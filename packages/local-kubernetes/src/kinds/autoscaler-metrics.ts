/**
 * Metrics of HorizontalPodAutoscalers in the form that autoscaling/v1 had for them, which is what its annotations still hold. Facts:
 * k8s.io/api autoscaling/v1 and v2, types.go.
 */
import type { JsonObject } from '../schema/schema.ts';
import { at, mapAt } from './columns/read.ts';

interface Form {
  /** A source of autoscaling/v2, as v1 writes it, its fields in the order of v1. */
  toFirst(source: JsonObject): JsonObject;
  toSecond(source: JsonObject): JsonObject;
}

type Forms = Readonly<Record<string, Form>>;

/** Whether a metric says what is wanted, in `spec.metrics`, or what there is, in `status.currentMetrics`. */
type Part = 'target' | 'current';

/** A quantity that v1 always has. */
const amount = (value: unknown): unknown => value ?? '0';
/** One that v1 always has of what there is. */
const measured = (of: Part, value: unknown): unknown => (of === 'current' ? amount(value) : value);
/** What is wanted says which of its amounts counts. */
const typed = (of: Part, type: string): JsonObject => (of === 'target' ? { type } : {});

const ofObject = (of: Part): Form => ({
  toFirst: (source) => ({
    target: reference(mapAt(source, 'describedObject')),
    metricName: at(source, 'metric.name'),
    [`${of}Value`]: amount(at(source, `${of}.value`)),
    selector: at(source, 'metric.selector'),
    averageValue: at(source, `${of}.averageValue`),
  }),
  toSecond: ({ target, metricName: name, selector, averageValue, [`${of}Value`]: value }) => ({
    describedObject: target,
    metric: { name, selector },
    [of]: {
      ...typed(of, averageValue === undefined ? 'Value' : 'AverageValue'),
      value: amount(value),
      averageValue,
    },
  }),
});

const ofPods = (of: Part): Form => ({
  toFirst: (source) => ({
    metricName: at(source, 'metric.name'),
    [`${of}AverageValue`]: amount(at(source, `${of}.averageValue`)),
    selector: at(source, 'metric.selector'),
  }),
  toSecond: ({ metricName: name, selector, [`${of}AverageValue`]: averageValue }) => ({
    metric: { name, selector },
    [of]: { ...typed(of, 'AverageValue'), averageValue: amount(averageValue) },
  }),
});

const ofResource = (of: Part, container: (source: JsonObject) => JsonObject): Form => ({
  toFirst: (source) => ({
    name: source['name'],
    [`${of}AverageUtilization`]: at(source, `${of}.averageUtilization`),
    [`${of}AverageValue`]: measured(of, at(source, `${of}.averageValue`)),
    ...container(source),
  }),
  toSecond: (source) => {
    const { name, [`${of}AverageUtilization`]: averageUtilization, [`${of}AverageValue`]: averageValue } = source;
    const type = averageUtilization === undefined ? 'AverageValue' : 'Utilization';
    const amounts = { averageValue: measured(of, averageValue), averageUtilization };
    return { name, ...container(source), [of]: { ...typed(of, type), ...amounts } };
  },
});

const external = (of: Part): Form => ({
  toFirst: (source) => ({
    metricName: at(source, 'metric.name'),
    metricSelector: at(source, 'metric.selector'),
    [`${of}Value`]: measured(of, at(source, `${of}.value`)),
    [`${of}AverageValue`]: at(source, `${of}.averageValue`),
  }),
  toSecond: (source) => {
    const { metricName: name, metricSelector: selector } = source;
    const { [`${of}Value`]: value, [`${of}AverageValue`]: averageValue } = source;
    const type = value === undefined ? 'AverageValue' : 'Value';
    return { metric: { name, selector }, [of]: { ...typed(of, type), value: measured(of, value), averageValue } };
  },
});

/** By the field of a metric that holds its source. */
const formsOf = (of: Part): Forms => ({
  object: ofObject(of),
  pods: ofPods(of),
  resource: ofResource(of, () => ({})),
  containerResource: ofResource(of, ({ container }) => ({ container })),
  external: external(of),
});

function reference({ kind, name, apiVersion }: JsonObject): JsonObject {
  return { kind, name, apiVersion };
}

const converted = (forms: Forms, to: keyof Form) => (metric: JsonObject) => {
  const sources = Object.entries(forms).filter(([field]) => field in metric);
  const parts = sources.map(([field, form]) => [field, form[to](mapAt(metric, field))]);
  return { type: metric['type'], ...Object.fromEntries(parts) } as JsonObject;
};

const wanted = formsOf('target');
const current = formsOf('current');

/** Members of `spec.metrics`. What is undefined in what comes is not there. */
export const firstMetric = converted(wanted, 'toFirst');
export const secondMetric = converted(wanted, 'toSecond');
/** Members of `status.currentMetrics`. */
export const firstCurrentMetric = converted(current, 'toFirst');
export const secondCurrentMetric = converted(current, 'toSecond');
