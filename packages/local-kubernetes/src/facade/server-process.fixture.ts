// A cluster without nodes on the folder in its argument; tells its parent when it is ready.
import { startLocalKubernetes } from './start-local-kubernetes.ts';

const { url } = await startLocalKubernetes({ stateFolder: process.argv[2] as string, nodes: [] });
process.send?.(url);
process.on('disconnect', () => process.exit());
