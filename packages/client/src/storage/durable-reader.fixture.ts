import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { createEventClient } from '../index.ts'
import { cursorStorage } from '../storage.ts'
import { lineOf, numbers } from '../system/lines.fixture.ts'

// A process that handles the numbers of a line durably, until it is killed. What it has handled stands in a file.

const [url = '', directory = '', mode = ''] = process.argv.slice(2)
const file = `${directory}/cursors.json`
const read = (): Record<string, string> => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {})

const client = createEventClient({
  url,
  backoff: { base: 20, floor: 5, cap: 50 },
  storage: cursorStorage({
    identity: 'reader',
    contract: numbers,
    store: {
      get: (key) => read()[key],
      set(key, text) {
        // Whenever it is killed, one of the two files is whole.
        writeFileSync(`${file}.new`, JSON.stringify({ ...read(), [key]: text }))
        renameSync(`${file}.new`, file)
      },
    },
  }),
})

const handled = (number: number) => appendFileSync(`${directory}/handled`, `${number}\n`)
if (mode === 'ack') {
  const subscription = client.subscribe(
    lineOf('a'),
    'said',
    (event) => {
      // Nobody waits for it, and they end in any order.
      void wait(Math.random() * 30).then(() => {
        handled(event.data.number)
        subscription.ack(event)
      })
    },
    { durable: 'reader', from: 'earliest', ack: 'manual' },
  )
} else {
  client.subscribe(
    lineOf('a'),
    'said',
    async ({ data }) => {
      if (data.number % 7 === 0) await wait(1)
      handled(data.number)
    },
    { durable: 'reader', from: 'earliest' },
  )
}
