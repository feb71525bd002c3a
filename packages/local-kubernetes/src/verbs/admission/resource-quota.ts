// ResourceQuota: what a namespace's quotas have no room for is refused; what they have room for is charged, in the same
// transaction that stores it.

import { trackUpdate } from '../../patch/apply.ts';
import { chargeQuotas } from '../../quota/charge.ts';
import { evaluatorOf } from '../../quota/evaluators.ts';
import { printAmounts } from '../../schema/amounts.ts';
import { resourceOf } from '../request.ts';
import { forbidden } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

const bucket = 'resourcequotas';

export const resourceQuota: AdmissionStep = {
  validate(context, { operation, target, object, oldObject, isDryRun, transaction }) {
    if (operation === 'DELETE' || !object || !target.kind.namespaced) return;
    const items = transaction.range(bucket, `${target.namespace}/`);
    if (items.length === 0) return;
    const evaluator = evaluatorOf(target.kind);
    const asked = { operation, subresource: target.subresource, object, oldObject };
    if (!evaluator?.handles(asked)) return;
    const quotas = items.map((item) => item.object);
    const charge = chargeQuotas(quotas, evaluator, asked, context.now());
    if ('refused' in charge) throw forbidden(resourceOf(target), target.name, charge.refused);
    if (isDryRun) return;
    const { schema } = context.resources.find('', 'v1', bucket)!;
    const change = { manager: 'kube-apiserver', apiVersion: 'v1', subresource: 'status', schema, time: context.now() };
    for (const { key, object: before } of items) {
      const used = charge.used.get(before);
      if (!used) continue;
      const after = structuredClone(before);
      after['status'] = { ...(after['status'] as object), used: printAmounts(used) };
      transaction.put(bucket, key, trackUpdate({ ...change, before, after }));
    }
  },
};
