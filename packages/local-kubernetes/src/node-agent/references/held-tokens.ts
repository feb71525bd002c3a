// Tokens of service accounts as a pod holds them: made once, and anew in good time before they expire, as kubelet does.

export interface Token {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly lifetimeMs: number;
}

const dayMs = 24 * 3600 * 1000;

/** When a token is to be made anew, in milliseconds since the epoch: after four fifths of its life, or a day. */
export function renewalOf({ expiresAt, lifetimeMs }: Token): number {
  return Math.min(expiresAt - lifetimeMs / 5, expiresAt - lifetimeMs + dayMs);
}

type Request = (account: string, audience: string | undefined, expirationSeconds: number) => Promise<Token>;

export class HeldTokens {
  readonly #tokens = new Map<string, Token>();
  readonly #request: Request;
  readonly #now: () => Date;

  constructor(request: Request, now: () => Date) {
    this.#request = request;
    this.#now = now;
  }

  /** The one that is held, or a new one when that is due; where none is to be had, the old one while it is good. */
  async get(account: string, audience: string | undefined, expirationSeconds: number): Promise<string> {
    const key = JSON.stringify([account, audience, expirationSeconds]);
    const held = this.#tokens.get(key);
    const now = this.#now().getTime();
    if (held && now < renewalOf(held)) return held.text;
    try {
      const made = await this.#request(account, audience, expirationSeconds);
      this.#tokens.set(key, made);
      return made.text;
    } catch (error) {
      if (held && now < held.expiresAt) return held.text;
      throw error;
    }
  }

  /** When the next one is to be made anew, in milliseconds since the epoch; undefined while none is held. */
  get nextRenewal(): number | undefined {
    const all = [...this.#tokens.values()].map(renewalOf);
    return all.length > 0 ? Math.min(...all) : undefined;
  }
}
