import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRunning, readRecord, removeRecord, startTicksOf, writeRecord } from './instance-record.ts';

const record = {
  pid: process.pid,
  startTicks: startTicksOf(process.pid)!,
  kubeconfigPath: '/somewhere/kubeconfig',
  url: 'https://127.0.0.1:6443',
  since: '2026-01-01T00:00:00.000Z',
};

describe('the record of an instance', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'ebb-record-')), 'nested', 'instance.json');

  test('is read back as it was written, and gone once removed', () => {
    writeRecord(path, record);
    expect(readRecord(path)).toEqual(record);
    removeRecord(path);
    expect(readRecord(path)).toBeUndefined();
  });

  test('a torn file is no record', () => {
    writeRecord(path, record);
    writeFileSync(path, '{"pid": 12');
    expect(readRecord(path)).toBeUndefined();
  });

  test('another process under the same number is not taken for the instance', () => {
    expect(isRunning(record)).toBe(true);
    expect(isRunning({ ...record, startTicks: '1' })).toBe(false);
    expect(isRunning({ ...record, pid: 2 ** 22 + 1 })).toBe(false);
  });
});
