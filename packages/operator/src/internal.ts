/** What tests, benchmarks and scripts of this workspace may reach beside the public door. */
export { ApiError } from './kubernetes/api-error.ts';
export { loadConnection } from './kubernetes/connection.ts';
export { HttpKubernetesApi } from './kubernetes/http-api.ts';
export { jobs, miniClusters, type Resource } from './kubernetes/resources.ts';
export type { Caches } from './reconcile/caches.ts';
export { Reconciler } from './reconcile/reconciler.ts';
export { SimulatedCluster } from './reconcile/simulated-cluster.fixture.ts';
export { SimulatedFlux } from './reconcile/simulated-flux.fixture.ts';
export { Metrics } from './report/metrics.ts';
