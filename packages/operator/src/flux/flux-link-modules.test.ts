/** The link and the modules of the broker: who loads them, and when. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FluxLink } from './flux-link.ts';
import { ScriptedBroker } from './scripted-broker.fixture.ts';

const soon = { timeout: 10_000, interval: 10 };

describe('a link to a broker whose ranks can be hidden', () => {
  const links: FluxLink[] = [];
  const errors: Error[] = [];
  const linkTo = (broker: ScriptedBroker) => {
    const link = new FluxLink({
      api: broker.api,
      target: { namespace: 'ns', pod: 'flux-sample-0-x', container: 'flux-sample', command: [] },
      onChange: () => {},
      onError: (error) => errors.push(error),
      watchesQueue: false,
      repairs: true,
    });
    links.push(link);
    return link;
  };
  afterEach(() => {
    for (const link of links.splice(0)) link.close();
    errors.length = 0;
  });

  it('leaves the modules to a broker that still starts', async () => {
    const broker = new ScriptedBroker();
    broker.state = 'init';
    broker.modules.clear();
    linkTo(broker);
    const questions = () => broker.asked.filter((topic) => topic === 'resource.status');
    await vi.waitFor(() => expect(questions().length).toBeGreaterThan(2), soon);
    expect(broker.loaded).toEqual([]);
    broker.modules.add('resource');
    await vi.waitFor(() => expect(links[0]?.view?.online.size).toBe(2), soon);
    expect(broker.loaded).toEqual([]);
    // Asked again over the relay that is open: another one would be a request to the API server, and a process in the pod.
    expect(broker.relays).toBe(1);
  });

  it('opens another relay when the one over which it asks breaks off', async () => {
    const broker = new ScriptedBroker();
    broker.state = 'init';
    broker.modules.clear();
    linkTo(broker);
    await vi.waitFor(() => expect(broker.asked).toContain('resource.status'), soon);
    broker.hangUp();
    await vi.waitFor(() => expect(broker.relays).toBeGreaterThan(1), soon);
    broker.modules.add('resource');
    await vi.waitFor(() => expect(links[0]?.view?.online.size).toBe(2), soon);
  });

  it.each(['quorum', 'run'])('puts back the modules that are missing in state %s', async (state) => {
    const broker = new ScriptedBroker();
    broker.state = state;
    broker.modules.clear();
    const link = linkTo(broker);
    await vi.waitFor(() => expect(link.view?.online.size).toBe(2), soon);
    expect(broker.loaded).toEqual(['resource', 'sched-simple']);
  });

  it('loads each module once when it changes what is hidden, though it loses its connection by that', async () => {
    const broker = new ScriptedBroker();
    broker.excluded = '2-3';
    const link = linkTo(broker);
    await vi.waitFor(() => expect(link.view?.excluded.toString()).toBe('2-3'), soon);
    const relays = broker.relays;
    // The connection that ends with the resource module is made anew meanwhile, and has time to do harm.
    broker.beforeLoad = async (path) => {
      if (path !== 'resource' || broker.loaded.length > 1) return;
      await vi.waitFor(() => expect(broker.relays).toBeGreaterThan(relays + 1), soon);
      await new Promise((resolve) => setTimeout(resolve, 200));
    };
    await link.setExcluded('3');
    expect(broker.loaded).toEqual(['resource', 'sched-simple']);
    await vi.waitFor(() => expect(link.view?.excluded.toString(), `${errors}`).toBe('3'), soon);
    expect(broker.loaded).toEqual(['resource', 'sched-simple']);
  });

  const fluxion = ['sched-fluxion-qmanager', 'sched-fluxion-feasibility', 'sched-fluxion-resource'];

  it('loads Fluxion’s modules anew in the order in which they need one another, whatever the list’s', async () => {
    const broker = new ScriptedBroker();
    broker.modules.delete('sched-simple');
    for (const name of fluxion) broker.modules.add(name);
    const link = linkTo(broker);
    await vi.waitFor(() => expect(link.view).toBeDefined(), soon);
    await link.setExcluded('3');
    expect(broker.removed).toEqual([...fluxion, 'resource']);
    expect(broker.loaded).toEqual(['resource', ...fluxion.toReversed()]);
  });

  it.each(['resource', ...fluxion])(
    'puts back the scheduler that was there when it dies before it loads %s',
    async (last) => {
      const broker = new ScriptedBroker();
      broker.modules.delete('sched-simple');
      for (const name of fluxion) broker.modules.add(name);
      const first = linkTo(broker);
      await vi.waitFor(() => expect(first.view).toBeDefined(), soon);
      broker.beforeLoad = (path) => (path === last ? new Promise(() => {}) : Promise.resolve());
      void first.setExcluded('3').catch(() => {});
      await vi.waitFor(() => expect(broker.loaded).toContain(last), soon);
      first.close();
      broker.beforeLoad = async () => {};
      const link = linkTo(broker);
      await vi.waitFor(() => expect(link.view?.excluded.toString()).toBe('3'), soon);
      expect([...broker.modules].sort()).toEqual(['resource', ...fluxion].sort());
      // It hides other ranks with the same scheduler later.
      await link.setExcluded('2-3');
      expect([...broker.modules].sort()).toEqual(['resource', ...fluxion].sort());
    },
  );

  it('takes a module that another operator has put back for loaded', async () => {
    const broker = new ScriptedBroker();
    broker.modules.clear();
    broker.beforeLoad = async (path) => void broker.modules.add(path);
    const link = linkTo(broker);
    await vi.waitFor(() => expect(link.view?.online.size).toBe(2), soon);
    expect(errors).toEqual([]);
  });
});
