/** Flux's text formats: parse and print, pure. */
export { parseDuration, printDuration } from './duration.ts';
export { errnoName, errnoNumber, strerror } from './errno.ts';
export { type EventlogEntry, parseEvent, parseEventlog, printEvent } from './eventlog.ts';
export { type FluidForm, FluidGenerator, parseFluid, printFluid } from './fluid.ts';
export { FormatError } from './format-error.ts';
export { parseHostlist, printHostlist } from './hostlist.ts';
export { Idset } from './idset.ts';
export { parseJson, printJson, toFluid } from './json.ts';
export { ResourceSet, type ResourceSetDetails, type RObject } from './resource-set.ts';
