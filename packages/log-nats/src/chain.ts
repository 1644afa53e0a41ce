import type { AppendedRecord } from '@millrace/log/engine'
import type { Msg } from '@nats-io/transport-node'
import { apiCode, refusal } from './errors.ts'
import type { Line } from './link.ts'
import { headersOf, sizeOf } from './record.ts'

/** How much is sent before the server has answered: in messages, and about in bytes. */
const pieceLength = 250
const pieceSize = 1_048_576

/** A record on its way. */
export interface Link {
  readonly record: AppendedRecord
  /** What its subject ends with. */
  readonly path: string
  /** What the server is to know it by in other topics. */
  readonly id: string | undefined
}

/** Where a chain begins. */
export interface Base {
  /** What the subjects begin with. */
  readonly prefix: string
  readonly offset: number
  readonly tag: string | undefined
}

/**
 * What the server said to one record: where it is (`appended`), that it has one with this id and where (`known`), that it may have one with
 * this key (`held`), or that it stands elsewhere than it should (`broken`).
 */
export interface Answer {
  readonly verdict: 'appended' | 'known' | 'held' | 'broken'
  readonly offset: number
}

interface Acknowledgement {
  readonly seq?: number
  readonly duplicate?: boolean
  readonly error?: { readonly err_code: number; readonly description: string }
}

/**
 * Publishes records next to each other behind a place, and answers for each that was sent. Each message says after which place it has to
 * come, so the first that does not breaks the chain, and those behind it break with it, unless somebody else fills the gap in the same
 * moment. Hence the first goes alone: once that stands, others wait for the end of the call.
 *
 * @throws LogEngineError where the server refuses one for a reason of its own
 */
export async function publishChain(
  line: Line,
  links: readonly Link[],
  base: Base,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  while (answers.length < links.length) {
    const from = answers.length
    const end = from === 0 ? 1 : endOfPiece(links, from)
    const replies = await publishPiece(line, links, base, from, end)
    const refused = replies.find(({ error }) => error && !isConflict(error.err_code))?.error
    if (refused) throw refusal(refused.err_code, refused.description)
    answers.push(...replies.map((reply, index) => answerOf(reply, links[from + index] as Link, base)))
    if (answers.some(({ verdict }) => verdict !== 'appended')) break
  }
  return answers
}

async function publishPiece(
  line: Line,
  links: readonly Link[],
  { prefix, offset, tag }: Base,
  from: number,
  end: number,
): Promise<readonly Acknowledgement[]> {
  const acknowledgements: Acknowledgement[] = []
  let count = 0
  const replies = line.replies((message, index) => {
    acknowledgements[index - from] = acknowledgementOf(message)
    count += 1
    return count === end - from ? acknowledgements : undefined
  })
  for (let index = from; index < end; index += 1) {
    const { record, path, id } = links[index] as Link
    const before = index === 0 ? tag : links[index - 1]?.record.tag
    const headers = headersOf(record, { before, left: links.length - 1 - index })
    headers.set('Nats-Expected-Last-Sequence', `${offset + index}`)
    if (id !== undefined) {
      headers.set('Nats-Msg-Id', id)
      headers.set('Nats-Expected-Last-Subject-Sequence', '0')
    }
    line.connection.publish(`${prefix}.${path}`, record.data, { headers, reply: replies.subject(index) })
  }
  return replies.done
}

function endOfPiece(links: readonly Link[], from: number): number {
  let size = 0
  let end = from
  while (end < links.length && end - from < pieceLength && size < pieceSize) {
    size += sizeOf((links[end] as Link).record)
    end += 1
  }
  return end
}

function answerOf({ seq = 0, duplicate, error }: Acknowledgement, { id }: Link, base: Base): Answer {
  if (!error && seq > 0) return { verdict: duplicate ? 'known' : 'appended', offset: seq }
  // Told is the last place of the log, or that of the subject. Only the latter can lie before the chain.
  const told = Number(/\d+$/.exec(error?.description ?? '')?.[0] ?? Number.NaN)
  return { verdict: id !== undefined && told <= base.offset ? 'held' : 'broken', offset: 0 }
}

const conflicts: ReadonlySet<number> = new Set([
  apiCode.wrongLastSequence,
  apiCode.wrongLastSequenceUnknown,
  apiCode.keyUnderWay,
])
const isConflict = (code: number) => conflicts.has(code)

function acknowledgementOf(message: Msg): Acknowledgement {
  // Nobody listens: there is no stream, or none that has a leader. Whoever asks for its state finds out.
  return message.data.length === 0 ? {} : message.json<Acknowledgement>()
}
