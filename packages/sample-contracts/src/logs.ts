import { channel, defineContract, type EventOf, isoDate } from '@millrace/contract'
import * as z from 'zod'

/** How loud a line is, from the quietest to the loudest. `unknown` where the line does not tell. */
export const levels = ['unknown', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

export type Level = (typeof levels)[number]

const line = z
  .object({
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
  .meta({
    description: 'One line of a file, without its line end',
    examples: [
      {
        text: '2026-11-21T09:05:07Z WARN disk 91 % full',
        level: 'warn',
        at: '2026-11-21T09:05:07.000Z',
        byte: 1024,
        omitted: 0,
        earlier: false,
      },
    ],
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
  title: 'Live logs',
  description: 'Every line of the files that are followed, and what happens to the files themselves.',
  channels: {
    files: channel('files/{file}', {
      description: 'One file, from the moment on that it is followed',
      params: {
        file: z
          .string()
          .min(1)
          .meta({
            description: 'A short and lasting label: the path as seen from where the server was started',
            examples: ['app.log'],
          }),
      },
      events: {
        line,
        opened: opened.meta({
          description: 'Reading began: at the start of the server, or because the file came into being',
        }),
        rotated: opened.meta({
          description: 'The name stands for another file now, which is read from its beginning',
        }),
        truncated: opened.meta({
          description: 'The same file was emptied or written anew; it is read again from `from`',
        }),
        missing: z.object({}).meta({ description: 'There is no such file at the moment' }),
        unreadable: z.object({ reason: z.string() }).meta({
          description:
            'The file is there and cannot be read, for the reason given in words. It is tried again',
          examples: [{ reason: 'EACCES: permission denied' }],
        }),
      },
    }),
  },
})

/** Any event of a followed file. */
export type FileEvent = EventOf<typeof logs.files>

/** A line as it goes into `publish`. */
export type Line = EventOf<typeof logs.files, 'line'>['data']
