/** HorizontalPodAutoscalers. Facts: k8s.io/kubernetes pkg/apis/autoscaling. */

import { defaultMetrics, toFirstVersion, toSecondVersion } from '../../kinds/autoscaler-versions.ts';
import { at, listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../schema/field-error.ts';
import { readQuantity } from '../../schema/quantity.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { named, positive, validateAmount } from '../field-checks.ts';
import { fillAbsent, fillIn } from '../fill-in.ts';
import { groupVersionProblem, isLabelName, isPathSegment } from '../names.ts';
import { validateContainerResource } from '../resource-names.ts';

function validateAutoscaler(autoscaler: JsonObject): FieldError[] {
  const spec = mapAt(autoscaler, 'spec');
  const least = spec['minReplicas'];
  const most = typeof spec['maxReplicas'] === 'number' ? spec['maxReplicas'] : 0;
  const tooMuch = (detail: string) => invalid('spec.maxReplicas', most, detail);
  return [
    ...(typeof least === 'number' && least < 1
      ? [invalid('spec.minReplicas', least, 'must be greater than or equal to 1')]
      : []),
    ...(most < 1 ? [tooMuch('must be greater than 0')] : []),
    ...(typeof least === 'number' && most < least ? [tooMuch('must be greater than or equal to `minReplicas`')] : []),
    ...validateReference(mapAt(spec, 'scaleTargetRef'), 'spec.scaleTargetRef', true),
    ...listAt(spec, 'metrics').flatMap((metric, index) => validateMetric(metric, `spec.metrics[${index}]`)),
    ...(least === 0 && !listAt(spec, 'metrics').some(({ type }) => type === 'Object' || type === 'External')
      ? [
          forbidden(
            'spec.metrics',
            'must specify at least one Object or External metric to support scaling to zero replicas',
          ),
        ]
      : []),
    ...['scaleUp', 'scaleDown'].flatMap((name) =>
      validateScaling(at(spec, `behavior.${name}`), `spec.behavior.${name}`),
    ),
  ];
}

/** @param needsGroup what is scaled is of a group; what a metric describes may be of the core */
function validateReference(reference: JsonObject, path: string, needsGroup: boolean): FieldError[] {
  const errors = ['kind', 'name'].flatMap((field) => {
    const text = textAt(reference, field);
    return text ? named(text, isPathSegment, `${path}.${field}`) : [required(`${path}.${field}`)];
  });
  const version = textAt(reference, 'apiVersion');
  const wrong = (detail: string) => [...errors, invalid(`${path}.apiVersion`, version, detail)];
  const problem = groupVersionProblem(version);
  if (problem) return wrong(problem);
  const hasGroup = version.indexOf('/') > 0;
  return needsGroup && !hasGroup ? wrong('apiVersion must specify API group') : errors;
}

type TargetRule = (target: JsonObject, path: string) => FieldError[];

const needsValue =
  (detail: string): TargetRule =>
  (target, path) =>
    target['value'] === undefined && target['averageValue'] === undefined
      ? [required(`${path}.averageValue`, detail)]
      : [];

const usage: TargetRule = ({ averageUtilization, averageValue }, path) => {
  if (averageUtilization === undefined && averageValue === undefined) {
    const detail = 'must set either a target raw value or a target utilization';
    return [required(`${path}.averageUtilization`, detail)];
  }
  if (averageUtilization === undefined || averageValue === undefined) return [];
  return [forbidden(`${path}.averageValue`, 'may not set both a target raw value and a target utilization')];
};

const external: TargetRule = (target, path) => {
  const errors = needsValue('must set either a target value for metric or a per-pod target')(target, path);
  if (target['value'] === undefined || target['averageValue'] === undefined) return errors;
  return [...errors, forbidden(`${path}.value`, 'may not set both a target value for metric and a per-pod target')];
};

const pods: TargetRule = ({ averageValue }, path) =>
  averageValue === undefined ? [required(`${path}.averageValue`, 'must specify a positive target averageValue')] : [];

interface MetricSource {
  readonly type: string;
  readonly field: string;
  readonly target: TargetRule;
}

/** In the order in which the first of several is looked at. */
const sources: readonly MetricSource[] = [
  { type: 'Object', field: 'object', target: needsValue('must set either a target value or averageValue') },
  { type: 'External', field: 'external', target: external },
  { type: 'Pods', field: 'pods', target: pods },
  { type: 'Resource', field: 'resource', target: usage },
  { type: 'ContainerResource', field: 'containerResource', target: usage },
];
const sourceTypes = sources.map(({ type }) => type).sort();

function validateMetric(metric: JsonObject, path: string): FieldError[] {
  const type = textAt(metric, 'type');
  const given = sources.filter(({ field }) => isObject(metric[field]));
  const [first] = given;
  const wanted = sources.find((source) => source.type === type);
  const unknown = wanted ? [] : [notSupported(`${path}.type`, type, sourceTypes)];
  const errors = [
    ...(type ? [] : [required(`${path}.type`, 'must specify a metric source type')]),
    ...unknown,
    ...(first ? validateSource(metric[first.field] as JsonObject, first, `${path}.${first.field}`) : []),
    ...(wanted && !given.includes(wanted)
      ? [required(`${path}.${wanted.field}`, 'must populate information for the given metric source')]
      : []),
    // Told before and after, as the real server's causes have it.
    ...unknown,
  ];
  if (given.length === 1) return errors;
  const others = given.filter((source) => source !== wanted);
  const detail = 'must populate the given metric source only';
  return [...errors, ...others.map(({ field }) => forbidden(`${path}.${field}`, detail))];
}

function validateSource(source: JsonObject, { field, target }: MetricSource, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (field === 'object') {
    errors.push(...validateReference(mapAt(source, 'describedObject'), `${path}.describedObject`, false));
  }
  if (field === 'resource' || field === 'containerResource') {
    const name = textAt(source, 'name');
    if (!name) errors.push(required(`${path}.name`, 'must specify a resource name'));
    else if (field === 'containerResource') errors.push(...validateContainerResource(name, `${path}.name`));
  } else {
    const name = textAt(source, 'metric.name');
    if (name) errors.push(...named(name, isPathSegment, `${path}.metric.name`));
    else errors.push(required(`${path}.metric.name`, 'must specify a metric name'));
  }
  if (field === 'containerResource') {
    const container = textAt(source, 'container');
    if (container) errors.push(...named(container, isLabelName, `${path}.container`));
    else errors.push(required(`${path}.container`, 'must specify a container'));
  }
  const aim = mapAt(source, 'target');
  return [...errors, ...validateTarget(aim, `${path}.target`), ...target(aim, `${path}.target`)];
}

const targetTypes = ['Utilization', 'Value', 'AverageValue'];

function validateTarget(target: JsonObject, path: string): FieldError[] {
  const type = textAt(target, 'type');
  const amounts = ['value', 'averageValue'].flatMap((field) => {
    const quantity = readQuantity(String(target[field] ?? '1'));
    const isFine = typeof quantity === 'string' || quantity.nanos > 0n;
    return isFine ? [] : [invalid(`${path}.${field}`, target[field], 'must be positive')];
  });
  return [
    ...(type ? [] : [required(`${path}.type`, 'must specify a metric target type')]),
    ...(targetTypes.includes(type)
      ? []
      : [invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue')]),
    ...amounts,
    ...positive(target['averageUtilization'], `${path}.averageUtilization`),
  ];
}

const policyChoices = ['Disabled', 'Max', 'Min'];
const longestWindow = 3600;
const longestPeriod = 1800;

function validateScaling(rules: unknown, path: string): FieldError[] {
  if (!isObject(rules)) return [];
  const { stabilizationWindowSeconds: window, selectPolicy, tolerance } = rules;
  const policies = listAt(rules, 'policies');
  const wrong = (detail: string) => invalid(`${path}.stabilizationWindowSeconds`, window, detail);
  return [
    ...(typeof window === 'number' && window < 0 ? [wrong('must be greater than or equal to zero')] : []),
    ...(typeof window === 'number' && window > longestWindow
      ? [wrong(`must be less than or equal to ${longestWindow}`)]
      : []),
    ...(selectPolicy === undefined || policyChoices.includes(String(selectPolicy))
      ? []
      : [notSupported(`${path}.selectPolicy`, selectPolicy, policyChoices)]),
    ...(policies.length === 0 ? [required(`${path}.policies`, 'must specify at least one Policy')] : []),
    ...policies.flatMap((policy, index) => validateScalingPolicy(policy, `${path}.policies[${index}]`)),
    ...(tolerance === undefined ? [] : validateAmount(tolerance, `${path}.tolerance`)),
  ];
}

function validateScalingPolicy({ type, value, periodSeconds }: JsonObject, path: string): FieldError[] {
  const period = typeof periodSeconds === 'number' ? periodSeconds : 0;
  const isKnown = type === 'Pods' || type === 'Percent';
  return [
    ...(isKnown ? [] : [notSupported(`${path}.type`, type ?? '', ['Percent', 'Pods'])]),
    ...positive(value ?? 0, `${path}.value`, 'must be greater than zero'),
    ...positive(period, `${path}.periodSeconds`, 'must be greater than zero'),
    ...(period > longestPeriod
      ? [invalid(`${path}.periodSeconds`, period, `must be less than or equal to ${longestPeriod}`)]
      : []),
  ];
}

const defaultPeriod = 15;
const percent = { type: 'Percent', value: 100, periodSeconds: defaultPeriod };
const scaleUp = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [{ type: 'Pods', value: 4, periodSeconds: defaultPeriod }, percent],
};
const scaleDown = { selectPolicy: 'Max', policies: [percent] };

/** Its spec, made where there is none, with what both versions fill in. */
function defaultSpec(autoscaler: JsonObject): JsonObject {
  if (!isObject(autoscaler['spec'])) autoscaler['spec'] = {};
  const spec = autoscaler['spec'] as JsonObject;
  fillIn(spec, { minReplicas: 1 });
  return spec;
}

function defaultAutoscaler(autoscaler: JsonObject): void {
  const spec = defaultSpec(autoscaler);
  if (listAt(spec, 'metrics').length === 0) spec['metrics'] = defaultMetrics();
  const behavior = spec['behavior'];
  if (!isObject(behavior)) return;
  for (const [name, rules] of Object.entries({ scaleUp, scaleDown })) {
    if (!isObject(behavior[name])) behavior[name] = {};
    fillAbsent(behavior[name] as JsonObject, rules);
  }
}

export const autoscalerRules: KindRules = {
  defaults: defaultAutoscaler,
  validate: validateAutoscaler,
};

/** Of autoscaling/v1: what is sent becomes one of v2, which is judged, and comes back as v1 can tell it. */
export const firstAutoscalerRules: KindRules = {
  defaults: (autoscaler) => {
    defaultSpec(autoscaler);
    Object.assign(autoscaler, toFirstVersion(toSecondVersion(autoscaler)));
  },
  validate: (autoscaler) => validateAutoscaler(toSecondVersion(autoscaler)),
};
