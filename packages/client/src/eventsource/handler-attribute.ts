type Handler = (event: Event) => unknown

/** An `on…` attribute of an event target. [HTML standard, section 8.1.8.1] */
export class HandlerAttribute {
  readonly #target: EventTarget
  readonly #type: string
  #value: object | null = null

  constructor(target: EventTarget, type: string) {
    this.#target = target
    this.#type = type
  }

  get value(): object | null {
    return this.#value
  }

  // [spec] Its place among the listeners is where it was first set; another value keeps it, null gives it up.
  set value(value: unknown) {
    this.#value = typeof value === 'function' || typeof value === 'object' ? value : null
    // One that is there already is not added again.
    if (this.#value === null) this.#target.removeEventListener(this.#type, this.#listen)
    else this.#target.addEventListener(this.#type, this.#listen)
  }

  // [spec] An object that cannot be called is kept all the same, and does nothing.
  readonly #listen = (event: Event): void => {
    if (typeof this.#value === 'function') (this.#value as Handler).call(this.#target, event)
  }
}
