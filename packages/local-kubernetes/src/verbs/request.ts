import type { UserInfo } from '../auth/user.ts';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import type { ResourceRegistry } from '../discovery/resource-registry.ts';
import type { Kind } from '../kinds/kind.ts';
import type { Item } from '../store/bucket.ts';
import type { Store, Transaction } from '../store/store.ts';
import type { QualifiedKind, QualifiedResource } from './status-errors.ts';

export { apiVersionOf } from '../kinds/kind.ts';

/** What every verb works on, and the world it may not reach for itself. */
export interface ApiContext {
  readonly store: Store<KubernetesObject>;
  readonly resources: ResourceRegistry;
  now(): Date;
  newUid(): string;
  /** Five characters for generated names. */
  newSuffix(): string;
  readonly admission: Admission;
}

export interface Caller {
  readonly user: UserInfo;
  /** The default field manager is its part before the first slash. */
  readonly userAgent: string;
  /** Sends a Warning header with the answer. */
  warn(text: string): void;
}

/** One resource, or with an empty name the collection; an empty namespace is all of them, or none where there are none. */
export interface Target {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  /** Paths of members that stand twice in the body. */
  readonly duplicates?: readonly string[];
  /** What strict decoding finds in a patch itself, rather than in what it makes. */
  readonly problems?: readonly string[];
}

export type StoreTransaction = Transaction<KubernetesObject>;
export type StoredItem = Item<KubernetesObject>;

/** What an admission step looks at and may change (`object`). It throws a StatusError to refuse. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly target: Target;
  readonly caller: Caller;
  readonly object: KubernetesObject | undefined;
  readonly oldObject: KubernetesObject | undefined;
  readonly isDryRun: boolean;
  /** Whether an update or an apply creates what was not there: so far nobody has asked whether the caller may create. */
  readonly isImplied?: boolean;
  readonly transaction: StoreTransaction;
}

/** What came of a write. */
export interface WriteResult {
  readonly object: KubernetesObject;
  /** Whether it was not there before. */
  readonly isCreated: boolean;
}

export interface Admission {
  /** Runs between defaulting and validation; may change the object. */
  mutate(context: ApiContext, request: AdmissionRequest): void;
  /** Runs after validation; only looks. */
  validate(context: ApiContext, request: AdmissionRequest): void;
}

export function resourceOf(target: { kind: Kind }): QualifiedResource {
  return { group: target.kind.group, resource: target.kind.plural };
}

export function kindOf(target: { kind: Kind }): QualifiedKind {
  return { group: target.kind.group, kind: target.kind.kind };
}

/** Where the store keeps a resource: all its versions in one bucket. */
export function bucketOf({ group, plural, storedAs }: Pick<Kind, 'group' | 'plural' | 'storedAs'>): string {
  const [storedGroup, storedPlural] = storedAs ? [storedAs.group, storedAs.plural] : [group, plural];
  return storedGroup ? `${storedPlural}.${storedGroup}` : storedPlural;
}

export function keyOf(target: { kind: Kind; namespace: string; name: string }): string {
  return target.kind.namespaced ? `${target.namespace}/${target.name}` : target.name;
}
