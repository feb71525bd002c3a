/** Flux's text formats: parse and print, pure. */
export { type BlobHash, blobDigest, blobrefOf, isBlobHash, parseBlobref, printBlobref } from './blobref.ts';
export {
  type Constraint,
  type ConstraintNode,
  type ConstraintObject,
  matchConstraint,
  parseConstraint,
} from './constraint.ts';
export { type ConstraintDialect, parseConstraintSyntax, requiresDialect } from './constraint-syntax.ts';
export { parseDuration, printDuration } from './duration.ts';
export { type FilteredEnvironment, filterEnvironment, filterRlimits } from './environment-rules.ts';
export { errnoName, errnoNumber, strerror } from './errno.ts';
export { type EventlogEntry, parseEvent, parseEventlog, printEvent } from './eventlog.ts';
export { type FluidForm, fluidForms, parseFluid, printFluid } from './fluid.ts';
export { FluidGenerator, fluidTimeMs } from './fluid-generator.ts';
export { FormatError } from './format-error.ts';
export { parseHostlist, printHostlist } from './hostlist.ts';
export { Idset } from './idset.ts';
export { decodeIo, encodeIo, type IoObject, type IoPiece } from './io-object.ts';
export {
  countJobspec,
  type Jobspec,
  type JobspecCounts,
  type JobspecDependency,
  type JobspecFile,
  type JobspecResource,
  type JobspecSystemAttributes,
  type JobspecTask,
  jobName,
} from './jobspec.ts';
export {
  buildBatchJobspec,
  buildJobspec,
  buildNestedJobspec,
  type JobspecOptions,
  type NestedJobspecOptions,
} from './jobspec-build.ts';
export {
  type AddFileArgument,
  JobspecOptionError,
  parseAddFile,
  parseKeyValue,
  parseSchemeUri,
  parseSignal,
  parseSignalOption,
  parseTimeLimit,
  setDotted,
} from './jobspec-options.ts';
export { parseJobspec } from './jobspec-parse.ts';
export { parseJson, printJson, toFluid } from './json.ts';
export { JsonReal, parseJsonReals, printJsonReals, withReals } from './real-json.ts';
export { ResourceSet, type ResourceSetDetails, type RObject } from './resource-set.ts';
export { signalName, signalText } from './signal.ts';
export { type UnwrappedJobspec, unwrapSigned, wrapSigned } from './signed-jobspec.ts';
export { Taskmap, type TaskmapBlock } from './taskmap.ts';
export {
  canonicalTreeText,
  type DirectoryObject,
  type DirectoryRefObject,
  directoryObject,
  parseTreeObject,
  type SymlinkObject,
  symlinkObject,
  type TreeObject,
  type ValueObject,
  type ValueRefObject,
  valueObject,
} from './treeobj.ts';
