// NamespaceLifecycle: nothing is created in a namespace that is not there or is going away.

import { resourceOf } from '../request.ts';
import { forbidden, notFound } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

export const namespaceLifecycle: AdmissionStep = {
  mutate(_context, { operation, target, transaction }) {
    if (operation !== 'CREATE' || !target.kind.namespaced) return;
    const { namespace } = target;
    const item = transaction.get('namespaces', namespace);
    if (!item) throw notFound({ group: '', resource: 'namespaces' }, namespace);
    const { phase } = (item.object['status'] ?? {}) as { phase?: string };
    if (phase !== 'Terminating' && item.object.metadata.deletionTimestamp === undefined) return;
    const error = forbidden(
      resourceOf(target),
      target.name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    );
    error.status.details = {
      ...error.status.details,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    };
    throw error;
  },
};
