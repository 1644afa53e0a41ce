/** What the page needs to know of the connection. Times are in milliseconds since 1970. */
export interface ConnectionStatus {
  readonly state: 'idle' | 'connecting' | 'open' | 'waiting' | 'paused' | 'closed'
  /** Why it waits or is closed, in words. */
  readonly reason?: string | undefined
  readonly nextAttemptAt?: number | undefined
}

export interface ConnectionWords {
  readonly tone: 'good' | 'busy' | 'bad'
  /** In a word. */
  readonly label: string
  /** In full, with the time of the next attempt. */
  readonly text: string
  /** The same without what changes each second: for those who have it read to them. */
  readonly spoken: string
}

/** Puts the state of the connection in words. */
export function describeConnection(status: ConnectionStatus, now: number): ConnectionWords {
  const reason = status.reason === undefined ? '' : `: ${status.reason}`
  switch (status.state) {
    case 'open':
      return { tone: 'good', label: 'Live', text: 'Live', spoken: 'Live' }
    case 'idle':
    case 'connecting':
      return { tone: 'busy', label: 'Connecting…', text: 'Connecting…', spoken: 'Connecting' }
    // Nobody sees it: the page is put aside, and goes on when it is back.
    case 'paused':
      return { tone: 'busy', label: 'Paused', text: 'Paused', spoken: 'Paused' }
    case 'waiting': {
      const spoken = `Disconnected${reason}`
      return { tone: 'bad', label: 'Disconnected', text: `${spoken}${describeNext(status, now)}`, spoken }
    }
    case 'closed': {
      const spoken = `Closed${reason}. Reload to try again`
      return { tone: 'bad', label: 'Closed', text: spoken, spoken }
    }
  }
}

function describeNext({ nextAttemptAt }: ConnectionStatus, now: number): string {
  if (nextAttemptAt === undefined) return ''
  const seconds = Math.max(0, Math.ceil((nextAttemptAt - now) / 1000))
  return seconds === 0 ? '. Trying again' : `. Trying again in ${seconds} s`
}

/** Why the stream could not go on where it was, by the server's verdict. */
export function describeReset(verdict: string): string {
  const words: Readonly<Record<string, string>> = {
    epoch: 'The server was started anew: lines written while it was away may be missing here',
    trimmed: 'This page fell too far behind: lines are missing here',
    ahead: 'The server has lost lines that this page has shown',
    diverged: 'The history of the server has changed: lines may be missing here',
    invalid: 'The server did not know this page’s place any more: lines may be missing here',
  }
  return words[verdict] ?? `The stream began anew (${verdict}): lines may be missing here`
}
