import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createFetchSink } from './fetch-sink.ts'

const kibibytes = (count: number) => ({ bytes: new Uint8Array(count * 1024), length: count * 1024 })

function createSink(signal?: AbortSignal) {
  const told: string[] = []
  const sink = createFetchSink(
    { drained: () => told.push('drained'), closed: () => told.push('closed') },
    signal && { signal },
  )
  return { sink, told, reader: sink.body.getReader() }
}

// All that streams do by themselves is done by then.
const settled = () => wait(0)

it('takes bytes before anybody reads, until there is enough', async () => {
  const { sink, told } = createSink()
  expect(sink.write(kibibytes(40))).toBe(true)
  expect(sink.buffered).toBe(40 * 1024)
  expect(sink.write(kibibytes(40))).toBe(false)
  expect(sink.buffered).toBe(80 * 1024)
  await settled()
  expect(told).toEqual([])
})

it('says once that there is room again', async () => {
  const { sink, told, reader } = createSink()
  sink.write(kibibytes(40))
  sink.write(kibibytes(40))
  await reader.read()
  await settled()
  expect(told).toEqual(['drained'])
  await reader.read()
  await settled()
  expect(told).toEqual(['drained'])
  expect(sink.buffered).toBe(0)
})

it('hands over the very bytes, which others share', async () => {
  const { sink, reader } = createSink()
  const parcel = kibibytes(1)
  const { bytes } = parcel
  sink.write(parcel)
  expect((await reader.read()).value).toBe(bytes)
  expect(bytes.byteLength).toBe(1024)
})

describe('end', () => {
  it('delivers what was taken before, and only then says that it is over', async () => {
    const { sink, told, reader } = createSink()
    sink.write(kibibytes(100))
    sink.write(kibibytes(1))
    sink.end()
    await settled()
    expect(told).toEqual([])
    expect(sink.buffered).toBe(101 * 1024)
    expect((await reader.read()).value?.byteLength).toBe(100 * 1024)
    await settled()
    expect(told).toEqual([])
    expect((await reader.read()).value?.byteLength).toBe(1024)
    expect(await reader.read()).toEqual({ done: true, value: undefined })
    expect(told).toEqual(['closed'])
    expect(sink.buffered).toBe(0)
  })

  it('is at once where nothing waits', async () => {
    const { sink, told, reader } = createSink()
    const read = reader.read()
    sink.end()
    expect(told).toEqual(['closed'])
    expect((await read).done).toBe(true)
  })

  it('takes no more bytes, and can be said again', async () => {
    const { sink, told, reader } = createSink()
    sink.write(kibibytes(1))
    sink.end()
    expect(sink.write(kibibytes(1))).toBe(false)
    sink.end()
    await reader.read()
    expect((await reader.read()).done).toBe(true)
    sink.end()
    sink.destroy()
    expect(told).toEqual(['closed'])
  })

  it('gives way to destroy while bytes wait', async () => {
    const { sink, told, reader } = createSink()
    sink.write(kibibytes(1))
    sink.end()
    sink.destroy()
    expect(told).toEqual(['closed'])
    await expect(reader.read()).rejects.toThrow()
  })
})

describe('a client that leaves', () => {
  it('by cancelling the body', async () => {
    const { sink, told, reader } = createSink()
    sink.write(kibibytes(1))
    await reader.cancel()
    expect(told).toEqual(['closed'])
    expect(sink.write(kibibytes(1))).toBe(false)
    expect(sink.buffered).toBe(0)
  })

  it('by aborting the request, which is no failure', async () => {
    const leaving = new AbortController()
    const { sink, told, reader } = createSink(leaving.signal)
    sink.write(kibibytes(1))
    leaving.abort()
    expect(told).toEqual(['closed'])
    expect(sink.write(kibibytes(1))).toBe(false)
    expect(await reader.read()).toMatchObject({ done: false })
    expect(await reader.read()).toMatchObject({ done: true })
  })

  it('by both, is told once', async () => {
    const leaving = new AbortController()
    const { told, reader } = createSink(leaving.signal)
    await reader.cancel()
    leaving.abort()
    expect(told).toEqual(['closed'])
  })

  it('while the last bytes wait', async () => {
    const { sink, told, reader } = createSink()
    sink.write(kibibytes(1))
    sink.end()
    await reader.cancel()
    expect(told).toEqual(['closed'])
  })
})

it('lets go of the request once it is over', async () => {
  const signal = new AbortController().signal
  let listeners = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listeners += 1
    add(...given)
  }
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listeners -= 1
    remove(...given)
  }
  const { sink } = createSink(signal)
  expect(listeners).toBe(1)
  sink.end()
  expect(listeners).toBe(0)
})
