// Refuses large jobs that are no instances of Flux (flux-core: validator plugin require-instance).
import { basename } from 'node:path';
import { FluxError } from '@ebb/flux-client';
import { countJobspec, type Jobspec } from '@ebb/flux-formats';

/** @throws FluxError EINVAL for a job of at least this size that starts no instance */
export function requireInstance(jobspec: Jobspec, minNodes: number, minCores: number): void {
  const { nnodes, nslots, slotSize } = countJobspec(jobspec);
  const isLarge = (nnodes > 0 && nnodes >= minNodes) || nslots * slotSize >= minCores;
  if (!isLarge || 'batch' in jobspec.attributes.system) return;
  const [program = '', command = ''] = jobspec.tasks[0]?.command ?? [];
  if (basename(program) === 'flux' && (command === 'broker' || command === 'start')) return;
  const sizes = [minNodes > 0 ? `${minNodes} nodes` : '', minCores > 0 ? `${minCores} cores` : ''];
  const which = sizes.filter((size) => size !== '').join(' or ');
  const where = which === '' ? ' for all jobs in this instance' : ` for jobs >= ${which}`;
  throw new FluxError('EINVAL', `Direct job submission disabled${where}. Please use flux-batch(1) or flux-alloc(1)`);
}
