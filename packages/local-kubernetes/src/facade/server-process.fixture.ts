// A cluster without nodes on the folder in its first argument, its timings in the second as JSON; tells its parent when it is ready.
import { startLocalKubernetes } from './start-local-kubernetes.ts';

const [stateFolder = '', timings = '{}'] = process.argv.slice(2);
const { url } = await startLocalKubernetes({ stateFolder, nodes: [], timings: JSON.parse(timings) });
process.send?.(url);
process.on('disconnect', () => process.exit());
