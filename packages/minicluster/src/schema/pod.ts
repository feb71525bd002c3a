/** Settings of the pods: spec.pod. */
import { z } from 'zod';
import { podSecurityContext } from './core.ts';
import { atomic, int64, resourceList, stringMap } from './kinds-of-value.ts';

const toleration = z.object({
  key: z.string().optional().describe('Key of the taint; all keys when empty.'),
  operator: z.string().optional().describe('Equal (default) or Exists.'),
  value: z.string().optional().describe('Value of the taint.'),
  effect: z.string().optional().describe('NoSchedule, PreferNoSchedule or NoExecute; all when empty.'),
  tolerationSeconds: int64().optional().describe('How long a NoExecute taint is tolerated; for ever when not set.'),
});

/** spec.pod. */
export const podSpec = z
  .object({
    annotations: stringMap().optional().describe('Annotations of the pods.'),
    labels: stringMap().optional().describe('Labels of the pods; the operator’s own win.'),
    restartPolicy: z
      .enum(['OnFailure', 'Never'])
      .optional()
      .describe(
        'Restart policy of the containers. Default: Never, so that the exit status of the program is the pod’s; lost pods are made anew by the Job.',
      ),
    serviceAccountName: z.string().optional().describe('Service account of the pods.'),
    automountServiceAccountToken: z
      .boolean()
      .default(false)
      .describe(
        'Mount the service account’s token, for an application that resizes its own cluster. In v1alpha1 the default is true.',
      ),
    runtimeClassName: z.string().optional().describe('RuntimeClass of the pods.'),
    schedulerName: z.string().optional().describe('Kubernetes scheduler of the pods.'),
    nodeSelector: stringMap().optional().describe('Labels that a node must have.'),
    nodeAffinity: z
      .record(z.string(), z.array(z.string()).max(100))
      .optional()
      .describe('Label of a node to the values it may have; all entries are required.'),
    tolerations: z
      .array(toleration)
      .max(100)
      .meta(atomic)
      .optional()
      .describe('Taints of nodes that the pods tolerate.'),
    dnsPolicy: z.string().optional().describe('DNS policy of the pods.'),
    hostIPC: z.boolean().optional().describe('Use the node’s IPC namespace.'),
    hostPID: z.boolean().optional().describe('Use the node’s process namespace.'),
    resources: resourceList()
      .optional()
      .describe(
        'Resources for the whole pod: the limit and request of the Flux container where it states none of its own.',
      ),
    securityContext: podSecurityContext.optional(),
  })
  .describe('Settings of the pods.');
