/** What the operator and Flux report: status. */
import { z } from 'zod';
import { int32, int64 } from './kinds-of-value.ts';

const condition = z.object({
  type: z.string().describe('What the condition is about.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  reason: z.string().describe('Why, in one word.'),
  message: z.string().describe('Why, for people.'),
  lastTransitionTime: z.iso.datetime({ offset: true }).describe('When the status changed last.'),
  observedGeneration: int64().optional().describe('The generation of the MiniCluster that it was worked out for.'),
});

const ranksStatus = z
  .object({
    up: int32().describe('Brokers that are online, by Flux’s own word.'),
    down: int32().describe('Brokers that are registered below the maximum and not online.'),
    online: z.string().optional().describe('Ranks that are online, as an idset.'),
    offline: z.string().optional().describe('Ranks that are registered below the maximum and not online, as an idset.'),
  })
  .describe('Brokers, as the Flux instance sees them.');

const nodesStatus = z
  .object({
    free: int32().describe('Nodes that are up and run no job.'),
    allocated: int32().describe('Nodes that run jobs.'),
    drained: int32().describe('Nodes that take no jobs because someone drained them.'),
    pending: int32().optional().describe('Nodes that waiting jobs ask for; only with autoscale.'),
  })
  .describe('Nodes, as the Flux instance sees them.');

const lastResize = z
  .object({
    from: int32().describe('Size before.'),
    to: int32().describe('Size asked for.'),
    decision: z.enum(['Accepted', 'Denied']).describe('What the operator decided.'),
    message: z.string().optional().describe('Why, and what it means for what runs.'),
    time: z.iso.datetime({ offset: true }).describe('When.'),
  })
  .describe('The last resize and what became of it.');

const program = z
  .object({
    state: z.enum(['Running', 'Succeeded', 'Failed']).describe('What became of the program.'),
    exitCode: int32().optional().describe('Its exit status.'),
    tasks: int32().optional().describe('Tasks it was submitted with; a later resize does not change them.'),
    nodes: int32().optional().describe('Nodes it was submitted with; a later resize does not change them.'),
    finishedAt: z.iso.datetime({ offset: true }).optional().describe('When it ended.'),
  })
  .describe('The program that the MiniCluster was made for.');

/** status. */
export const miniClusterStatus = z
  .object({
    size: int32().describe('Pods that the Job is set to; what the scale subresource reports.'),
    selector: z.string().describe('Selector of the pods that count for a HorizontalPodAutoscaler.'),
    jobid: z.string().describe('Flux id of the submitted job, as far as known.'),
    maximumSize: int32().describe('The largest size that is accepted.'),
    capacity: int32().optional().describe('Hosts registered with Flux.'),
    ready: int32().optional().describe('Pods whose broker runs.'),
    phase: z
      .string()
      .optional()
      .describe('One word for people: Pending, Running, Resizing, Degraded, Suspended, Succeeded, Failed or Invalid.'),
    observedGeneration: int64().optional().describe('The generation of the MiniCluster that this status is about.'),
    conditions: z
      .array(condition)
      .max(32)
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
      .optional()
      .describe(
        'Ready, Progressing, Resizing, ResizeDenied, Degraded, Suspended, Finished, Outdated, and JobMiniClusterReady and JobFinished as in the upstream operator.',
      ),
    ranks: ranksStatus.optional(),
    nodes: nodesStatus.optional(),
    lastResize: lastResize.optional(),
    program: program.optional(),
    drain: z
      .object({
        ranks: z.string().describe('Ranks that are about to go.'),
        since: z.iso.datetime({ offset: true }).describe('Since when they are drained.'),
      })
      .optional()
      .describe('Ranks that take no new jobs because the cluster is about to shrink.'),
  })
  .describe('What the operator and Flux report.');

export type MiniClusterStatus = z.input<typeof miniClusterStatus>;
export type Condition = z.input<typeof condition>;
export type LastResize = z.input<typeof lastResize>;
export type ProgramStatus = z.input<typeof program>;
