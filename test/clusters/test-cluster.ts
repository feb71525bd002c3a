import type { ControlPlane, ControlPlaneOptions } from '../control-plane/control-plane.ts';

/** A cluster that a suite runs on, with the operator in it and nodes that run pods. */
export interface TestCluster {
  readonly name: string;
  readonly kubeconfigPath: string;
  /** For what a suite makes; the kubeconfig names it too. */
  readonly namespace: string;
  /** Where the programs of its pods stand, so that their processes can be told; undefined for a cluster given from outside. */
  readonly folder?: string;
  /** The authority of a control plane that was built here. */
  readonly authority?: { readonly certificate: string; issue: ControlPlane['issue'] };
  stop(): Promise<void>;
}

export interface StartOptions {
  /**
   * False where a suite starts operators of its own; `installed` for those of the chart, two replicas in pods, which
   * only a control plane that knows Deployments can have. Default: true, an operator in this process.
   */
  readonly operator?: boolean | 'installed';
  /** More flags for the parts of a real control plane. */
  readonly flags?: ControlPlaneOptions['flags'];
}

/** Something that a suite needs, and why it cannot be had here, if it cannot. */
export interface Needed {
  readonly name: string;
  readonly missing: string | undefined;
}

export interface ClusterKind extends Needed {
  start(options?: StartOptions): Promise<TestCluster>;
}

/**
 * Whether a suite that needs this runs. A skip prints one plain line.
 * @throws Error where skipping is forbidden (EBB_FORBID_SKIP)
 */
export function runs({ name, missing }: Needed): boolean {
  if (missing === undefined) return true;
  const line = `skipped on ${name}: ${missing}`;
  if (process.env['EBB_FORBID_SKIP']) throw new Error(line);
  console.warn(line);
  return false;
}
