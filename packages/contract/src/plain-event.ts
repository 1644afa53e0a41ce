import { DataError } from './errors.ts'
import type { EventDefinition } from './event.ts'
import type { Direction, PlainCodec } from './plain-codec.ts'

/** An event without a schema. */
export interface PlainEvent {
  /** @default 1 */
  readonly version?: number
  /** What changes between the wire and the type in code; nothing when absent. */
  readonly codec?: PlainCodec
}

/** An event whose data is taken as it comes, but for its codecs. It knows one version, the current one. */
export function definePlainEvent(subject: string, { version = 1, codec }: PlainEvent): EventDefinition {
  const run = (data: unknown, direction: Direction) => {
    try {
      return codec === undefined ? data : codec(data, direction, [])
    } catch (error) {
      throw new DataError(subject, 'invalid', error instanceof DataError ? error.issues : [], {
        cause: error,
      })
    }
  }
  return {
    version,
    encode: (data) => run(data, 'encode'),
    decode(data, from) {
      if (from === version) return run(data, 'decode')
      throw from > version
        ? new DataError(`${subject}: version ${from} is newer than the known ${version}`, 'newer-version')
        : new DataError(`${subject}: there is no upgrade from version ${from}`, 'no-upgrade')
    },
  }
}
