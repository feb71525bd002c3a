import { expect, it } from 'vitest';
import { SimilarEvents } from './similar-events.ts';

const at = (seconds: number) => new Date(1_000_000 + seconds * 1000);
const combined = '(combined from similar events): ';

it('tells nine apart, and the others together', () => {
  const similar = new SimilarEvents();
  const told = Array.from({ length: 12 }, (_, index) => similar.told('job', `pod ${index}`, at(index)));
  expect(told.slice(0, 9).map(({ message }) => message)).toEqual(
    Array.from({ length: 9 }, (_, index) => `pod ${index}`),
  );
  expect(new Set(told.map(({ key }) => key)).size).toBe(10);
  expect(told.slice(9)).toEqual([9, 10, 11].map((index) => ({ key: 'job', message: `${combined}pod ${index}` })));
  expect(similar.told('other', 'pod 0', at(20)).message).toBe('pod 0');
});

it('counts the same message as one, however often it comes', () => {
  const similar = new SimilarEvents();
  const told = Array.from({ length: 30 }, (_, second) => similar.told('pod', 'back-off', at(second)));
  expect(new Set(told.map(({ key, message }) => `${key} ${message}`))).toEqual(new Set(['pod\nback-off back-off']));
});

it('begins anew after ten minutes of silence', () => {
  const similar = new SimilarEvents();
  for (let index = 0; index < 12; index++) similar.told('job', `pod ${index}`, at(index));
  expect(similar.told('job', 'late', at(11 + 600)).message).toBe(`${combined}late`);
  expect(similar.told('job', 'later', at(11 + 1201)).message).toBe('later');
});
