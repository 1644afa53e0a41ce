import type { EngineWatcher } from '@millrace/log/engine'
import { answerOf } from './errors.ts'
import { BrokenHistoryError, type History } from './history.ts'
import type { Settings } from './options.ts'
import { Topic } from './topic.ts'

/** How long Kafka is asked to wait for news, in milliseconds. An answer that is overdue means that it is frozen, or the connection dead. */
const waitTime = 1_000

/** How long to wait after a failure, in milliseconds. */
const failureDelay = 200

interface NewsOptions {
  readonly settings: Settings
  /** What is known by now. */
  readonly history: () => Promise<History>
  /** Told that what was known is not what is there any more. */
  readonly broken: (history: History) => void
  readonly watcher: EngineWatcher
}

/** Waits on a connection of its own for what is added, and takes it, until what it returns is called. */
export function awaitNews({ settings, history: known, broken, watcher }: NewsOptions): () => void {
  const topic = new Topic(settings, waitTime)
  let stopped = false
  let endWait: (() => void) | undefined

  async function look(): Promise<void> {
    const history = await known()
    const from = history.end
    try {
      // What this process has written itself is known by now.
      const { entries, next, time } = await topic.fetch(from, waitTime, () => history.end)
      if (stopped) return
      history.take(entries, from, next, time)
      if (next > from) watcher.wake()
    } catch (error) {
      const answer = answerOf(error)
      const isGone =
        error instanceof BrokenHistoryError ||
        answer === 'OFFSET_OUT_OF_RANGE' ||
        answer === 'UNKNOWN_TOPIC_ID'
      if (!isGone) throw error
      broken(history)
      if (!stopped) watcher.wake()
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      try {
        await look()
      } catch (error) {
        if (stopped) return
        watcher.failed(error)
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
    topic.close()
  }
}
