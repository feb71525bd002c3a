/** StorageClasses. */
import { textAt } from '../../kinds/columns/read.ts';
import { deepEqual } from '../../schema/equality.ts';
import { forbidden, required } from '../../schema/field-error.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { oneOf, unchanged } from '../field-checks.ts';
import { fillIn } from '../fill-in.ts';

export const storageClassRules: KindRules = {
  defaults: (object) => fillIn(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  validate: (object) => [
    ...(textAt(object, 'provisioner') ? [] : [required('provisioner')]),
    ...oneOf(object['reclaimPolicy'], ['Delete', 'Retain'], 'reclaimPolicy', true),
    ...oneOf(object['volumeBindingMode'], ['Immediate', 'WaitForFirstConsumer'], 'volumeBindingMode', true),
  ],
  validateUpdate: (object, old) =>
    ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'].flatMap((field) =>
      deepEqual(object[field], old[field])
        ? []
        : field === 'parameters' || field === 'provisioner'
          ? [forbidden(field, `updates to ${field} are forbidden.`)]
          : unchanged(object[field], old[field], field),
    ),
};
