/** A `fetch` whose streams can be cut from outside, as a network does. */
export interface CuttingFetch {
  readonly fetch: (request: Request) => Promise<Response>
  /** Cuts whatever stream is open. */
  cut(): void
}

export function cuttingFetch(): CuttingFetch {
  let controller = new AbortController()
  return {
    async fetch(request) {
      controller = new AbortController()
      const signal = AbortSignal.any([request.signal, controller.signal])
      return globalThis.fetch(new Request(request, { signal }))
    },
    cut: () => controller.abort(new Error('The network is gone')),
  }
}
