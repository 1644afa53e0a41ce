const remembered = 1000

/** Which files are being read under some name, and how far those were read that no longer are. */
export class LifeRegistry {
  readonly #held = new Map<string, number>()
  readonly #released = new Map<string, number>()

  hold(key: string): void {
    this.#held.set(key, (this.#held.get(key) ?? 0) + 1)
  }

  release(key: string, position: number): void {
    const others = (this.#held.get(key) ?? 1) - 1
    if (others > 0) this.#held.set(key, others)
    else this.#held.delete(key)
    this.#released.delete(key)
    this.#released.set(key, position)
    const oldest = this.#released.keys().next()
    if (this.#released.size > remembered && !oldest.done) this.#released.delete(oldest.value)
  }

  isHeld(key: string): boolean {
    return this.#held.has(key)
  }

  /** How far the file was read, in bytes, by whoever released it last. */
  readUpTo(key: string): number | undefined {
    return this.#released.get(key)
  }
}
