/** LimitRanges. Facts: k8s.io/kubernetes pkg/apis/core/validation and v1/defaults.go. */

import { listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { duplicate, type FieldError, forbidden, invalid, required } from '../../schema/field-error.ts';
import { ownMember } from '../../schema/own-member.ts';
import {
  compareQuantities,
  parseQuantity,
  printQuantity,
  type Quantity,
  quantityToThousandths,
} from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { named } from '../field-checks.ts';
import { nullWhenEmpty } from '../fill-in.ts';
import { isQualifiedName } from '../names.ts';
import { mayBeOvercommitted, validateContainerResource, validateResourceName } from '../resource-names.ts';

const types = ['Container', 'PersistentVolumeClaim', 'Pod'];

function validateLimitRange(range: JsonObject): FieldError[] {
  const items = listAt(range, 'spec.limits');
  const seen = items.map((item) => textAt(item, 'type'));
  return items.flatMap((item, index) => {
    const path = `spec.limits[${index}]`;
    const type = seen[index]!;
    return [
      ...validateType(type, `${path}.type`),
      ...(seen.indexOf(type) < index ? [duplicate(`${path}.type`, type)] : []),
      ...validateItem(item, type, path),
    ];
  });
}

function validateType(type: string, path: string): FieldError[] {
  const errors = named(type, isQualifiedName, path);
  if (errors.length > 0 || type.includes('/') || types.includes(type)) return errors;
  return [invalid(path, type, 'must be a standard limit type or fully qualified')];
}

function validateItem(item: JsonObject, type: string, path: string): FieldError[] {
  const isPod = type === 'Pod';
  const nameRule = isPod || type === 'Container' ? validateContainerResource : validateResourceName;
  const validateNames = (field: string): FieldError[] =>
    Object.keys(mapAt(item, field)).flatMap((name) => nameRule(name, `${path}.${field}[${name}]`));
  const errors = [...validateNames('max'), ...validateNames('min')];
  for (const field of ['default', 'defaultRequest']) {
    if (!isPod) errors.push(...validateNames(field));
    else if (Object.keys(mapAt(item, field)).length > 0) {
      errors.push(forbidden(`${path}.${field}`, "may not be specified when `type` is 'Pod'"));
    }
  }
  const bounds = ['min', 'max'].map((field) => mapAt(item, field)['storage']);
  if (type === 'PersistentVolumeClaim' && bounds.every((bound) => bound === undefined)) {
    const detail = 'either minimum or maximum storage value is required, but neither was provided';
    errors.push(required(`${path}.limits`, detail));
  }
  errors.push(...validateNames('maxLimitRequestRatio'));
  const fields = ['max', 'min', ...(isPod ? [] : ['default', 'defaultRequest']), 'maxLimitRequestRatio'];
  const names = new Set(fields.flatMap((field) => Object.keys(mapAt(item, field))));
  for (const name of names) {
    const amountOf = (field: string): Quantity | undefined => {
      const text = fields.includes(field) ? ownMember(mapAt(item, field), name) : undefined;
      return text === undefined ? undefined : parseQuantity(String(text));
    };
    errors.push(...validateOrder(name, amountOf, path), ...validateRatio(name, amountOf, path));
    errors.push(...validateSame(name, amountOf, path));
  }
  return errors;
}

type AmountOf = (field: string) => Quantity | undefined;

/** What may not be more than what, how both are called, which field the message names and which value it shows. */
const orders = [
  ['min', 'max', 'min value', 'max value', 'min', 'min'],
  ['min', 'defaultRequest', 'min value', 'default request value', 'defaultRequest', 'defaultRequest'],
  ['defaultRequest', 'max', 'default request value', 'max value', 'defaultRequest', 'defaultRequest'],
  ['defaultRequest', 'default', 'default request value', 'default limit value', 'defaultRequest', 'defaultRequest'],
  ['min', 'default', 'min value', 'default value', 'default', 'min'],
  ['default', 'max', 'default value', 'max value', 'default', 'max'],
] as const;

function validateOrder(name: string, amountOf: AmountOf, path: string): FieldError[] {
  return orders.flatMap(([less, more, lessCalled, moreCalled, field, shown]) => {
    const [low, high] = [amountOf(less), amountOf(more)];
    if (!low || !high || compareQuantities(low, high) <= 0) return [];
    const detail = `${lessCalled} ${printQuantity(low)} is greater than ${moreCalled} ${printQuantity(high)}`;
    return [invalid(`${path}.${field}[${name}]`, printQuantity(amountOf(shown)!), detail)];
  });
}

function validateRatio(name: string, amountOf: AmountOf, path: string): FieldError[] {
  const ratio = amountOf('maxLimitRequestRatio');
  if (!ratio) return [];
  const text = printQuantity(ratio);
  const wrong = (detail: string) => invalid(`${path}.maxLimitRequestRatio[${name}]`, text, detail);
  const errors = compareQuantities(ratio, parseQuantity('1')) < 0 ? [wrong(`ratio ${text} is less than 1`)] : [];
  const [low, high] = [amountOf('min'), amountOf('max')];
  if (!low || !high) return errors;
  const most = Number(quantityToThousandths(high)) / Number(quantityToThousandths(low));
  // Nothing is greater than the ratio of nothing to nothing.
  if (!(Number(quantityToThousandths(ratio)) / 1000 > most)) return errors;
  return [...errors, wrong(`ratio ${text} is greater than max/min = ${most.toFixed(6)}`)];
}

/** What cannot be shared is asked for as a whole. */
function validateSame(name: string, amountOf: AmountOf, path: string): FieldError[] {
  const [limit, request] = [amountOf('default'), amountOf('defaultRequest')];
  if (mayBeOvercommitted(name) || !limit || !request || compareQuantities(limit, request) === 0) return [];
  const [most, asked] = [printQuantity(limit), printQuantity(request)];
  const detail = `default value ${most} must equal to defaultRequest value ${asked} in ${name}`;
  return [invalid(`${path}.defaultRequest[${name}]`, asked, detail)];
}

/** A container may use the most where nothing else is said, and asks for what it may use, or for the least. */
function defaultLimitRange(range: JsonObject): void {
  for (const item of listAt(range, 'spec.limits')) {
    if (item['type'] !== 'Container') continue;
    const limits = { ...mapAt(item, 'max'), ...mapAt(item, 'default') };
    const requests = { ...mapAt(item, 'min'), ...limits, ...mapAt(item, 'defaultRequest') };
    if (Object.keys(limits).length > 0) item['default'] = limits;
    if (Object.keys(requests).length > 0) item['defaultRequest'] = requests;
  }
}

/** @see nullWhenEmpty */
function settle(range: JsonObject): void {
  nullWhenEmpty(mapAt(range, 'spec'), 'limits');
}

export const limitRangeRules: KindRules = {
  allowCreateOnUpdate: true,
  prepareForCreate: settle,
  prepareForUpdate: settle,
  defaults: defaultLimitRange,
  validate: validateLimitRange,
  namesItself: true,
};
