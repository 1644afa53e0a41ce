import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { inRoot } from './root.mjs'

const lockFile = inRoot('.turbo', 'set-up.lock')

/** Runs `work` while no other process on this checkout does: two terminals may ask for the first install at once. */
export async function onlyOne(work) {
  mkdirSync(dirname(lockFile), { recursive: true })
  while (!take()) await delay(200)
  const release = () => rmSync(lockFile, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    release()
    process.off('exit', release)
  }
}

function take() {
  // Linked, not created: the lock never exists without the number of its holder in it.
  const claim = `${lockFile}.${process.pid}`
  writeFileSync(claim, String(process.pid))
  try {
    linkSync(claim, lockFile)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    // Whoever was killed while holding it cannot give it back.
    if (holderIsGone()) rmSync(lockFile, { force: true })
    return false
  } finally {
    rmSync(claim)
  }
}

function holderIsGone() {
  try {
    process.kill(Number(readFileSync(lockFile, 'utf8')), 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
