import type { StatusError } from '../client/status-error.ts';
import type { Kind } from '../kinds/kind.ts';
import { ownMember } from '../schema/own-member.ts';
import { resourceOf, type Target } from './request.ts';
import { conflict } from './status-errors.ts';

/** The object of this name is not the one that is meant, in the words of a real server's store. */
export function otherUid(target: Target, wanted: string, found: string | undefined): StatusError {
  const { kind, namespace, name } = target;
  const path = ['/registry', storedUnder(kind), namespace, name].filter((part) => part !== '').join('/');
  return conflict(
    resourceOf(target),
    name,
    `StorageError: invalid object, Code: 4, Key: ${path}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${found}`,
  );
}

/** Places that are not called as what they hold. Facts: k8s.io/kubernetes pkg/kubeapiserver/default_storage_factory_builder.go. */
const places: Readonly<Record<string, string>> = {
  endpoints: 'services/endpoints',
  nodes: 'minions',
  services: 'services/specs',
};

/** Where a real server's store keeps objects of a kind. */
function storedUnder({ group, plural, builtIn }: Kind): string {
  if (!builtIn || group === 'apiextensions.k8s.io') return `${group}/${plural}`;
  return (group === '' ? ownMember(places, plural) : undefined) ?? plural;
}
