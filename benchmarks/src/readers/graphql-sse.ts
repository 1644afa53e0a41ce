import { createClient } from 'graphql-sse'
import type { BenchmarkEvent } from '../event.ts'
import type { Read } from './reader.ts'

export const read: Read = async (url, take) => {
  const client = createClient({ url: `${url}/events` })
  const results = client.iterate<{ readonly placed: BenchmarkEvent }>({ query: 'subscription { placed }' })
  for await (const { data } of results) if (data) take(data.placed)
}
