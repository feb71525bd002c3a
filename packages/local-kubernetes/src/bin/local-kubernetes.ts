// `local-kubernetes --state FOLDER`: a Kubernetes on this machine until Ctrl-C.

import { parseArgs } from 'node:util';
import { readImageTable } from '../facade/read-image-table.ts';
import { startLocalKubernetes } from '../facade/start-local-kubernetes.ts';

const usage = `usage: local-kubernetes --state FOLDER [--port N] [--nodes N] [--images FILE] [--in-memory]

  --state FOLDER   everything the cluster keeps: objects, certificates, kubeconfig; one cluster a folder
  --port N         port of the API server (default: a free one)
  --nodes N        how many nodes this machine plays (default: 1; 0: an API server alone)
  --images FILE    which root an image means: a YAML list of {image, root, user, env, entrypoint, command, workingDir,
                   overlays}, root a folder or host; without it every image is this machine's file system
  --in-memory      keep the objects in memory only
`;

function readArguments() {
  const { values } = parseArgs({
    options: {
      state: { type: 'string' },
      port: { type: 'string', default: '0' },
      nodes: { type: 'string', default: '1' },
      images: { type: 'string' },
      'in-memory': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  if (!values.state) throw new Error('--state is missing: name a folder for what the cluster keeps');
  return {
    stateFolder: values.state,
    port: wholeNumber('--port', values.port, 65535),
    nodes: Array.from({ length: wholeNumber('--nodes', values.nodes, 100) }, (_, index) => ({ name: `node-${index}` })),
    inMemory: values['in-memory'],
    ...(values.images === undefined ? {} : { images: readImageTable(values.images) }),
  };
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > most) {
    throw new Error(`${name} ${text}: a whole number from 0 to ${most} is wanted`);
  }
  return number;
}

try {
  const options = readArguments();
  const kubernetes = await startLocalKubernetes({ ...options, log: (text) => console.error(text) });
  console.log(`Kubernetes is ready on ${kubernetes.url}`);
  console.log(`export KUBECONFIG=${kubernetes.kubeconfigPath}`);
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      kubernetes.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  console.error(`local-kubernetes: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
