import { createEventClient, type EventClient } from '@millrace/client'
import { type CuttingFetch, cuttingFetch } from './cutting-fetch.ts'
import { numbers } from './numbers.ts'

interface Subscriber {
  readonly client: EventClient
  readonly network: CuttingFetch
  readonly line: string
  /** The last number that came. */
  last: number
}

/** Many subscribers, each with a connection of its own, that expect every number of their line once and in order. */
export class Audience {
  /** What ought not to have happened. */
  readonly faults: string[] = []
  cuts = 0
  received = 0
  readonly #subscribers: Subscriber[] = []

  /** Resolves when all of them are served, from the beginning of their lines. */
  async gather(count: number, url: string, lines: readonly string[]): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const network = cuttingFetch()
      const subscriber: Subscriber = {
        client: createEventClient({
          url,
          fetch: network.fetch,
          backoff: { base: 200, cap: 1_000 },
          onError: (error) => this.faults.push(String(error)),
        }),
        network,
        line: lines[index % lines.length] ?? '',
        last: 0,
      }
      this.#subscribers.push(subscriber)
    }
    await Promise.all(this.#subscribers.map((subscriber) => this.#follow(subscriber)))
  }

  /** Cuts one of them off, whichever. */
  cutOne(): void {
    const subscriber = this.#subscribers[Math.floor(Math.random() * this.#subscribers.length)]
    if (subscriber?.client.status.state !== 'open') return
    this.cuts += 1
    subscriber.network.cut()
  }

  /** How many events all of them are to have, given the last number of each line. */
  expected(lastOf: (line: string) => number): number {
    return this.#subscribers.reduce((sum, { line }) => sum + lastOf(line), 0)
  }

  /** How many have had everything up to the last number of their line. */
  complete(lastOf: (line: string) => number): number {
    return this.#subscribers.filter(({ line, last }) => last === lastOf(line)).length
  }

  async close(): Promise<void> {
    await Promise.all(this.#subscribers.map(({ client }) => client.close()))
  }

  #follow(subscriber: Subscriber): Promise<void> {
    const { client, line } = subscriber
    const { ready } = client.subscribe(
      numbers.lines({ line }),
      (event) => {
        if (event.name !== 'said') {
          this.faults.push(`${line} was reset: ${event.data.verdict}`)
          return
        }
        const { number } = event.data
        if (number !== subscriber.last + 1)
          this.faults.push(`${line}: ${number} after ${subscriber.last}, at ${event.id}`)
        subscriber.last = number
        this.received += 1
      },
      { from: 'earliest' },
    )
    return ready
  }
}
