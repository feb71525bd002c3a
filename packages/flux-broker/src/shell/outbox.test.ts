import { encodeIo } from '@ebb/flux-formats';
import { beforeEach, expect, test } from 'vitest';
import { Outbox } from './outbox.ts';
import type { GuestEntry } from './shell-messages.ts';

const line = (text: string) => encodeIo('stdout', 0, Buffer.from(text));
const entry = (text: string): GuestEntry => ['output', text];
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

let said: unknown[] = [];
let outbox: Outbox;
beforeEach(() => {
  said = [];
  outbox = new Outbox({
    entries: (entries) => said.push(['entries', entries]),
    output: (objects) => said.push(['output', objects]),
  });
});

test('says what comes within one turn in one message', async () => {
  outbox.addEntries([entry('a'), entry('b')]);
  outbox.addEntries([entry('c')]);
  outbox.addOutput(line('x'));
  outbox.addOutput(line('y'));
  expect(said).toEqual([]);
  await nextTurn();
  expect(said).toEqual([
    ['output', [line('x'), line('y')]],
    ['entries', [entry('a'), entry('b'), entry('c')]],
  ]);
});

test('says at once what is there, and nothing twice', async () => {
  outbox.addEntries([entry('a')]);
  outbox.flush();
  expect(said).toEqual([['entries', [entry('a')]]]);
  await nextTurn();
  outbox.addEntries([entry('b')]);
  await nextTurn();
  expect(said).toEqual([
    ['entries', [entry('a')]],
    ['entries', [entry('b')]],
  ]);
});

test('is not closed by a message that makes another', async () => {
  outbox = new Outbox({
    entries: (entries) => {
      said.push(entries);
      if (said.length === 1) outbox.addEntries([entry('again')]);
    },
    output: () => {},
  });
  outbox.addEntries([entry('a')]);
  await nextTurn();
  await nextTurn();
  expect(said).toEqual([[entry('a')], [entry('again')]]);
});
