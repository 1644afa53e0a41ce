import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { BenchmarkEvent } from '../event.ts'
import type { Read } from './reader.ts'

interface Router {
  events(): Promise<AsyncIterable<BenchmarkEvent>>
}

export const read: Read = async (url, take) => {
  const client = createORPCClient(new RPCLink({ url })) as unknown as Router
  for await (const event of await client.events()) take(event)
}
