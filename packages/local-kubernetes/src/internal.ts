// What siblings and tests may use beside `index.ts`.

export { compileCustomResource } from './custom-resources/compile.ts';
export { type AgentProcess, agentProgram, startAgentProcess } from './facade/agent-process.ts';
export { builtInKinds } from './kinds/built-in.ts';
export { apiVersionOf, type Kind } from './kinds/kind.ts';
export { findPacketFilter } from './node-agent/policies/packet-filter.ts';
export { fieldErrorText } from './schema/field-error.ts';
export { settleAddresses } from './validation/services/service-addresses.ts';
export { strategyFor } from './validation/strategies.ts';
