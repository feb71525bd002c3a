import { type Flux, FluxError, kvsGet } from '@ebb/flux-client';
import { buildJobspec, type JobspecOptions, printFluid, printJson, toFluid, wrapSigned } from '@ebb/flux-formats';
import { afterEach, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import type { ConfigObject } from '../module.ts';
import { readIngestConfig } from './ingest-config.ts';

let instance: Instance | undefined;

afterEach(() => instance?.stop());

async function start(config: ConfigObject): Promise<Flux> {
  const resource = { noverify: true, config: [{ hosts: 'node0', cores: '0-3' }] };
  instance = startInstance({ size: 1, config: { resource, ...config } });
  await instance.ready();
  return instance.flux(0);
}

async function submitText(flux: Flux, text: string): Promise<bigint> {
  const request = { J: wrapSigned(text, process.getuid?.() ?? 0), urgency: 0, flags: 0 };
  return toFluid((await flux.rpc<{ id: unknown }>('job-ingest.submit', request)).id);
}

const submit = (flux: Flux, options: Partial<JobspecOptions> = {}): Promise<bigint> =>
  submitText(flux, printJson(buildJobspec({ command: ['true'], cwd: '/tmp', environment: {}, ...options })));

describe('[ingest]', () => {
  it.each([
    [{ validator: { plugins: ['nosuch'] } }, "no plugin 'nosuch'"],
    [{ validator: { plugins: 'jobspec' } }, 'error in [ingest.validator] plugins array'],
    [{ frobnicator: { disable: 'yes' } }, 'error parsing [ingest.frobnicator] config table'],
    [{ validator: { args: ['--require-version=2'] } }, "'--require-version=2' is not known to any plugin"],
  ])('%j is refused', (ingest, reason) => {
    expect(() => readIngestConfig({ ingest })).toThrow(reason);
  });

  it('has the defaults of flux-core', () => {
    const usual = { validators: ['jobspec'], frobnicators: [], instanceNodes: 0, instanceCores: 0 };
    expect(readIngestConfig({})).toEqual(usual);
    expect(readIngestConfig({ queues: {} })).toEqual({ ...usual, frobnicators: ['defaults', 'constraints'] });
    expect(readIngestConfig({ ingest: { validator: { args: ['--require-instance-minnodes=2'] } } })).toEqual({
      ...usual,
      instanceNodes: 2,
      instanceCores: 32,
    });
  });

  it('refuses by default what is no jobspec, and takes it where the validator is disabled', async () => {
    const text = printJson({ ...buildJobspec({ command: ['true'], cwd: '/tmp', environment: {} }), version: 999 });
    const strict = await start({});
    await expect(submitText(strict, text)).rejects.toThrow('version');
    await instance!.stop();
    await expect(submitText(await start({ ingest: { validator: { disable: true } } }), text)).resolves.toBeTypeOf(
      'bigint',
    );
  });

  it('asks the scheduler where the plugin feasibility is configured', async () => {
    const flux = await start({ ingest: { validator: { plugins: ['jobspec', 'feasibility'] } } });
    await expect(submit(flux, { nodes: 2, tasks: 2 })).rejects.toThrow('unsatisfiable request');
    await expect(submit(flux)).resolves.toBeTypeOf('bigint');
  });

  it('wants instances of Flux where the plugin require-instance is configured', async () => {
    const validator = { plugins: ['require-instance'], 'require-instance': { mincores: 2 } };
    const flux = await start({ ingest: { validator } });
    await expect(submit(flux, { cores: 2 })).rejects.toThrow(
      'Direct job submission disabled for jobs >= 2 cores. Please use flux-batch(1) or flux-alloc(1)',
    );
    await expect(submit(flux, { cores: 2, command: ['flux', 'broker'] })).resolves.toBeTypeOf('bigint');
    await expect(submit(flux)).resolves.toBeTypeOf('bigint');
  });

  it('fills nothing in where the frobnicator is disabled', async () => {
    const policy = { jobspec: { defaults: { system: { duration: '10m' } } } };
    const text = async (flux: Flux, id: bigint) => String(await kvsGet(flux, `${printFluid(id, 'kvs')}.jobspec`));
    const filling = await start({ policy });
    expect(await text(filling, await submit(filling))).toContain('"duration":600.0,');
    await instance!.stop();
    const plain = await start({ policy, ingest: { frobnicator: { disable: true } } });
    expect(await text(plain, await submit(plain))).toContain('"duration":0,');
  });

  it('answers a jobspec without attributes by name', async () => {
    const flux = await start({});
    for (const text of ['1', 'null', '[]', '{}', '{"attributes":{"system":null}}']) {
      const error = await submitText(flux, text).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(FluxError);
      expect((error as FluxError).code).toBe('EINVAL');
    }
  });
});
