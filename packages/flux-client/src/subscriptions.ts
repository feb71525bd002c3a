/** Event subscriptions of one handle: many handlers share one subscription at the broker. Topics match by prefix. */
import { type Message, payloadJson } from './message.ts';

export interface FluxEvent {
  readonly topic: string;
  /** Rises by one for each event of the instance. */
  readonly sequence: number;
  /** The payload's JSON; read when asked for. @throws ProtocolError when it is no JSON */
  readonly payload: unknown;
  readonly message: Message;
}

type Handler = (event: FluxEvent) => void;

interface Subscription {
  readonly handlers: Set<Handler>;
  /** Settles when the broker has answered. */
  readonly ready: Promise<unknown>;
}

class ReceivedEvent implements FluxEvent {
  readonly message: Message;

  constructor(message: Message) {
    this.message = message;
  }

  get topic(): string {
    return this.message.topic!;
  }

  get sequence(): number {
    return this.message.aux1;
  }

  get payload(): unknown {
    return payloadJson(this.message);
  }
}

export class Subscriptions {
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #request: (topic: string, payload: { topic: string }) => Promise<unknown>;

  /** `request` sends an RPC to the broker. */
  constructor(request: (topic: string, payload: { topic: string }) => Promise<unknown>) {
    this.#request = request;
  }

  async add(topic: string, handler: Handler): Promise<() => Promise<void>> {
    let subscription = this.#subscriptions.get(topic);
    if (!subscription) {
      subscription = { handlers: new Set(), ready: this.#request('event.subscribe', { topic }) };
      this.#subscriptions.set(topic, subscription);
    }
    // One entry for each call, though the same function may come twice.
    const own: Handler = (event) => handler(event);
    const { handlers, ready } = subscription;
    handlers.add(own);
    try {
      await ready;
    } catch (error) {
      handlers.delete(own);
      if (this.#subscriptions.get(topic) === subscription) this.#subscriptions.delete(topic);
      throw error;
    }
    return async () => {
      if (!handlers.delete(own) || handlers.size > 0) return;
      this.#subscriptions.delete(topic);
      await this.#request('event.unsubscribe', { topic });
    };
  }

  deliver(message: Message): void {
    const topic = message.topic!;
    let event: FluxEvent | undefined;
    for (const [prefix, { handlers }] of this.#subscriptions) {
      if (!topic.startsWith(prefix)) continue;
      event ??= new ReceivedEvent(message);
      for (const handler of [...handlers]) handler(event);
    }
  }
}
