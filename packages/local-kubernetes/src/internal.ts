// What siblings and tests may use beside `index.ts`.

export { type AgentProcess, agentProgram, startAgentProcess } from './facade/agent-process.ts';
