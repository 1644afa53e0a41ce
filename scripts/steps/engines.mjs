import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installOnDebian } from '../lib/debian.mjs'
import { findExecutable, isExecutable } from '../lib/executable.mjs'
import { findKafka, installKafka } from '../lib/kafka.mjs'
import { failed, notRun } from '../lib/step.mjs'
import { vitest } from '../lib/vitest.mjs'

/**
 * The programs that the tests of logs start, and the folders of those tests: how each is found, the packages of Debian that have it or what it runs on, how it is brought where they
 * are not enough, and the variable that names it to the tests. Of an engine, also the variable by which somebody names one that is there already: the tests of that need no program.
 */
const engines = [
  {
    name: 'Redis',
    folders: ['packages/log-redis', 'apps/nodes'],
    packages: ['redis-server'],
    variable: 'MILLRACE_REDIS_SERVER',
    running: 'MILLRACE_REDIS_URL',
    find: () => findExecutable('redis-server'),
  },
  {
    name: 'NATS',
    folders: ['packages/log-nats', 'apps/nodes'],
    packages: ['nats-server'],
    variable: 'MILLRACE_NATS_SERVER',
    running: 'MILLRACE_NATS_URL',
    find: () => findExecutable('nats-server'),
  },
  {
    name: 'Postgres',
    folders: ['packages/log-postgres', 'apps/nodes'],
    packages: ['postgresql'],
    variable: 'MILLRACE_POSTGRES_BIN',
    running: 'MILLRACE_POSTGRES_URL',
    find: findPostgres,
  },
  {
    name: 'Kafka',
    folders: ['packages/log-kafka', 'apps/nodes/src/kafka-cluster'],
    packages: findExecutable('mvn') && findExecutable('java') ? [] : ['maven', 'openjdk-17-jre-headless'],
    install: installKafka,
    variable: 'MILLRACE_KAFKA_JARS',
    running: 'MILLRACE_KAFKA_BROKERS',
    find: findKafka,
  },
  // What stands between processes and Postgres.
  {
    name: 'PgBouncer',
    packages: ['pgbouncer'],
    variable: 'MILLRACE_PGBOUNCER',
    find: () => findExecutable('pgbouncer'),
  },
  // What stands before several servers.
  {
    name: 'nginx',
    folders: ['apps/nodes'],
    packages: ['nginx'],
    variable: 'MILLRACE_NGINX',
    find: () => findExecutable('nginx'),
  },
  {
    name: 'HAProxy',
    folders: ['apps/nodes'],
    packages: ['haproxy'],
    variable: 'MILLRACE_HAPROXY',
    find: () => findExecutable('haproxy'),
  },
]

export const enginesStep = {
  name: 'engines',
  title: 'logs on real engines, which are killed, frozen, cut off and put back',
  prepare: bring,
  async run(context) {
    await bring()
    const names = missing().map(nameOfMissing)
    if (names.length === engines.length && !engines.some(isRunning)) return notRun(`no ${names.join(', ')}`)
    const places = Object.fromEntries(engines.map((engine) => [engine.variable, placeOf(engine) ?? '']))
    const untried = missing().flatMap(({ folders = [] }) =>
      folders.map((folder) => `${folder}/**/*.engine.test.ts`),
    )
    const result = await vitest(context, 'engines', places, untried)
    if (result.status !== 'passed' || names.length === 0) return result
    const some = notRun(`${result.note}; no ${names.join(', ')}`)
    return some.status === 'failed' ? failed(result.output, some.note) : { ...result, note: some.note }
  },
}

let brought
function bring() {
  brought ??= (async () => {
    const absent = missing()
    const packages = absent.flatMap((engine) => engine.packages)
    if (packages.length > 0) await installOnDebian(...packages)
    for (const { install } of absent) await install?.()
  })()
  return brought
}

const placeOf = ({ variable, find }) => process.env[variable] || find()
const isRunning = ({ running }) => Boolean(running && process.env[running])
const nameOfMissing = (engine) =>
  isRunning(engine) ? `${engine.name} to kill and to freeze, only that of ${engine.running}` : engine.name
const missing = () => engines.filter((engine) => !placeOf(engine))

// Debian keeps its programs where nobody looks, a folder for each version.
function findPostgres() {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((one, other) => Number(other) - Number(one)) : []
  const folders = versions.map((version) => join(root, version, 'bin'))
  const program =
    folders.map((folder) => join(folder, 'initdb')).find(isExecutable) ?? findExecutable('initdb')
  return program && dirname(program)
}
