import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prints, succeeds } from './expectations.ts';
import { runScenario } from './run-scenario.ts';
import type { Step } from './step.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebb-scenario-'));
const run = (...steps: Step[]) => runScenario({ name: 'trial', says: '', steps }, { folder, environment: process.env });

test('a step is typed again until what it expects is seen', async () => {
  const [record] = await run({
    title: 'count',
    type: 'echo x >> counted; wc -l < counted',
    expect: [prints('three lines', /^\s*3$/m)],
    withinMs: 10_000,
  });
  expect(record).toMatchObject({ ok: true, exitCode: 0 });
});

test('a fact of one step is put into the next, and lines are typed into the opened shell', async () => {
  const records = await run(
    {
      title: 'keep',
      type: 'echo pod-7',
      expect: [succeeds],
      keep: (output, memory) => memory.set('pod', output.stdout.trim()),
    },
    { title: 'use', type: 'POD=${pod} bash', lines: ['echo in $POD'], expect: [prints('the name', /^in pod-7$/m)] },
  );
  expect(records.map((record) => record.ok)).toEqual([true, true]);
  expect(records[1]!.typed).toBe('POD=pod-7 bash');
});

test('the first step that fails ends the scenario, and says what was seen', async () => {
  const records = await run(
    { title: 'fail', type: 'echo oh >&2; exit 3', expect: [succeeds] },
    { title: 'never', type: 'true', expect: [] },
  );
  expect(records).toHaveLength(1);
  expect(records[0]!.expected[0]!.seen).toBe('exit status 3: oh');
});

test('what goes on in a second terminal counts, and ends with the step', async () => {
  const records = await run({
    title: 'watch',
    beside: `bash -c 'echo first; until test -e changed; do sleep 0.05; done; echo changed; exec sleep 600'`,
    type: 'echo x >> typed; touch changed; cat typed',
    expect: [succeeds, prints('what changed, typed once', /^first\nchanged\nx\n$/)],
    withinMs: 10_000,
  });
  expect(records[0]).toMatchObject({ ok: true, beside: expect.stringContaining('first') });
});
