import { describe, expect, it } from 'vitest';
import { outputConfig, printSize } from './output-config.ts';

const kvs = { template: undefined, label: false, isPerShell: false };

describe('outputConfig', () => {
  it('sends all to the KVS, output by line, where nothing is said', () => {
    expect(outputConfig(undefined, 2, true)).toEqual({
      stdout: { ...kvs, isUnbuffered: false },
      stderr: { ...kvs, isUnbuffered: true },
      mode: 'truncate',
      limit: 2 ** 30,
      limitText: '1G',
      warnings: [],
    });
    expect(outputConfig({}, 1, false).limit).toBe(10 * 2 ** 20);
  });

  it('lets errors go where output goes, unless they have a place of their own', () => {
    const stdout = { type: 'file', path: 'out', label: true };
    const both = outputConfig({ stdout }, 2, true);
    expect(both.stderr).toMatchObject({ template: 'out', label: true, isUnbuffered: true });
    expect(outputConfig({ stdout, stderr: { type: 'kvs' } }, 2, true).stderr.template).toBeUndefined();
    expect(outputConfig({ stdout, stderr: { path: 'err' } }, 2, true).stderr.template).toBe('err');
  });

  it.each([
    ['out', 4, false],
    ['out-{{node.id}}', 4, true],
    ['out-{{taskid}}', 4, true],
    ['{{tmpdir}}/out', 4, true],
    ['out-{{node.id}}', 1, false],
  ])('%s over %d shells: own files %s', (path, shells, expected) => {
    expect(outputConfig({ stdout: { type: 'file', path } }, shells, true).stdout.isPerShell).toBe(expected);
  });

  it.each([
    ['2K', 2048, '2K'],
    [1024 * 1024, 1024 * 1024, '1M'],
    ['1.5M', 1.5 * 2 ** 20, '1.5M'],
  ])('takes a limit of %s', (limit, bytes, text) => {
    expect(outputConfig({ limit }, 1, true)).toMatchObject({ limit: bytes, limitText: text, warnings: [] });
  });

  it.each([['2G'], [0], ['x']])('warns of a limit of %s and keeps the usual one', (limit) => {
    const config = outputConfig({ limit, mode: 'prepend', stdout: { buffer: { type: 'full' } } }, 1, false);
    expect(config.limitText).toBe('10M');
    expect(config.mode).toBe('truncate');
    expect(config.warnings).toEqual([
      'ignoring invalid output.mode=prepend',
      'invalid buffer type specified: full',
      `Invalid KVS output.limit=${limit}`,
    ]);
  });
});

it('prints sizes', () => {
  expect([0, 1, 1023, 1024, 1536, 2 ** 30].map(printSize)).toEqual(['0', '1', '1023', '1K', '1.5K', '1G']);
});
