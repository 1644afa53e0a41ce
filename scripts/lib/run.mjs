import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { root } from './root.mjs'

const running = new Set()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a program to its end, with nothing on its stdin, and keeps what it prints.
 *
 * @param options `timeout` in milliseconds, after which the program is ended; default never
 * @returns `{ code, output, stdout }`; `code` is 1 where a signal ended it, `output` is stdout and stderr as they came. A program that cannot be started resolves too, with
 * the reason as its output, since to whoever asked it is one more way to fail.
 */
export function run(
  command,
  parameters,
  { directory = root, environment = process.env, shell = false, timeout } = {},
) {
  return new Promise((resolve) => {
    const child = spawn(command, parameters, {
      cwd: directory,
      env: environment,
      shell,
      timeout,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks = []
    const answer = []
    child.stdout.on('data', (chunk) => {
      chunks.push(chunk)
      answer.push(chunk)
    })
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    watch(child)
    const settle = (code, output) => {
      unwatch(child)
      resolve({ code, output, stdout: Buffer.concat(answer).toString('utf8') })
    }
    child.once('error', (error) => settle(1, `${command}: ${error.message}`))
    child.once('close', (code) => settle(code ?? 1, Buffer.concat(chunks).toString('utf8')))
  })
}

// Signals are handled only while a program runs, so that whoever comes after is alone with them.
function watch(child) {
  if (running.size === 0) for (const signal of signals) process.on(signal, endAll)
  running.add(child)
}

function unwatch(child) {
  running.delete(child)
  if (running.size === 0) for (const signal of signals) process.off(signal, endAll)
}

function endAll(signal) {
  for (const child of running) child.kill(signal)
  process.exit(128 + constants.signals[signal])
}
