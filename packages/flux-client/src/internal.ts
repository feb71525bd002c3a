/** For siblings and tests. */
export { disconnectTopic } from './client-router-client.ts';
export { sshCommand } from './ssh.ts';
