const eventStream = ['text/event-stream', 'text/*', '*/*']

/**
 * Whether an `Accept` header lets an event stream through. `EventSource` says exactly `text/event-stream`, curl any type,
 * and some say nothing, which means any type too.
 */
export function acceptsEventStream(accept: string | undefined): boolean {
  if (accept === undefined || accept === eventStream[0] || accept.trim() === '') return true
  const ranges = accept.toLowerCase().split(',').map(readRange)
  // [RFC 9110 §12.5.1] The most specific range that matches has precedence, wherever it stands.
  for (const type of eventStream) {
    const range = ranges.find((range) => range.type === type)
    if (range !== undefined) return range.wanted
  }
  return false
}

function readRange(text: string): { readonly type: string; readonly wanted: boolean } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim())
  return { type, wanted: !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) }
}
