/** `fieldPath` of a validation rule is from Kubernetes 1.28: an API server of 1.27 refuses a definition that has it. */

/** First minor version of Kubernetes 1 that knows `fieldPath`. */
export const fieldPathsSinceMinor = 28;

/** The same definition without the paths: what its rules refuse stays the same, the answer names the object above. */
export function withoutFieldPaths<T>(definition: T): T {
  if (Array.isArray(definition)) return definition.map((each) => withoutFieldPaths(each)) as T;
  if (typeof definition !== 'object' || definition === null) return definition;
  const entries = Object.entries(definition).map(([name, value]) => [
    name,
    name === 'x-kubernetes-validations'
      ? (value as { fieldPath?: string }[]).map(({ fieldPath: _path, ...rule }) => rule)
      : withoutFieldPaths(value),
  ]);
  return Object.fromEntries(entries) as T;
}
