import { expect, it } from 'vitest';
import { builtInKinds } from '../kinds/built-in.ts';
import { unmanagedProblem } from './applied-configuration.ts';

const accounts = builtInKinds.find(({ kind }) => kind === 'ServiceAccount')!;
const metadata = { namespace: 'some', name: 'account' };

// The answer of kube-apiserver 1.35.4.
it('refuses the first apply of what its schema does not hold, whatever is applied', () => {
  expect(unmanagedProblem({ metadata, secrets: [{ kind: 'Secret' }] }, accounts)).toBe(
    'failed to create manager for existing fields: failed to convert new object (some/account; /v1, Kind=ServiceAccount) to smd typed: .secrets: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
  );
  expect(unmanagedProblem({ metadata, secrets: [{ name: 'a' }, { name: 'a' }] }, accounts)).toBeUndefined();
  const managed = { ...metadata, managedFields: [{ manager: 'm', operation: 'Update', apiVersion: 'v1' }] };
  expect(unmanagedProblem({ metadata: managed, secrets: [{}] }, accounts)).toBeUndefined();
});
