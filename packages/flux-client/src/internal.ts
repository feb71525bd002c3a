/** For siblings and tests. */
export { disconnectTopic } from './client-router-client.ts';
export { memoryTransports } from './memory-transport.ts';
export { sshCommand } from './ssh.ts';
