import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { PostgresServer, RedisServer } from '@millrace/test-engines'

/** This process's, in microseconds. */
export function ownTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** That of Redis, in microseconds. */
export async function redisTime(server: RedisServer): Promise<number> {
  const text = String(await server.command('INFO', 'cpu'))
  const seconds = ['used_cpu_sys', 'used_cpu_user'].map((name) => numberAfter(text, `${name}:`))
  return seconds.reduce((sum, time) => sum + time, 0) * 1e6
}

/** What Redis holds, in bytes. */
export async function redisMemory(server: RedisServer): Promise<number> {
  return numberAfter(String(await server.command('INFO', 'memory')), 'used_memory:')
}

const numberAfter = (text: string, name: string) => Number.parseFloat(text.split(name)[1] ?? 'NaN')

/** That of all processes of a Postgres, those that have ended included, in microseconds. */
export async function postgresTime(server: PostgresServer): Promise<number> {
  const rows = await server.query(`SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'`)
  const [, parent] = statOf(Number(rows[0]?.pid))
  const all = execFileSync('ps', ['-o', 'pid=', '--ppid', `${parent}`], { encoding: 'utf8' })
  const children = all.trim().split(/\s+/).map(Number)
  const ticks = children.map((pid) => sum(statOf(pid).slice(11, 13)))
  return ((sum(ticks) + sum(statOf(parent ?? 0).slice(11, 15))) / clockTicks) * 1e6
}

const clockTicks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

// [proc_pid_stat(5)] After the name, which may hold anything: the state, the parent, …, user, system, user and system time of children that have ended.
function statOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
  } catch {
    // It has ended, and counts with its parent.
    return []
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
