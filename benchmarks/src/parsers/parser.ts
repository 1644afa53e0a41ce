/**
 * Makes a parser of one stream.
 *
 * @param take called with each event's data and id
 * @returns what takes the bytes
 */
export type CreateParser = (
  take: (data: string, id: string | undefined) => void,
) => (chunk: Uint8Array) => void
