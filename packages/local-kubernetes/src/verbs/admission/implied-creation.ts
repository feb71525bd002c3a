// Who updates or applies what is not there creates it, and must be allowed to. Facts: apiserver's
// pkg/endpoints/handlers/create.go, withAuthorization.

import { denialText, type RbacAuthorizer } from '../../auth/rbac.ts';
import { resourceOf } from '../request.ts';
import { forbidden } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

export function impliedCreation(rbac: RbacAuthorizer): AdmissionStep {
  return {
    validate(_context, { operation, isImplied, target, caller }) {
      if (operation !== 'CREATE' || !isImplied) return;
      const { kind, subresource, namespace, name } = target;
      const access = { verb: 'create', group: kind.group, resource: kind.plural, subresource, namespace, name };
      if (rbac.authorize(caller.user, access).isAllowed) return;
      throw forbidden(resourceOf(target), name, denialText(caller.user, access));
    },
  };
}
