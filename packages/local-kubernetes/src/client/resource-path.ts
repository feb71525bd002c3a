// Where a resource stands in the API's tree of paths.

import type { CreateRef } from './kubernetes-client.ts';

export function resourcePath(ref: CreateRef): string {
  const [group, version] = ref.apiVersion.includes('/') ? ref.apiVersion.split('/') : ['', ref.apiVersion];
  const parts = group ? ['apis', group, version] : ['api', version];
  if (ref.namespace) parts.push('namespaces', ref.namespace);
  parts.push(ref.plural);
  if (ref.name) parts.push(ref.name);
  if (ref.subresource) parts.push(ref.subresource);
  return `/${parts.map((part) => encodeURIComponent(part!)).join('/')}`;
}
