// Checked, never run: what is right compiles, and each line that is wrong fails (an unused expectation is an error too).
import { createEventClient } from '@millrace/client'

interface Placed {
  readonly name: 'placed'
  readonly data: { readonly total: number }
}

const client = createEventClient({ url: '/events' })

client.subscribe<Placed>('orders/42', (event) => {
  const total: number = event.data.total
  // @ts-expect-error: it is a number
  const text: string = event.data.total
  return void [total, text]
})

// @ts-expect-error: a client has an address
createEventClient({})
// @ts-expect-error: a topic is no number
client.subscribe(42, () => {})
