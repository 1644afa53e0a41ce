import { readdirSync, readFileSync } from 'node:fs'

/** How long to wait for a process to stand still, in milliseconds. */
const patience = 2_000

/** Stops a process, and returns when all its threads stand still: the signal alone lets them answer for a moment. Where there is no `/proc`, it is sent and no more. */
export function freeze(pid: number | undefined): void {
  if (pid === undefined) return
  process.kill(pid, 'SIGSTOP')
  const until = performance.now() + patience
  while (!isStopped(pid) && performance.now() < until);
}

function isStopped(pid: number): boolean {
  try {
    const threads = `/proc/${pid}/task`
    // The state stands behind the name, which may have anything in it.
    return readdirSync(threads).every((thread) =>
      /\) [Tt] /.test(readFileSync(`${threads}/${thread}/stat`, 'utf8')),
    )
  } catch {
    return true
  }
}
