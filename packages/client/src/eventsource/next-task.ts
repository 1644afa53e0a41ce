// Taken at once, so that a test which fakes the timers later does not stop the events.
const { setImmediate, MessageChannel, setTimeout } = globalThis as {
  readonly setImmediate?: (task: () => void) => unknown
  readonly MessageChannel?: typeof globalThis.MessageChannel
  readonly setTimeout: (task: () => void) => unknown
}

const waiting: (() => void)[] = []
let port: MessagePort | undefined

/** Resolves in a task of its own: whatever promises had to say before has been said by then. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (setImmediate) setImmediate(resolve)
    // Timers of a page are held back by four milliseconds, and by a second in the background.
    else if (MessageChannel) postTask(resolve, MessageChannel)
    else setTimeout(resolve)
  })
}

function postTask(task: () => void, Channel: typeof globalThis.MessageChannel): void {
  if (port === undefined) {
    const { port1, port2 } = new Channel()
    port1.onmessage = () => waiting.shift()?.()
    port = port2
  }
  waiting.push(task)
  port.postMessage(undefined)
}
