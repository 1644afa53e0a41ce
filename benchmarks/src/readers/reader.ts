import type { BenchmarkEvent } from '../event.ts'

/**
 * Reads the stream at an address for as long as the process lives.
 *
 * @param url under which the client may ask for any path
 * @param take called with each event, its data read as JSON
 */
export type Read = (url: string, take: (event: BenchmarkEvent) => void) => void
