// Boots under a launcher with PMI: each broker makes its own key, leaves a business card with its name, key and
// addresses, and reads its neighbours' (reference 3.7; flux-core: overlay/boot_pmi.c).
import type { AttributeStore } from '../attributes/attribute-store.ts';
import type { Bootstrap } from '../bootstrap/bootstrap.ts';
import { generateCertificate } from '../bootstrap/certificate.ts';
import { bootSingle } from '../bootstrap/single-bootstrap.ts';
import { Topology } from '../overlay/topology.ts';
import { ZeromqTransport } from '../overlay/zeromq-transport.ts';
import { interfaceAddress } from './interface-address.ts';
import { PmiClient } from './pmi-client.ts';

interface BusinessCard {
  host: string;
  pubkey: string;
  uri: string[];
}

/** @throws {Error} when the launcher does not answer as it should */
export async function bootFromPmi(attributes: AttributeStore, hostname: string, scheme: string): Promise<Bootstrap> {
  const client = await PmiClient.connect(process.env);
  const { rank, size } = client;
  const found: Record<string, string> = {};
  const level = await client.get('flux.instance-level');
  if (level !== undefined) Object.assign(found, { 'instance-level': level, jobid: client.name });
  const mapping = (await client.get('flux.taskmap')) ?? (await client.get('PMI_process_mapping'));
  const hint = await client.get('flux.tbon-interface-hint');
  if (hint !== undefined && attributes.get('tbon.interface-hint') === undefined) found['tbon.interface-hint'] = hint;
  const map = taskmapOf(mapping, size);
  if (map !== undefined) found['broker.mapping'] = map;
  if (size === 1) {
    await client.finalize();
    return { ...bootSingle(hostname), method: 'simple', attributes: found };
  }
  const topology = Topology.create(scheme, size);
  const certificate = await generateCertificate({ name: String(rank) });
  const transport = new ZeromqTransport(certificate);
  const isOneHost = map !== undefined && nodeCount(map) === 1 && attributes.get('tbon.prefertcp') !== '1';
  const hasChildren = topology.children(rank).length > 0;
  const address = hint ?? attributes.get('tbon.interface-hint') ?? 'default-route';
  const hostnames: string[] = Array.from({ length: size }, (_, of) => (of === rank ? hostname : ''));
  const bind = !hasChildren
    ? undefined
    : isOneHost
      ? `ipc://${attributes.get('rundir') ?? '/tmp'}/tbon-${rank}`
      : `tcp://${await interfaceAddress(address)}:*`;
  return {
    method: 'simple',
    rank,
    size,
    hostname,
    hostnames,
    topology,
    transport,
    attributes: found,
    neighbours: {
      bind,
      async meet(bound) {
        const own: BusinessCard = {
          host: hostname,
          pubkey: certificate.publicKey,
          uri: bound === undefined ? [] : [bound],
        };
        await client.put(String(rank), JSON.stringify(own));
        await client.barrier();
        const card = async (of: number) => JSON.parse((await client.get(String(of)))!) as BusinessCard;
        for (const child of topology.children(rank)) transport.authorize((await card(child)).pubkey);
        for (let of = 0; of < size; of++) hostnames[of] = (await card(of)).host;
        const parentRank = topology.parent(rank);
        const parent = parentRank < 0 ? undefined : await card(parentRank);
        await client.barrier();
        await client.finalize();
        return { parent: parent?.uri[0], parentKey: parent?.pubkey };
      },
    },
  };
}

type Block = [nodeid: number, nodes: number, perNode: number, repeat: number];

/** The RFC 34 form of either kind of mapping; undefined when there is none that can be read. */
function taskmapOf(text: string | undefined, size: number): string | undefined {
  if (text === undefined || text === '') return undefined;
  const vector = /^\(vector,(.*)\)$/.exec(text.trim());
  if (vector) {
    const blocks = [...vector[1]!.matchAll(/\(([0-9]+),([0-9]+),([0-9]+)\)/g)].map(
      ([, node, nodes, perNode]): Block => [Number(node), Number(nodes), Number(perNode), 1],
    );
    return blocks.length > 0 ? JSON.stringify(blocks) : undefined;
  }
  try {
    const value = JSON.parse(text) as Block[] | { map: Block[] };
    return JSON.stringify(Array.isArray(value) ? value : value.map);
  } catch {
    return size === 1 ? '[[0,1,1,1]]' : undefined;
  }
}

function nodeCount(map: string): number {
  const nodes = new Set<number>();
  for (const [first, count] of JSON.parse(map) as Block[]) {
    for (let node = first; node < first + count; node++) nodes.add(node);
  }
  return nodes.size;
}
