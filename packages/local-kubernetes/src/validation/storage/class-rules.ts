/** StorageClasses. */
import { textAt } from '../../kinds/columns/read.ts';
import { deepEqual } from '../../schema/equality.ts';
import { type FieldError, forbidden, required } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { named, oneOf, oneOfGiven, unchanged } from '../field-checks.ts';
import { fillAbsent } from '../fill-in.ts';
import { isQualifiedName } from '../names.ts';

function validateClass(object: JsonObject): FieldError[] {
  const provisioner = textAt(object, 'provisioner');
  return [
    ...(provisioner ? named(provisioner.toLowerCase(), isQualifiedName, 'provisioner') : [required('provisioner')]),
    ...oneOf(object['reclaimPolicy'], ['Delete', 'Retain'], 'reclaimPolicy'),
    ...oneOfGiven(object['volumeBindingMode'], ['Immediate', 'WaitForFirstConsumer'], 'volumeBindingMode'),
  ];
}

export const storageClassRules: KindRules = {
  defaults: (object) => fillAbsent(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  validate: validateClass,
  validateUpdate: (object, old) => [
    ...validateClass(object),
    ...['parameters', 'provisioner', 'reclaimPolicy'].flatMap((field) =>
      deepEqual(object[field], old[field]) ? [] : [forbidden(field, `updates to ${field} are forbidden.`)],
    ),
    ...unchanged(object['volumeBindingMode'], old['volumeBindingMode'], 'volumeBindingMode'),
  ],
};
