import type { ShareChannel } from './environment.ts'

interface Ear {
  listener: ((event: { readonly data: unknown }) => void) | undefined
}

/** Channels in which the turns of the event loop alone decide when something is heard: what goes wrong once goes wrong again. */
export class ChannelHub {
  readonly #ears = new Map<string, Set<Ear>>()

  readonly open = (name: string): ShareChannel => {
    const own: Ear = { listener: undefined }
    const ears = this.#ears.get(name) ?? new Set()
    this.#ears.set(name, ears.add(own))
    return {
      postMessage(message) {
        const data = structuredClone(message)
        for (const ear of ears) {
          if (ear !== own)
            setImmediate(() => ears.has(ear) && ear.listener?.({ data: structuredClone(data) }))
        }
      },
      addEventListener(_, listener) {
        own.listener = listener
      },
      close: () => ears.delete(own),
    }
  }
}
