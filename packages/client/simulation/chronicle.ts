/** What happened in a run, line by line where somebody reads it, and the first promise that was broken. */
export class Chronicle {
  /** `undefined` when all were kept. */
  fault: string | undefined
  readonly #lines: string[] | undefined
  readonly #now: () => number

  /** @param now the virtual time */
  constructor(traced: boolean, now: () => number) {
    this.#lines = traced ? [] : undefined
    this.#now = now
  }

  get lines(): readonly string[] {
    return this.#lines ?? []
  }

  log(what: () => string): void {
    if (this.#lines === undefined) return
    const text = what()
    if (text !== '') this.#lines.push(`${String(Math.round(this.#now())).padStart(8)} ${text}`)
  }

  /** Bound, so that it can be handed out. */
  readonly accuse = (fault: string): void => {
    this.log(() => `FAULT: ${fault}`)
    this.fault ??= fault
  }
}
