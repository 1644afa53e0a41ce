import { afterEach } from 'vitest'

/** A page among the globals, as a browser has them: what a client finds there, and what it leaves listening. */
export class FakePage {
  readonly #listeners = new Set<{ readonly type: string; readonly listener: unknown }>()
  readonly document = { hidden: false }
  readonly navigator = { onLine: true }

  /** Takes the place of the globals until the test is over. */
  static use(): FakePage {
    const page = new FakePage()
    const own = {
      document: page.document,
      navigator: page.navigator,
      addEventListener: (type: string, listener: unknown) => page.#listeners.add({ type, listener }),
      removeEventListener: (type: string, listener: unknown) => {
        for (const known of page.#listeners)
          if (known.type === type && known.listener === listener) page.#listeners.delete(known)
      },
    }
    const before = new Map<string, PropertyDescriptor | undefined>()
    for (const [name, value] of Object.entries(own)) {
      before.set(name, Object.getOwnPropertyDescriptor(globalThis, name))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
    }
    restoring.push(() => {
      for (const [name, descriptor] of before) {
        if (descriptor) Object.defineProperty(globalThis, name, descriptor)
        else Reflect.deleteProperty(globalThis, name)
      }
    })
    return page
  }

  /** The types of events that somebody listens to. */
  get listening(): string[] {
    return [...this.#listeners].map(({ type }) => type)
  }

  tell(type: string, persisted?: boolean): void {
    for (const known of [...this.#listeners])
      if (known.type === type) (known.listener as (event: unknown) => void)({ type, persisted })
  }

  /** The tab is left, or looked at again. */
  hide(hidden: boolean): void {
    this.document.hidden = hidden
    this.tell('visibilitychange')
  }

  goOffline(): void {
    this.navigator.onLine = false
    this.tell('offline')
  }

  goOnline(): void {
    this.navigator.onLine = true
    this.tell('online')
  }

  /** A navigation away, which may be undone: in this order, as browsers have it. */
  putAside(): void {
    this.tell('pagehide', true)
    this.hide(true)
  }

  bringBack(): void {
    this.hide(false)
    this.tell('pageshow', true)
  }
}

const restoring: (() => void)[] = []

/** Once in each file that uses one. */
export function restorePages(): void {
  afterEach(() => {
    for (const restore of restoring.splice(0).reverse()) restore()
  })
}
