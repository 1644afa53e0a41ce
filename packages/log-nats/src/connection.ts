import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node'

/** How long a connection may take to open unless the options say otherwise, in milliseconds. */
const connectTimeout = 2_000

/** Makes connections that fail at once instead of waiting, which is for the log to decide. */
export function connectionsOf(given: string | NodeConnectionOptions): () => Promise<NatsConnection> {
  const options = typeof given === 'string' ? optionsOf(given) : given
  return () =>
    connect({
      timeout: connectTimeout,
      // They are a third of what a request costs.
      noAsyncTraces: true,
      ...options,
      reconnect: false,
      waitOnFirstConnect: false,
    })
}

// The client takes no user from a URL.
function optionsOf(text: string): NodeConnectionOptions {
  const urls = text.split(',').map((url) => new URL(/:\/\//.test(url) ? url.trim() : `nats://${url.trim()}`))
  const { username, password } = urls[0] as URL
  const user = decodeURIComponent(username)
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || '4222'}`),
    ...(urls.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
    ...(password ? { user, pass: decodeURIComponent(password) } : user && { token: user }),
  }
}
