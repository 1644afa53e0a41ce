/** The head of every stream. */
export const streamHead = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies may neither keep a stream nor compress it, which would hold events back.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}
