import { createTRPCUntypedClient, httpSubscriptionLink } from '@trpc/client'
import { EventSource } from 'eventsource'
import type { BenchmarkEvent } from '../event.ts'
import type { Read } from './reader.ts'

export const read: Read = (url, take) => {
  // Node has no EventSource, and this one is what its documentation names.
  const client = createTRPCUntypedClient({ links: [httpSubscriptionLink({ url, EventSource })] })
  client.subscription('events', undefined, {
    onData: (message) => take((message as { readonly data: BenchmarkEvent }).data),
  })
}
