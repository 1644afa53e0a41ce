// Checked, never run: what is right compiles, and each line that is wrong fails (an unused expectation is an error too).
import { createEventClient, type Reset, type StreamEvent } from '@millrace/client'
import { EventSource } from '@millrace/client/eventsource'

type Placed = StreamEvent<'placed', { readonly total: number }, unknown, { readonly total: number }>

const client = createEventClient({ url: '/events' })

const subscription = client.subscribe<Placed>('orders/42', (event) => {
  if (event.name === 'millrace.reset') {
    const reset: Reset = event
    return void reset.data.verdict
  }
  const total: number = event.data.total
  // @ts-expect-error: it is a number
  const text: string = event.data.total
  return void [total, text]
})
subscription.close()

export async function firstTotal(): Promise<number> {
  for await (const event of client.subscribe<Placed>('orders/42', { from: 'earliest' })) {
    if (event.name === 'placed') return event.data.total
    // @ts-expect-error: a reset has none
    void event.data.total
  }
  return 0
}

// @ts-expect-error: a client has an address
createEventClient({})
// @ts-expect-error: a topic is no number
client.subscribe(42, () => {})

// It stands for the DOM's own.
export const standard: typeof globalThis.EventSource = EventSource
export const source = new EventSource('/events', { headers: { authorization: 'Bearer 1' } })
source.onmessage = ({ data }: MessageEvent<string>) => data
source.onerror = ({ error }) => error?.status
// @ts-expect-error: there is no such option
new EventSource('/events', { header: {} })
