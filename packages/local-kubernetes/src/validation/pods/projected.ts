/** Files laid into volumes: keys of ConfigMaps and Secrets, fields of the pod, tokens. */
import { listAt, textAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { validateFieldRef, validateResourceRef, volumeFieldNames } from './environment.ts';
import { validateFilePath, validateMode } from './local-path.ts';

/** Keys of a ConfigMap or Secret, and the paths they are laid at. */
export function validateItems(value: JsonObject, path: string): FieldError[] {
  return listAt(value, 'items').flatMap((item, index) => {
    const place = `${path}.items[${index}]`;
    const to = textAt(item, 'path');
    return [
      ...(textAt(item, 'key') ? [] : [required(`${place}.key`)]),
      ...(to ? [] : [required(`${place}.path`)]),
      ...validateFilePath(to, `${place}.path`),
      ...validateMode(item['mode'], `${place}.mode`),
    ];
  });
}

/** The real server names the volume, not the file, for what is wrong with one. */
export function validateDownwardFiles(value: JsonObject, path: string): FieldError[] {
  return listAt(value, 'items').flatMap((file) => {
    const to = textAt(file, 'path');
    const errors = to ? [] : [required(`${path}.path`)];
    errors.push(...validateFilePath(to, `${path}.path`));
    const { fieldRef, resourceFieldRef } = file;
    if (isObject(fieldRef)) {
      errors.push(...validateFieldRef(fieldRef, volumeFieldNames, `${path}.fieldRef`));
      if (isObject(resourceFieldRef)) {
        errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
      }
    } else if (isObject(resourceFieldRef)) {
      errors.push(...validateResourceRef(resourceFieldRef, `${path}.resourceFieldRef`, true));
    } else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
    return [...errors, ...validateMode(file['mode'], `${path}.mode`)];
  });
}

/** Notes a path two sources would write to. */
type Take = (to: string, shown: string) => FieldError[];

export function validateProjected(value: JsonObject, path: string): FieldError[] {
  const errors = validateMode(value['defaultMode'], `${path}.defaultMode`);
  const taken = new Set<string>();
  const take: Take = (to, shown) => {
    if (taken.has(to)) return [invalid(path, shown, 'conflicting duplicate paths')];
    taken.add(to);
    return [];
  };
  for (const [index, source] of listAt(value, 'sources').entries()) {
    const place = `${path}.sources[${index}]`;
    let count = 0;
    for (const [kind, check] of Object.entries(sources)) {
      const inner = source[kind];
      if (!isObject(inner)) continue;
      count++;
      errors.push(...check(inner, `${place}.${kind}`, take, path));
    }
    if (count > 1) errors.push(forbidden(place, 'may not specify more than 1 volume type per source'));
  }
  return errors;
}

type SourceCheck = (source: JsonObject, path: string, take: Take, volumePath: string) => FieldError[];

const sources: Readonly<Record<string, SourceCheck>> = {
  secret: validateKeys,
  configMap: validateKeys,
  downwardAPI: (source, path, take) => [
    ...validateDownwardFiles(source, path),
    ...listAt(source, 'items').flatMap((file) =>
      textAt(file, 'path') ? take(textAt(file, 'path'), textAt(file, 'path')) : [],
    ),
  ],
  serviceAccountToken: (source, path, _take, volumePath) => validateToken(source, path, volumePath),
};

function validateKeys(source: JsonObject, path: string, take: Take): FieldError[] {
  const name = textAt(source, 'name');
  return [
    ...(name ? [] : [required(`${path}.name`)]),
    ...validateItems(source, path),
    ...listAt(source, 'items').flatMap((item) => (textAt(item, 'path') ? take(textAt(item, 'path'), name) : [])),
  ];
}

const shortestToken = 600;
const longestToken = 2 ** 32;

function validateToken(token: JsonObject, path: string, volumePath: string): FieldError[] {
  const errors: FieldError[] = [];
  const seconds = token['expirationSeconds'];
  const wrong = (detail: string) => errors.push(invalid(`${path}.expirationSeconds`, seconds, detail));
  if (typeof seconds === 'number' && seconds < shortestToken) {
    wrong('may not specify a duration less than 10 minutes');
  }
  if (typeof seconds === 'number' && seconds > longestToken)
    wrong('may not specify a duration larger than 2^32 seconds');
  const to = textAt(token, 'path');
  return to ? [...errors, ...validateFilePath(to, `${volumePath}.path`)] : [...errors, required(`${volumePath}.path`)];
}
