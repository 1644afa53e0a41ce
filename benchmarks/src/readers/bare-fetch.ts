import type { Read } from './reader.ts'

/** The least that reads such a stream: each line once, the fields that count, and the data of each event as JSON. */
export const read: Read = async (url, take) => {
  const response = await fetch(`${url}/events`)
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let name = ''
  let id = ''
  let data = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const text = rest + decoder.decode(value, { stream: true })
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      if (end === start) {
        if (name === 'placed' && id !== '') take(JSON.parse(data))
        name = ''
      } else if (text.startsWith('data: ', start)) data = text.slice(start + 6, end)
      else if (text.startsWith('id: ', start)) id = text.slice(start + 4, end)
      else if (text.startsWith('event: ', start)) name = text.slice(start + 7, end)
      start = end + 1
    }
    rest = text.slice(start)
  }
}
