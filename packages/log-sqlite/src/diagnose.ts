import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type LogFinding, type LogUse, retentionFinding } from '@millrace/log'
import { Mark } from './mark.ts'
import type { Settings } from './options.ts'

type Judgement = Pick<LogFinding, 'level' | 'message' | 'cure'>

const network: Judgement = {
  level: 'fault',
  message: 'The file lies on a network file system, whose locks SQLite cannot rely on: it may be destroyed',
  cure: 'Put it on a disk of this machine; for several machines take another log (docs/choosing-a-log.md)',
}
const memory: Judgement = {
  level: 'warn',
  message: 'The file lies in memory (tmpfs), and is gone when the machine is restarted',
  cure: 'Put it on a disk, unless that may be lost',
}
const container: Judgement = {
  level: 'warn',
  message: "The file lies on a container's own layer (overlayfs), and is gone with the container",
  cure: 'Put it on a volume, unless this is none or that may be lost',
}

// Magic numbers of Linux: statfs(2).
const fileSystems: ReadonlyMap<number, Judgement> = new Map([
  [0x6969, network],
  [0x517b, network],
  [0xff534d42, network],
  [0xfe534d42, network],
  [0x01021994, memory],
  [0x858458f6, memory],
  [0x794c7630, container],
])

/** Looks whether a log's file lies where it can be kept, and changes nothing. */
export function diagnose(settings: Settings, use?: LogUse): readonly LogFinding[] {
  const { path, maxBytes, maxAge } = settings
  const { type, bavail, bsize } = statfsSync(dirname(path))
  return [
    fileSystemFinding(type),
    roomFinding(bavail * bsize, maxBytes - (statSync(path, { throwIfNoEntry: false })?.size ?? 0)),
    markFinding(path),
    retentionFinding(maxAge, use),
  ]
}

function fileSystemFinding(type: number): LogFinding {
  // Others number theirs otherwise.
  const judgement = process.platform === 'linux' ? fileSystems.get(type >>> 0) : undefined
  const fine: Judgement = { level: 'ok', message: 'What was acknowledged is on the disk' }
  return { subject: 'file', ...(judgement ?? fine) }
}

function roomFinding(free: number, growth: number): LogFinding {
  const subject = 'disk'
  if (free >= growth) return { level: 'ok', subject, message: `It has ${megabytes(free)} free` }
  return {
    level: 'warn',
    subject,
    message: `It has ${megabytes(free)} free, and the log may grow by ${megabytes(growth)}: appends are refused once it is full`,
    cure: 'Make room, or keep less (maxBytes)',
  }
}

function markFinding(path: string): LogFinding {
  const subject = 'mark'
  if (new Mark(path).isWritable) {
    return { level: 'ok', subject, message: 'Other processes are told of events as they are appended' }
  }
  return {
    level: 'warn',
    subject,
    message: `${path}-mark cannot be written: other processes find events by polling alone, and an older copy that is put back is not noticed`,
    cure: 'Let the process write it, as it writes the file itself',
  }
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 ** 2).toLocaleString('en')} MiB`
}
