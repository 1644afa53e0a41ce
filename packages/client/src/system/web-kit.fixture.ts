import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Opens a page in WebKitGTK's own browser. Nobody drives it: a page goes where it wants by itself, and tells what it finds by requests.
 *
 * @returns what ends it
 */
export async function openInWebKit(program: string, url: string): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-webkit-'))
  const screen = spawn('Xvfb', ['-displayfd', '1', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const display = await new Promise<string>((resolve, reject) => {
    screen.stdout.once('data', (text) => resolve(String(text).trim()))
    screen.once('error', reject)
    screen.once('exit', () => reject(new Error('There is no screen')))
  })
  const child = spawn(program, ['--private', url], {
    env: { ...process.env, DISPLAY: `:${display}`, HOME: home, LIBGL_ALWAYS_SOFTWARE: '1' },
    stdio: 'ignore',
    // With all that it starts itself.
    detached: true,
  })
  return async () => {
    await end(child, true)
    await end(screen, false)
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function end(child: ChildProcess, isGroup: boolean): Promise<void> {
  const { pid, exitCode, signalCode } = child
  if (pid === undefined || exitCode !== null || signalCode !== null) return
  const ended = once(child, 'exit')
  process.kill(isGroup ? -pid : pid, 'SIGKILL')
  await ended
}
