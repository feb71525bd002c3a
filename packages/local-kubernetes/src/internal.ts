export { type NodeAgent, type NodeAgentOptions, startNodeAgent } from './node-agent/start-node-agent.ts';
