import { type ConnectionStatus, describeConnection } from './connection-words.ts'
import { byId, setText } from './dom.ts'

/** Shows how the connection is, counts down to the next attempt, and has changes read aloud. */
export function setUpConnectionView(): { show(status: ConnectionStatus): void } {
  const place = byId('connection', HTMLParagraphElement)
  const words = byId('connection-words', HTMLSpanElement)
  const banner = byId('banner', HTMLParagraphElement)
  const announcer = byId('announcer', HTMLParagraphElement)
  /** Whether it failed since it last was open: the banner then stays while it tries again. */
  let failed = false
  let timer: ReturnType<typeof setInterval> | undefined

  function draw(status: ConnectionStatus): void {
    const { tone, label, text, spoken } = describeConnection(status, Date.now())
    place.dataset.tone = tone
    setText(words, label)
    failed = tone === 'bad' || (failed && tone !== 'good')
    banner.hidden = !failed
    setText(banner, text)
    setText(announcer, spoken)
  }

  return {
    show(status) {
      clearInterval(timer)
      timer = status.nextAttemptAt === undefined ? undefined : setInterval(() => draw(status), 250)
      draw(status)
    },
  }
}
