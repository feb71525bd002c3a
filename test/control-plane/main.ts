/** `npm run control-plane -- FOLDER`: runs a real control plane until interrupted, for trying things by hand. */
import { startControlPlane } from './control-plane.ts';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: npm run control-plane -- FOLDER (where keys, kubeconfigs, logs and data go)');
  process.exit(2);
}
const controlPlane = await startControlPlane({ folder, log: console.error });
console.log(`KUBECONFIG=${controlPlane.kubeconfigPath}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void controlPlane.stop().then(() => process.exit(0)));
}
