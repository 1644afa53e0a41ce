import { pipeline, type Readable } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

const decompressors = {
  gzip: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  'x-gzip': () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
}

/** What a browser says that it can read. */
export const acceptEncoding = 'gzip, deflate, br'

/** The bytes of a stream as they can be read, each as soon as it can. */
export function decompress(body: Readable, encoding: string | undefined): Readable {
  const make = Object.entries(decompressors).find(([name]) => name === encoding?.toLowerCase())?.[1]
  // What breaks the one breaks the other, and whoever reads is told.
  return make === undefined ? body : pipeline(body, make(), () => {})
}
