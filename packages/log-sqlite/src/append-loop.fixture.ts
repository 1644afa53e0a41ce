import { writeSync } from 'node:fs'
import { callSize } from './call-size.fixture.ts'
import { sqliteLog } from './index.ts'

// A publisher in a process of its own: appends without end, or so many records, and says on its standard output what was acknowledged,
// a line each: the record's number and its offset. Arguments: file, name of the writer, first number, how many.
const [file = '', writer = '', from = '0', count = 'Infinity'] = process.argv.slice(2)

const log = sqliteLog({ file, maxRecords: 10_000_000 })
let next = Number(from)
const end = next + Number(count)

async function publish(): Promise<void> {
  while (next < end) {
    const number = next
    // Calls of one record and of several, some with keys.
    const size = Math.min(callSize(number), end - number)
    next += size
    const positions = await log.append(
      Array.from({ length: size }, (_, index) => ({
        topic: `writers/${writer}`,
        event: 'placed',
        version: 1,
        time: Date.now(),
        data: JSON.stringify({ writer, number: number + index, filler: 'x'.repeat(number % 500) }),
        ...(number % 2 === 0 ? { key: `${writer}-${number + index}` } : {}),
      })),
    )
    const lines = positions.map(({ offset }, index) => `${number + index} ${offset}\n`)
    // Synchronously, so that what is said was acknowledged, and what was acknowledged is said as far as possible.
    writeSync(1, lines.join(''))
  }
}

await Promise.all([publish(), publish(), publish()])
await log.close()
