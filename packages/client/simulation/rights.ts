import type { Authorize } from '@millrace/server'

/** Who may read what. There is one right to read for all, and it may be taken away from a topic. */
export class Rights {
  /** What the server asks; `undefined` where it asks nobody. */
  readonly authorize: Authorize | undefined
  readonly #denied = new Map<string, number>()
  #calm = false

  /** @param lifetime how long a stream may be read, in milliseconds; 0 where nobody asks for rights */
  constructor(lifetime: number, now: () => number) {
    if (lifetime === 0) return
    this.authorize = () => ({
      principal: 'somebody',
      expires: this.#calm ? undefined : now() + lifetime,
      allow: ({ address }) => !this.denies(address),
    })
  }

  /** Whether a topic, or one that a pattern stands for, may not be read. */
  denies(address: string): boolean {
    if (!address.endsWith('*')) return (this.#denied.get(address) ?? 0) > 0
    return [...this.#denied].some(([denied, times]) => times > 0 && denied.startsWith(address.slice(0, -1)))
  }

  deny(address: string): void {
    if (this.authorize !== undefined) this.#denied.set(address, (this.#denied.get(address) ?? 0) + 1)
  }

  allow(address: string): void {
    this.#denied.set(address, (this.#denied.get(address) ?? 0) - 1)
  }

  /** Everybody may read everything for as long as they want. */
  calm(): void {
    this.#calm = true
    this.#denied.clear()
  }
}
