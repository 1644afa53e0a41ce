import type { Settings } from '../options.ts'
import { RefusalError } from '../request/refusal-error.ts'
import type { RefusalCause } from '../telemetry/server-stats.ts'
import type { Sessions } from './sessions.ts'
import { TokenBucket } from './token-bucket.ts'

type Key = string | undefined

/** Says whether one more stream may be opened. Those that are open never suffer for it. */
export class Gate {
  draining = false
  readonly #settings: Settings
  readonly #sessions: Sessions
  readonly #rate: TokenBucket

  constructor(settings: Settings, sessions: Sessions) {
    const { limits, clock } = settings
    this.#settings = settings
    this.#sessions = sessions
    this.#rate = new TokenBucket(limits.connectsPerSecond, limits.connectBurst, clock.now())
  }

  /** To be asked once for each request, before anything is spent on it. @throws RefusalError */
  enter(address: Key): void {
    this.check(address, undefined)
    if (!this.#rate.take(this.#settings.clock.now())) {
      throw unavailable('Too many streams are being opened at once', 'connectsPerSecond')
    }
  }

  /** To be asked again whenever it has waited: others may have come. @throws RefusalError */
  check(address: Key, principal: Key): void {
    const refusal = this.refusal(address, principal)
    if (refusal !== undefined) throw refusal
  }

  refusal(address: Key, principal: Key): RefusalError | undefined {
    const { limits, clock } = this.#settings
    if (this.draining) return unavailable('The server is shutting down', 'drain')
    if (this.#sessions.size >= limits.connections) {
      return unavailable(`All ${limits.connections} streams are taken`, 'connections')
    }
    if (this.#sessions.ofAddress(address) >= limits.connectionsPerAddress) {
      return tooMany(
        `All ${limits.connectionsPerAddress} streams of this address are open`,
        'connectionsPerAddress',
      )
    }
    if (this.#sessions.ofPrincipal(principal) >= limits.connectionsPerPrincipal) {
      return tooMany(
        `All ${limits.connectionsPerPrincipal} streams of this user are open`,
        'connectionsPerPrincipal',
      )
    }
    if (this.#sessions.buffered(clock.now()) >= limits.bufferedBytes) {
      return unavailable('Too much is waiting to be sent', 'bufferedBytes')
    }
    return undefined
  }
}

const unavailable = (detail: string, cause: RefusalCause) =>
  new RefusalError('unavailable', detail, { cause })
const tooMany = (detail: string, cause: RefusalCause) => new RefusalError('too-many', detail, { cause })
