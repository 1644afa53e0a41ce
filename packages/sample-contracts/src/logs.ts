import { channel, defineContract, type EventOf, isoDate } from '@millrace/contract'
import * as z from 'zod'

/** How loud a line is, from the quietest to the loudest. `unknown` where the line does not tell. */
export const levels = ['unknown', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

export type Level = (typeof levels)[number]

/** One line of a file, without its line end. */
const line = z.object({
  /** As it stands in the file; bytes that are no UTF-8 are `U+FFFD`. */
  text: z.string(),
  level: z.enum(levels),
  /** The time that the line itself tells; `null` where it tells none. */
  at: z.nullable(isoDate),
  /** Where the line begins in its file, in bytes. */
  byte: z.int().nonnegative(),
  /** How many bytes of an overlong line were left out at its end; 0 for a whole line. */
  omitted: z.int().nonnegative(),
  /** Whether the line was in the file before it was followed. */
  earlier: z.boolean(),
})

const opened = z.object({
  /** Bytes in the file at that moment. */
  size: z.int().nonnegative(),
  /** Where reading begins. Above 0 when only the end of a long file is read. */
  from: z.int().nonnegative(),
})

/** What `live-logs` publishes: every line of the files that it follows, and what happens to the files themselves. */
export const logs = defineContract({
  name: 'logs',
  version: '1.0.0',
  channels: {
    files: channel('files/{file}', {
      // A short and lasting label: the path as seen from where the server was started.
      params: { file: z.string().min(1) },
      events: {
        line,
        /** Reading began: at the start of the server, or because the file came into being. */
        opened,
        /** The name stands for another file now, which is read from its beginning. */
        rotated: opened,
        /** The same file was emptied or written anew; it is read again from `from`. */
        truncated: opened,
        /** There is no such file at the moment. */
        missing: z.object({}),
        /** The file is there and cannot be read, for the reason given in words. It is tried again. */
        unreadable: z.object({ reason: z.string() }),
      },
    }),
  },
})

/** Any event of a followed file. */
export type FileEvent = EventOf<typeof logs.files>

/** A line as it goes into `publish`. */
export type Line = EventOf<typeof logs.files, 'line'>['data']
