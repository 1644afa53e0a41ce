import { formatStreamRequest, protocolVersion } from '@millrace/protocol'
import { type Finding, fault, warning } from '../finding.ts'
import { type Answer, NoAnswerError } from './answer.ts'
import { ask, type Question } from './ask.ts'
import { acceptEncoding, decompress } from './decompress.ts'
import { delayOfFirstFrame } from './delay.ts'
import { judgeFailure } from './judge-failure.ts'
import { judgeHead, judgeRefusal } from './judge-head.ts'
import { judgeStream, marginOf, unbuffer } from './judge-stream.ts'
import { watch } from './watch.ts'

/** What is to be looked at, and for how long. */
export interface ProbeOptions {
  readonly url: URL
  readonly topics: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  /** How long to watch, in seconds; from one heartbeat to the next where it is not said. */
  readonly seconds: number | undefined
  readonly signal: AbortSignal
  /** Told for how long the stream is now watched at most, in milliseconds. */
  readonly onWatching: (time: number) => void
}

/** How long the head and the first block may take, and how long a stream is watched that announces no heartbeat, in milliseconds. */
const patience = 10_000

const mostRedirects = 5

/** Opens a real stream, watches what comes of it, and judges that. Never rejects for what the other side does. */
export async function probe(options: ProbeOptions): Promise<readonly Finding[]> {
  const timeout = Math.min(patience, (options.seconds ?? Number.POSITIVE_INFINITY) * 1_000)
  const needed = { accept: 'text/event-stream', 'accept-encoding': acceptEncoding }
  const findings: Finding[] = []
  const { signal } = options
  let question: Question = {
    url: streamUrl(options),
    method: 'GET',
    headers: { ...needed, ...options.headers },
    timeout,
    signal,
  }
  let answer: Answer
  try {
    answer = await ask(question)
    for (let redirects = 0; redirects < mostRedirects; redirects += 1) {
      const target = redirectOf(answer, question.url)
      if (target === undefined) break
      answer.close()
      findings.push(redirectFinding(answer.status, target))
      // As clients do: headers may be credentials.
      const headers = target.origin === question.url.origin ? question.headers : needed
      question = { ...question, url: target, headers }
      answer = await ask(question)
    }
  } catch (error) {
    if (!(error instanceof NoAnswerError)) return [...findings, judgeFailure(error)]
    return [...findings, await judgeSilence(question)]
  }
  try {
    return [...findings, ...(await judgeAnswer(answer, question, options))]
  } finally {
    answer.close()
  }
}

function streamUrl({ url, topics }: ProbeOptions): URL {
  const target = new URL(url)
  const query = formatStreamRequest({
    topics: topics.map((address) => ({ address })),
    version: protocolVersion,
  })
  for (const [name, value] of query) target.searchParams.append(name, value)
  return target
}

async function judgeAnswer(
  answer: Answer,
  question: Question,
  { seconds, onWatching }: ProbeOptions,
): Promise<readonly Finding[]> {
  const { timeout: first, signal } = question
  const body = decompress(answer.body, answer.headers['content-encoding'])
  if (answer.status !== 200 || !/^text\/event-stream\b/i.test(answer.headers['content-type'] ?? '')) {
    return [judgeRefusal(answer, await beginningOf(body, first))].filter((finding) => finding !== undefined)
  }
  const sight = await watch(body, {
    first,
    rest(open) {
      const time = seconds === undefined ? timeToWatch(open?.heartbeat) : seconds * 1_000
      onWatching(time)
      return time
    },
    // From one to the next is the longest silence that there is: what cuts a stream, or gathers, does it then.
    beats: seconds === undefined ? 2 : Number.POSITIVE_INFINITY,
    signal,
  })
  const { firstFrame } = sight
  const delay =
    firstFrame === undefined || sight.ended !== undefined
      ? undefined
      : // Whatever goes wrong now did not when it was watched.
        await delayOfFirstFrame(question, answer, firstFrame).catch(() => undefined)
  return [...judgeHead(answer), ...judgeStream(sight, delay)]
}

function timeToWatch(heartbeat: number | undefined): number {
  return heartbeat === undefined ? patience : 2 * heartbeat + marginOf(heartbeat)
}

/** Why there is no answer: whoever answers for the head alone holds the rest back. */
async function judgeSilence(question: Question): Promise<Finding> {
  const { timeout, signal } = question
  const waited = `${timeout / 1_000} s`
  try {
    const head = await ask({ ...question, method: 'HEAD' })
    head.close()
    return fault(
      'buffering',
      `No stream begins within ${waited}, while its head alone is answered at once (${head.status}): something on the way keeps an answer until it ends, so no event arrives`,
      unbuffer,
    )
  } catch {
    return fault(
      'answer',
      signal.aborted
        ? 'None until it was interrupted'
        : `None within ${waited}, neither to a stream nor for its head alone`,
      'Look whether the server runs and its log answers (/ready), and whether what stands between reaches it',
    )
  }
}

function redirectOf({ status, headers }: Answer, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return undefined
  return URL.canParse(headers.location, from.href) ? new URL(headers.location, from) : undefined
}

function redirectFinding(status: number, { origin, pathname }: URL): Finding {
  return warning(
    'redirect',
    `${status} to ${origin}${pathname}: each time that a client comes back it asks twice, and to another origin it takes no headers along`,
    'Give clients that address',
  )
}

/** Enough of a body to tell what it says. */
async function beginningOf(body: AsyncIterable<Buffer>, timeout: number): Promise<string> {
  let text = ''
  const read = async () => {
    for await (const chunk of body) {
      text += chunk
      if (text.length > 65_536) return
    }
  }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeout)
  })
  await Promise.race([read().catch(() => {}), late])
  clearTimeout(timer)
  return text
}
