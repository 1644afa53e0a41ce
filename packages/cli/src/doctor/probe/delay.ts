import { type Answer, NoAnswerError } from './answer.ts'
import { ask, type Question } from './ask.ts'
import { decompress } from './decompress.ts'
import { watch } from './watch.ts'

/** From when on a delay is more than chance, in milliseconds. HAProxy without `option http-no-delay` makes one of 200. */
export const largestDelay = 150

/** How often something late is asked for again. */
const repeats = 2

/**
 * By how much the first block of a stream comes later than the head alone, which is a whole answer and so is held back by nobody, in
 * milliseconds. The middle one of several, where it is late: one may be so by chance.
 *
 * @param question what the stream was asked for with
 * @param answer the answer to it
 * @param firstFrame when its first block came, in milliseconds after its head
 * @throws whatever comes of asking again, such as NoAnswerError
 */
export async function delayOfFirstFrame(
  question: Question,
  answer: Answer,
  firstFrame: number,
): Promise<number> {
  const delays = [answer.took + firstFrame - (await headTook(question))]
  if ((delays[0] ?? 0) > largestDelay) {
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      delays.push((await frameTook(question)) - (await headTook(question)))
    }
  }
  return delays.sort((one, other) => one - other)[Math.floor(delays.length / 2)] ?? 0
}

async function headTook(question: Question): Promise<number> {
  const { close, took } = await ask({ ...question, method: 'HEAD' })
  close()
  return took
}

async function frameTook(question: Question): Promise<number> {
  const answer = await ask(question)
  const { status, headers, took, close } = answer
  const { signal, timeout: first } = question
  try {
    if (status !== 200) throw new NoAnswerError(`${status} this time`)
    const body = decompress(answer.body, headers['content-encoding'])
    const { firstFrame = first } = await watch(body, { first, rest: () => 0, beats: 1, signal })
    return took + firstFrame
  } finally {
    close()
  }
}
