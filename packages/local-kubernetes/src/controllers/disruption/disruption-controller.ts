// Keeps the status of PodDisruptionBudgets: how many of their pods may be evicted. policy/v1.

import { isDeepStrictEqual } from 'node:util';
import { Informer } from '../../client/informer.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { StatusError } from '../../client/status-error.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { budgetCovers } from '../../kinds/budget-selection.ts';
import { labelSelectorText } from '../../kinds/label-selector-text.ts';
import type { Pod } from '../../node-agent/pod-types.ts';
import type { ControllerContext } from '../controller-context.ts';
import { type BudgetSpec, budgetStatus, deletionTimeoutMs, failedStatus, needsScale } from './budget-status.ts';
import { ScaleError, scaleOf } from './owner-scale.ts';

const budgetsRef = { apiVersion: 'policy/v1', plural: 'poddisruptionbudgets' };

export function startDisruptionController({ client, events, log, now }: ControllerContext): { stop(): Promise<void> } {
  const onError = (error: unknown) => log(String(error));
  const queue = new WorkQueue(sync, { onError: (key, error) => log(`${key}: ${String(error)}`) });
  const keyOf = ({ metadata }: KubernetesObject) => `${metadata.namespace}/${metadata.name}`;
  const budgets = new Informer(client, budgetsRef, { onError }).onChange((budget) => queue.add(keyOf(budget))).start();
  const pods = new Informer(client, { apiVersion: 'v1', plural: 'pods' }, { onError })
    .onChange((pod) => {
      for (const budget of budgets.list()) if (budgetCovers(budget, pod)) queue.add(keyOf(budget));
    })
    .start();

  async function sync(key: string): Promise<number | undefined> {
    await Promise.all([budgets.synced, pods.synced]);
    const [namespace, name] = key.split('/') as [string, string];
    const budget = budgets.get(namespace, name);
    if (!budget) return undefined;
    const covered = (pods.list() as Pod[]).filter((pod) => budgetCovers(budget, pod));
    if (covered.length === 0) events(budget, 'Normal', 'NoPods', 'No matching pods found');
    const status = await statusOf(budget, covered);
    if (!isDeepStrictEqual(budget['status'], status)) {
      try {
        await client.update({ ...budgetsRef, namespace, name, subresource: 'status' }, { ...budget, status });
      } catch (error) {
        // An eviction, or another look, came first: what it wrote is seen next.
        if (!(error instanceof StatusError && (error.code === 404 || error.code === 409))) throw error;
      }
    }
    return 'disruptedPods' in status ? deletionTimeoutMs : undefined;
  }

  async function statusOf(budget: KubernetesObject, covered: readonly Pod[]): Promise<object> {
    const spec = (budget['spec'] ?? {}) as BudgetSpec;
    if (!needsScale(spec)) return budgetStatus(budget, covered, 0, now());
    try {
      const { scale, unmanaged } = await scaleOf(client, covered);
      if (unmanaged > 0) events(budget, 'Warning', 'UnmanagedPods', unmanagedText(spec.selector ?? {}));
      return budgetStatus(budget, covered, scale, now());
    } catch (error) {
      if (!(error instanceof ScaleError)) throw error;
      const why = `Failed to calculate the number of expected pods: ${error.message}`;
      events(budget, 'Warning', 'CalculateExpectedPodCountFailed', why);
      return failedStatus(budget, error.message, now());
    }
  }

  return {
    async stop() {
      await Promise.all([budgets.stop(), pods.stop()]);
      await queue.stop();
    },
  };
}

function unmanagedText(selector: object): string {
  return `Pods selected by this PodDisruptionBudget (selector: ${labelSelectorText(selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
}
