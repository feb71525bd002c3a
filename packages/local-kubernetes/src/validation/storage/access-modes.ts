import { type FieldError, forbidden, notSupported } from '../../schema/field-error.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const alone = 'ReadWriteOncePod';

export const volumeModes = ['Block', 'Filesystem'];

export function validateAccessModes(modes: readonly string[], path: string): FieldError[] {
  const errors = modes
    .filter((mode) => !accessModes.includes(mode))
    .map((mode) => notSupported(path, mode, accessModes));
  const hasOthers = modes.some((mode) => mode !== alone && accessModes.includes(mode));
  if (!modes.includes(alone) || !hasOthers) return errors;
  return [...errors, forbidden(path, 'may not use ReadWriteOncePod with other access modes')];
}
