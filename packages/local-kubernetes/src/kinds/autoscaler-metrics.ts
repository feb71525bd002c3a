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

/** A quantity that v1 always has. */
const amount = (value: unknown): unknown => value ?? '0';

const metricOf = (name: unknown, selector: unknown): JsonObject => ({
  name,
  ...(selector === undefined ? {} : { selector }),
});

const usage = (container: (source: JsonObject) => JsonObject): Form => ({
  toFirst: (source) => ({
    name: source['name'],
    targetAverageUtilization: at(source, 'target.averageUtilization'),
    targetAverageValue: at(source, 'target.averageValue'),
    ...container(source),
  }),
  toSecond: (source) => {
    const { name, targetAverageUtilization: averageUtilization, targetAverageValue: averageValue } = source;
    const type = averageUtilization === undefined ? 'AverageValue' : 'Utilization';
    return { name, ...container(source), target: { type, averageValue, averageUtilization } };
  },
});

const currentUsage = (container: (source: JsonObject) => JsonObject): Form => ({
  toFirst: (source) => ({
    name: source['name'],
    currentAverageUtilization: at(source, 'current.averageUtilization'),
    currentAverageValue: amount(at(source, 'current.averageValue')),
    ...container(source),
  }),
  toSecond: (source) => {
    const { name, currentAverageUtilization: averageUtilization, currentAverageValue } = source;
    return { name, ...container(source), current: { averageValue: amount(currentAverageValue), averageUtilization } };
  },
});

const noContainer = () => ({});
const itsContainer = ({ container }: JsonObject) => ({ container });

/** By the field of a metric in `spec.metrics`. */
const wanted: Forms = {
  object: {
    toFirst: (source) => ({
      target: reference(mapAt(source, 'describedObject')),
      metricName: at(source, 'metric.name'),
      targetValue: amount(at(source, 'target.value')),
      selector: at(source, 'metric.selector'),
      averageValue: at(source, 'target.averageValue'),
    }),
    toSecond: ({ target, metricName, targetValue, selector, averageValue }) => ({
      describedObject: target,
      metric: metricOf(metricName, selector),
      target: { type: averageValue === undefined ? 'Value' : 'AverageValue', value: amount(targetValue), averageValue },
    }),
  },
  pods: {
    toFirst: (source) => ({
      metricName: at(source, 'metric.name'),
      targetAverageValue: amount(at(source, 'target.averageValue')),
      selector: at(source, 'metric.selector'),
    }),
    toSecond: ({ metricName, targetAverageValue, selector }) => ({
      metric: metricOf(metricName, selector),
      target: { type: 'AverageValue', averageValue: amount(targetAverageValue) },
    }),
  },
  resource: usage(noContainer),
  containerResource: usage(itsContainer),
  external: {
    toFirst: (source) => ({
      metricName: at(source, 'metric.name'),
      metricSelector: at(source, 'metric.selector'),
      targetValue: at(source, 'target.value'),
      targetAverageValue: at(source, 'target.averageValue'),
    }),
    toSecond: ({ metricName, metricSelector, targetValue: value, targetAverageValue: averageValue }) => ({
      metric: metricOf(metricName, metricSelector),
      target: { type: value === undefined ? 'AverageValue' : 'Value', value, averageValue },
    }),
  },
};

/** By the field of a metric in `status.currentMetrics`. */
const current: Forms = {
  object: {
    toFirst: (source) => ({
      target: reference(mapAt(source, 'describedObject')),
      metricName: at(source, 'metric.name'),
      currentValue: amount(at(source, 'current.value')),
      selector: at(source, 'metric.selector'),
      averageValue: at(source, 'current.averageValue'),
    }),
    toSecond: ({ target, metricName, currentValue, selector, averageValue }) => ({
      describedObject: target,
      metric: metricOf(metricName, selector),
      current: { value: amount(currentValue), averageValue },
    }),
  },
  pods: {
    toFirst: (source) => ({
      metricName: at(source, 'metric.name'),
      currentAverageValue: amount(at(source, 'current.averageValue')),
      selector: at(source, 'metric.selector'),
    }),
    toSecond: ({ metricName, currentAverageValue, selector }) => ({
      metric: metricOf(metricName, selector),
      current: { averageValue: amount(currentAverageValue) },
    }),
  },
  resource: currentUsage(noContainer),
  containerResource: currentUsage(itsContainer),
  external: {
    toFirst: (source) => ({
      metricName: at(source, 'metric.name'),
      metricSelector: at(source, 'metric.selector'),
      currentValue: amount(at(source, 'current.value')),
      currentAverageValue: at(source, 'current.averageValue'),
    }),
    toSecond: ({ metricName, metricSelector, currentValue, currentAverageValue: averageValue }) => ({
      metric: metricOf(metricName, metricSelector),
      current: { value: amount(currentValue), averageValue },
    }),
  },
};

function reference({ kind, name, apiVersion }: JsonObject): JsonObject {
  return { kind, name, apiVersion };
}

const converted = (forms: Forms, to: keyof Form) => (metric: JsonObject) => {
  const sources = Object.entries(forms).filter(([field]) => field in metric);
  const parts = sources.map(([field, form]) => [field, form[to](mapAt(metric, field))]);
  return { type: metric['type'], ...Object.fromEntries(parts) } as JsonObject;
};

/** Members of `spec.metrics`. */
export const firstMetric = converted(wanted, 'toFirst');
export const secondMetric = converted(wanted, 'toSecond');
/** Members of `status.currentMetrics`. */
export const firstCurrentMetric = converted(current, 'toFirst');
export const secondCurrentMetric = converted(current, 'toSecond');
