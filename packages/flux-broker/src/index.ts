/** Flux brokers: as processes, and many in one process. */
export type { Clock, Timer } from './clock.ts';
export { systemClock } from './clock.ts';
export { Instance, type InstanceOptions, startInstance } from './instance/instance.ts';
export type { Attributes, BrokerModule, ConfigObject, ModuleContext, ModuleEntry } from './module.ts';
export { LogLevel } from './module.ts';
