import { parseFieldSelector } from '../verbs/selectors.ts';

/** The verb of a request for a resource, as authorization knows it. */
export function authorizationVerb(method: string, hasName: boolean, isWatch: boolean): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (isWatch) return 'watch';
      return hasName ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return hasName ? 'delete' : 'deletecollection';
    default:
      return method.toLowerCase();
  }
}

/** The name that a field selector pins a list or watch to, so that rules with resourceNames can hold. */
export function fieldName(query: URLSearchParams): string {
  const text = query.get('fieldSelector');
  if (!text) return '';
  try {
    const found = parseFieldSelector(text).find(({ field, isEqual }) => field === 'metadata.name' && isEqual);
    return found?.value ?? '';
  } catch {
    return ''; // The verb itself will refuse the selector.
  }
}
