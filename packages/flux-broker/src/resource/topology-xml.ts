// `resource.topo-get`: this machine's topology as hwloc 2 XML, as far as Node knows it: cores with one unit each. A job
// shell reads it to bind tasks.
import { availableParallelism } from 'node:os';

export function topologyXml(): string {
  const count = availableParallelism();
  const mask = (BigInt(1) << BigInt(count)) - BigInt(1);
  const set = (value: bigint) => `0x${value.toString(16).padStart(8, '0')}`;
  const all = `cpuset="${set(mask)}" complete_cpuset="${set(mask)}" nodeset="0x00000001" complete_nodeset="0x00000001"`;
  let index = 1;
  const next = () => `gp_index="${index++}"`;
  const cores = Array.from({ length: count }, (_, core) => {
    const own = set(BigInt(1) << BigInt(core));
    const sets = `cpuset="${own}" complete_cpuset="${own}" nodeset="0x00000001" complete_nodeset="0x00000001"`;
    const unit = `<object type="PU" os_index="${core}" ${sets} ${next()}/>`;
    return `<object type="Core" os_index="${core}" ${sets} ${next()}>${unit}</object>`;
  });
  const node = `<object type="NUMANode" os_index="0" ${all} ${next()} local_memory="0"/>`;
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE topology SYSTEM "hwloc2.dtd">\n`;
  const machine = `<object type="Machine" os_index="0" ${all} allowed_cpuset="${set(mask)}" allowed_nodeset="0x00000001"`;
  const package0 = `<object type="Package" os_index="0" ${all} ${next()}>${cores.join('')}</object>`;
  return `${head}<topology version="2.0">${machine} ${next()}>${node}${package0}</object></topology>\n`;
}
