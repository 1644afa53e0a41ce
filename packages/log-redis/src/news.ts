import type { EngineWatcher } from '@millrace/log/engine'
import type { Link } from './link.ts'

/** How long Redis is asked to wait for news, in milliseconds. An answer that is overdue means that it is frozen, or the connection dead. */
const blockTime = 2_000

/** How long to wait after a failure, in milliseconds. */
const failureDelay = 200

/** Waits on a connection of its own for records to be added, until what it returns is called. */
export function awaitNews(link: Link, stream: string, { wake, failed }: EngineWatcher): () => void {
  let stopped = false
  let endWait: (() => void) | undefined

  async function run(): Promise<void> {
    let last: string | undefined
    while (!stopped) {
      try {
        // Asked each time: what is added from here on ends the next wait, whatever was added or trimmed before.
        const newest = await newestId(link, stream)
        if (newest !== last) wake()
        last = newest
        await link.run(['XREAD', 'COUNT', '1', 'BLOCK', `${blockTime}`, 'STREAMS', stream, newest], blockTime)
      } catch (error) {
        if (stopped) return
        failed(error)
        last = undefined
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, failureDelay)
          endWait = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    }
  }

  void run()
  return () => {
    stopped = true
    endWait?.()
  }
}

async function newestId(link: Link, stream: string): Promise<string> {
  const [entry] = (await link.run(['XREVRANGE', stream, '+', '-', 'COUNT', '1'])) as readonly [string][]
  return entry?.[0] ?? '0-0'
}
