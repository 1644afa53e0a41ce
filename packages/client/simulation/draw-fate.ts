import type { Random } from './random.ts'
import type { Chunks, CutKind, Fate } from './scenario.ts'

/** What becomes of one request that is not served well. */
export function drawFate(random: Random): Fate {
  const latency = random.pick([0, 1, 5, 60, 900])
  const deaf = random.chance(0.15)
  return random.weigh<() => Fate>([
    [
      6,
      () => ({
        kind: 'serve',
        latency,
        chunks: random.pick<Chunks>(['whole', 'split', 'drip']),
        ...(random.chance(0.7) && { cut: drawCut(random) }),
        deaf,
        poll: random.chance(0.15),
        farewell: random.pick([0, 3, 2_000, 10_000_000]),
      }),
    ],
    [
      3,
      () => {
        const status = random.weigh([
          [4, 503],
          [3, 429],
          [2, 401],
          [2, 200],
          [1, 500],
          [0.5, 408],
          [1, 302],
          [0.3, 204],
          [0.3, 403],
          [0.3, 404],
        ])
        return {
          kind: 'answer',
          latency,
          status,
          type: random.pick(['text/html', 'application/json', 'application/problem+json', '']),
          chunks: random.pick<Chunks>(['whole', 'split', 'drip']),
          ...(random.chance(0.3) && { cut: drawCut(random) }),
          ...(random.chance(0.3) && {
            retryAfter: { seconds: random.pick([0, 2, 20]), date: random.chance(0.3) },
          }),
          deaf,
        }
      },
    ],
    [2, () => ({ kind: 'fail', latency })],
    [1, () => ({ kind: 'hang', deaf })],
  ])()
}

function drawCut(random: Random): { readonly after: number; readonly how: CutKind } {
  return {
    after: random.chance(0.5) ? random.int(0, 130) : random.int(0, 600),
    how: random.pick<CutKind>(['error', 'end', 'stall']),
  }
}
