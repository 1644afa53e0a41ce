import type { CandidateName } from '../candidates.ts'
import type { Results } from '../results.ts'
import { median } from '../statistics.ts'

/** What a figure has to be. */
export interface Target {
  readonly text: string
  readonly limit: number
  readonly unit: string
  readonly value: number
}

/** What was promised, and what was measured. */
export function targetsOf(results: Results): readonly Target[] {
  const value = (scenario: string, peer: CandidateName, metric: string) =>
    measuredValue(results, scenario, peer, metric) ?? Number.NaN
  const ratio = (scenario: string, peer: CandidateName, metric: string, reference: CandidateName) =>
    value(scenario, peer, metric) / value(scenario, reference, metric)
  return [
    [
      'One event a tick, beside the bare `socket.write` loop',
      1.15,
      '×',
      ratio('fan-out', 'millrace', 'one', 'raw-socket'),
    ],
    [
      'Ten events a tick, beside the joined loop',
      1.3,
      '×',
      ratio('fan-out', 'millrace', 'ten', 'raw-joined'),
    ],
    ['An idle connection, Node listener', 6, 'KB', value('idle', 'millrace', 'memory')],
    ['An idle connection in Express', 18, 'KB', value('idle', 'millrace-express', 'memory')],
    ['An idle connection in Hono', 18, 'KB', value('idle', 'millrace-hono', 'memory')],
    ['An idle stream over HTTP/2', 7, 'KB', value('idle', 'millrace-http2', 'memory')],
    ['Heartbeats of 10,000 connections', 5, '% of a core', value('idle', 'millrace', 'heartbeats')],
    [
      'Connecting, beside bare `node:http`',
      1.4,
      '×',
      ratio('connecting', 'millrace', 'connect', 'raw-response'),
    ],
    [
      'Resuming over 100 events, beside bare `node:http`',
      2,
      '×',
      ratio('connecting', 'millrace', 'resume', 'raw-response'),
    ],
    ['Storm: until all have everything', 10, 's', value('storm', 'millrace', 'seconds')],
    ['Storm: peak memory', 1.5, '× before', value('storm', 'millrace', 'memory')],
    ['Storm: reads of the log', 1, '', value('storm', 'millrace', 'reads')],
    [
      '10,000 topics beside one, a delivery from publishing on',
      1.5,
      '×',
      ratio('topics', 'millrace-topics', 'delivery', 'millrace'),
    ],
    [
      '10,000 topics beside one, a delivery beyond publishing',
      1.5,
      '×',
      ratio('topics', 'millrace-topics', 'beyond', 'millrace'),
    ],
    ['An event nobody hears, beyond encoding', 3, 'µs', value('unheard', 'millrace', 'beyond')],
    ['99 % of deliveries within', 10, 'ms', value('latency', 'millrace', 'p99')],
    ['Soak: growth of the heap', 1.02, '×', value('soak', 'millrace', 'growth')],
    ...(['large', 'small'] as const).flatMap((metric) => {
      const size = metric === 'large' ? '64 KB' : '1 KB'
      return [
        [
          `Parsing chunks of ${size}, beside eventsource-parser`,
          1,
          '×',
          ratio('parser', 'millrace-parser', metric, 'eventsource-parser'),
        ],
        [
          `Parsing chunks of ${size} with further fields to read, beside eventsource-parser on the same`,
          1.3,
          '×',
          ratio('parser', 'millrace-parser-fields', metric, 'eventsource-parser-fields'),
        ],
        [
          `The client with chunks of ${size}, beside a bare loop`,
          1.25,
          '×',
          ratio('clients', 'millrace-client', metric, 'bare-fetch'),
        ],
      ]
    }),
  ].map(([text, limit, unit, value]) => ({ text, limit, unit, value }) as Target)
}

/** What has to be known about the table to read it rightly. */
export const targetNotes = `From publishing on, a delivery of 10,000 topics cannot come near one of a shared topic: each has a publication of its own to pay for,
checked, encoded, stored and acknowledged for one subscriber, of which the other pays a ten-thousandth. Beyond publishing both do the same work, and what is left between them
is the frame of each event, made for one socket.`

/** The median of a metric; `undefined` where it was not measured. */
export function measuredValue(
  results: Results,
  scenario: string,
  peer: CandidateName,
  metric: string,
): number | undefined {
  const result = results.scenarios.find((result) => result.scenario === scenario)
  const values = result?.peers.find((result) => result.peer === peer)?.values[metric]
  return values === undefined ? undefined : median(values)
}
