/** Objects on their way into the store, as far as their kind's own rules go. */
import { builtInKinds } from '../kinds/built-in.ts';
import { fieldErrorText } from '../schema/field-error.ts';
import type { JsonObject } from '../schema/schema.ts';
import { settleAddresses } from './services/service-addresses.ts';
import { strategyFor } from './strategies.ts';

export const kindNamed = (name: string) => builtInKinds.find((kind) => kind.kind === name)!;

/** An object on its way into the store; returns the errors' texts, in their order. */
export function create(kindName: string, body: JsonObject): { object: JsonObject; errors: string[] } {
  const kind = kindNamed(kindName);
  const strategy = strategyFor(kind);
  const metadata = {
    name: 'a',
    uid: 'u',
    ...(kind.namespaced ? { namespace: 'd' } : {}),
    ...(body['metadata'] as JsonObject),
  };
  const { object, error } = strategy.decode({ ...body, metadata });
  if (error) return { object, errors: [error] };
  strategy.applyDefaults(object);
  // Admission does it, before it gives out addresses.
  if (kindName === 'Service') settleAddresses(object);
  strategy.prepareForCreate(object);
  const errors = strategy.validateCreate(object).map(fieldErrorText);
  strategy.applyDefaults(object);
  return { object, errors };
}

export function update(kindName: string, old: JsonObject, change: (object: JsonObject) => void): string[] {
  const strategy = strategyFor(kindNamed(kindName));
  const object = structuredClone(old);
  (object['metadata'] as JsonObject)['resourceVersion'] = '1';
  change(object);
  strategy.applyDefaults(object);
  strategy.prepareForUpdate(object, old);
  return [...new Set(strategy.validateUpdate(object, old).map(fieldErrorText))];
}

export function warningsOf(kindName: string, body: JsonObject): string[] {
  return strategyFor(kindNamed(kindName)).warnings(create(kindName, body).object);
}
