import { expect, it } from 'vitest'
import { type ConnectionStatus, describeConnection, describeReset } from './connection-words.ts'

it.each([
  [{ state: 'idle' }, 'Connecting…', 'Connecting'],
  [{ state: 'connecting' }, 'Connecting…', 'Connecting'],
  [{ state: 'open' }, 'Live', 'Live'],
  [{ state: 'paused' }, 'Paused', 'Paused'],
  [
    { state: 'waiting', reason: 'the server cannot be reached', nextAttemptAt: 3500 },
    'Disconnected: the server cannot be reached. Trying again in 3 s',
    'Disconnected: the server cannot be reached',
  ],
  [{ state: 'waiting', nextAttemptAt: 900 }, 'Disconnected. Trying again', 'Disconnected'],
  [{ state: 'waiting', reason: 'offline' }, 'Disconnected: offline', 'Disconnected: offline'],
  [{ state: 'closed' }, 'Closed. Reload to try again', 'Closed. Reload to try again'],
] as const satisfies readonly (readonly [ConnectionStatus, string, string])[])(
  '%j',
  (status, text, spoken) => {
    expect(describeConnection(status, 1000)).toMatchObject({ text, spoken })
  },
)

it('has words for every verdict, and for one that it does not know', () => {
  const verdicts = ['epoch', 'trimmed', 'ahead', 'diverged', 'invalid', 'novel']
  expect(new Set(verdicts.map(describeReset)).size).toBe(verdicts.length)
  expect(describeReset('novel')).toContain('novel')
})
