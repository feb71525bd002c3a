/** What the end-to-end suites use of ebb. */
export { Cluster } from './cluster/cluster.ts';
export type { KubernetesObject } from './cluster/kubernetes-object.ts';
export { UnknownKindError } from './cluster/object-paths.ts';
export { configFrom } from './cluster/open-cluster.ts';
export { fluxImages, layCommand, layFluxView, quote, viewImages } from './instance/flux-view.ts';
export { startInstance } from './instance/start-instance.ts';
export { stateFolder } from './instance/state-folder.ts';
export { findKubectl, packagedTool } from './kubectl/find-kubectl.ts';
export { terminalProgress } from './terminal/progress.ts';
export { runScenario, type StepRecord } from './walkthrough/run-scenario.ts';
export { scenarios } from './walkthrough/scenarios.ts';
