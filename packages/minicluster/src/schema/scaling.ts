/** Ebb's own fields: how a MiniCluster grows and shrinks. */
import { z } from 'zod';
import { int32, rules } from './kinds-of-value.ts';

const scaleDown = z
  .object({
    policy: z
      .enum(['Drain', 'Immediate'])
      .default('Drain')
      .describe(
        'Drain: the ranks that will go take no new jobs, and their running jobs end first. Immediate: they go at once and their jobs are lost.',
      ),
    timeoutSeconds: int32()
      .min(0)
      .default(300)
      .describe(
        'With Drain: how long running jobs may take, in seconds, before the ranks go all the same. 0: for ever.',
      ),
  })
  .describe('What happens to running jobs when the cluster shrinks.');

const autoscale = z
  .object({
    minSize: int32().min(1).default(1).describe('The smallest size that is chosen.'),
    maxSize: int32().min(1).optional().describe('The largest size that is chosen. Default: spec.maxSize.'),
    idleSeconds: int32()
      .min(0)
      .default(60)
      .describe('How long nodes must have been without work, in seconds, before the cluster shrinks.'),
    stepUp: int32()
      .min(1)
      .optional()
      .describe('The most nodes to add at a time. Default: as many as the queue asks for.'),
  })
  .meta(
    rules({
      rule: '!has(self.maxSize) || !has(self.minSize) || self.minSize <= self.maxSize',
      message: 'minSize must not be above maxSize: lower minSize or raise maxSize',
      fieldPath: '.minSize',
    }),
  )
  .describe('Let the demand of Flux’s own queue set spec.size. Do not combine with a HorizontalPodAutoscaler.');

/** spec.scaling. */
export const scaling = z
  .object({
    scaleDown: scaleDown.optional(),
    capacity: int32()
      .min(1)
      .max(16384)
      .meta(
        rules({
          rule: 'self == oldSelf',
          message: 'capacity is fixed when the brokers start: make a new MiniCluster for another one',
        }),
      )
      .optional()
      .describe(
        'How many hosts are registered with Flux, so that maxSize can be raised up to this number later, with jobs running on. Ranks from maxSize on stay hidden. Fixed at creation. Default: maxSize.',
      ),
    autoscale: autoscale.optional(),
    suspend: z
      .boolean()
      .optional()
      .describe('Stop all pods and keep the MiniCluster; false starts it again. Running jobs are lost.'),
  })
  .describe('How the cluster grows and shrinks.');
