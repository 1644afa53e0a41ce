/** A `fetch` whose streams can be cut from outside, as a network does. */
export interface CuttingFetch {
  readonly fetch: (request: Request) => Promise<Response>
  /** Cuts whatever stream is open. */
  cut(): void
}

export function cuttingFetch(): CuttingFetch {
  let cut: () => void = () => {}
  return {
    async fetch(given) {
      const controller = new AbortController()
      const signal = AbortSignal.any([given.signal, controller.signal])
      const request = new Request(given, { signal })
      cut = () => {
        // Node's hears of its signal only while somebody holds it.
        if (!request.signal.aborted) controller.abort(new Error('The network is gone'))
      }
      return globalThis.fetch(request)
    },
    cut: () => cut(),
  }
}
