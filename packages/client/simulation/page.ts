/**
 * The page that a client runs in: what it is told of the network and of its tab. The client finds it where it finds it in a
 * browser, among the globals, and what it leaves listening there can be counted.
 */
export class Page {
  readonly #listeners = new Set<{ readonly type: string; readonly listener: unknown }>()
  #aside = false
  hidden = false
  online = true

  get listeners(): number {
    return this.#listeners.size
  }

  tell(type: string, persisted?: boolean): void {
    const event = Object.assign(new Event(type), { persisted })
    for (const { type: heard, listener } of [...this.#listeners]) {
      if (heard !== type) continue
      if (typeof listener === 'function') listener(event)
      else (listener as EventListenerObject).handleEvent(event)
    }
  }

  goOffline(): void {
    this.online = false
    this.tell('offline')
  }

  hide(): void {
    this.hidden = true
    this.tell('visibilitychange')
  }

  /** A navigation away, which may be undone: in this order, as browsers have it. */
  putAside(): void {
    this.#aside = true
    this.tell('pagehide', true)
    this.hide()
  }

  bringBack(): void {
    this.show()
    if (!this.#aside) return
    this.#aside = false
    this.tell('pageshow', true)
  }

  goOnline(): void {
    if (this.online) return
    this.online = true
    this.tell('online')
  }

  show(): void {
    if (!this.hidden) return
    this.hidden = false
    this.tell('visibilitychange')
  }

  /** Takes the place of the one before. */
  install(): void {
    const addEventListener = (type: string, listener: unknown) => {
      this.#listeners.add({ type, listener })
    }
    const removeEventListener = (type: string, listener: unknown) => {
      for (const known of this.#listeners) {
        if (known.type === type && known.listener === listener) this.#listeners.delete(known)
      }
    }
    const page = this
    const document = {
      addEventListener,
      removeEventListener,
      get hidden() {
        return page.hidden
      },
      get visibilityState() {
        return page.hidden ? 'hidden' : 'visible'
      },
    }
    const navigator = {
      get onLine() {
        return page.online
      },
    }
    for (const [name, value] of Object.entries({
      addEventListener,
      removeEventListener,
      document,
      navigator,
    })) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
    }
  }
}
