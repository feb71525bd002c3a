// `node-agent CONFIG`: a node agent as a process. CONFIG is a JSON file; on standard output a line `lost JSON` says
// what this machine does not give to pods, then `ready` that the agent runs. It
// ends on SIGTERM and SIGINT, and when its standard input closes because who started it is gone.

import { readFileSync } from 'node:fs';
import type { KeyedCertificate } from '../certificates/authority.ts';
import { closeInherited } from '../node-agent/host/inherited-descriptors.ts';
import { withSystemFolders } from '../node-agent/host/system-path.ts';
import { type NodeAgentOptions, startNodeAgent } from '../node-agent/start-node-agent.ts';

interface Configuration extends Omit<NodeAgentOptions, 'certificateAuthority' | 'log'> {
  readonly authority: KeyedCertificate;
}

const path = process.argv[2];
if (!path) {
  console.error('usage: node-agent CONFIG.json');
  process.exit(2);
}
closeInherited();
process.env['PATH'] = withSystemFolders(process.env['PATH']);
const { authority, ...options } = JSON.parse(readFileSync(path, 'utf8')) as Configuration;
const agent = await startNodeAgent({ ...options, certificateAuthority: authority, log: (text) => console.error(text) });
let isStopping = false;
const stop = (): void => {
  if (isStopping) return;
  isStopping = true;
  agent.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.stdin.on('end', stop).resume();
for (const loss of agent.losses) console.log(`lost ${JSON.stringify(loss)}`);
console.log('ready');
