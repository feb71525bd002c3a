/** Flux brokers: as processes, and many in one process. */

export { type Certificate, generateCertificate, loadCertificate, printCertificate } from './bootstrap/certificate.ts';
export type { Clock, Timer } from './clock.ts';
export { systemClock } from './clock.ts';
export { ConfigError, readConfig } from './config/config-file.ts';
export { Instance, type InstanceOptions, startInstance } from './instance/instance.ts';
export type { Attributes, BrokerModule, ConfigObject, ModuleContext, ModuleEntry } from './module.ts';
export { LogLevel } from './module.ts';
export { PmiServer, type PmiServerOptions } from './pmi/pmi-server.ts';
export { readR, resourcesFromTable } from './resource/resource-config.ts';
export { verifyHost } from './resource/verify.ts';
export { runBroker } from './run/run-broker.ts';
export { type BrokerCommand, runStart } from './run/run-start.ts';
