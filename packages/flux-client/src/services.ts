/** Typed functions for the services of an instance. */
export * from './services/exec.ts';
export * from './services/instance.ts';
export * from './services/job.ts';
export * from './services/job-info.ts';
export * from './services/kvs.ts';
export * from './services/overlay.ts';
export * from './services/resource.ts';
