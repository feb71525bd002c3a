/** PodDisruptionBudgets. */

import { mapAt } from '../../kinds/columns/read.ts';
import { goObject } from '../../kinds/go-object.ts';
import { type FieldError, invalid } from '../../schema/field-error.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { nonNegative, oneOfGiven, validateLabelSelector } from '../field-checks.ts';
import { isPathSegment } from '../names.ts';

export const disruptionBudgetRules: KindRules = {
  nameCheck: isPathSegment,
  looksAtMetadataLast: true,
  hasGeneration: true,
  validate(object) {
    const spec = mapAt(object, 'spec');
    const errors: FieldError[] = [];
    if (spec['minAvailable'] !== undefined && spec['maxUnavailable'] !== undefined) {
      const shown = goObject(spec, 'policy.PodDisruptionBudgetSpec');
      errors.push(invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set'));
    }
    for (const field of ['minAvailable', 'maxUnavailable']) errors.push(...validateShare(spec[field], `spec.${field}`));
    return [
      ...errors,
      ...validateLabelSelector(spec['selector'], 'spec.selector'),
      ...oneOfGiven(
        spec['unhealthyPodEvictionPolicy'],
        ['AlwaysAllow', 'IfHealthyBudget'],
        'spec.unhealthyPodEvictionPolicy',
      ),
    ];
  },
};

/** A number, or a percentage up to 100%. */
function validateShare(value: unknown, path: string): FieldError[] {
  if (typeof value !== 'string') return nonNegative(value, path);
  if (!/^[0-9]+%$/.test(value)) {
    return [
      invalid(
        path,
        value,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ),
    ];
  }
  return Number(value.slice(0, -1)) > 100 ? [invalid(path, value, 'must not be greater than 100%')] : [];
}
