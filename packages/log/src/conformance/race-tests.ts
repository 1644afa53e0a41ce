import type { Log } from '../log.ts'
import { type Explore, exploreFrom } from './explore.ts'
import type { ConformanceRunner, LogHarness } from './harness.ts'
import { type RaceTrack, race } from './race.ts'
import { withStage } from './stage.ts'
import { WakeValve } from './wake-valve.ts'

const defaultInterleavings = 300

// A test each, so that none of them takes long however many interleavings there are.
const parts = 20

/** Where a race takes place, by what is special about it. */
type Tracks<L extends Log> = Readonly<
  Record<string, (run: (track: RaceTrack<L>) => Promise<void>) => Promise<void>>
>

/** Races of appends, reads, trims and tails, in many interleavings. */
export function raceTests<L extends Log>(harness: LogHarness<L>, runner: ConformanceRunner): void {
  const tracks = Object.entries(tracksOf(harness))
  const runs = Math.ceil((harness.interleavings ?? defaultInterleavings) / tracks.length / parts)
  for (const [name, onTrack] of tracks) {
    for (let part = 1; part <= parts; part += 1) {
      const explore: Explore = runner.explore ?? exploreFrom(part)
      runner.it(`keeps every promise in ${runs} races ${name}, part ${part} of ${parts}`, () =>
        explore((choices) => onTrack((track) => race(track, choices)), runs),
      )
    }
  }
}

function tracksOf<L extends Log>(harness: LogHarness<L>): Tracks<L> {
  const join = harness.join?.bind(harness)
  const openWith = harness.openWith?.bind(harness)
  return {
    'on one log': (run) => withStage(harness, (stage) => run({ stage, harness, logs: [stage.log] })),
    ...(join === undefined
      ? {}
      : {
          'on two logs of one history': (run) =>
            withStage(harness, async (stage) =>
              run({ stage, harness, logs: [stage.log, stage.keep(await join(stage.log))] }),
            ),
        }),
    ...(openWith === undefined
      ? {}
      : {
          'with wakes that are held back, lost and doubled': (run) => {
            const valve = new WakeValve()
            const open = () => openWith(valve.wake)
            return withStage({ ...harness, open }, (stage) =>
              run({ stage, harness, logs: [stage.log], valve }),
            )
          },
        }),
  }
}
