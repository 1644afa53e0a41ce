import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findExecutable } from './executable.mjs'
import { inRoot } from './root.mjs'
import { run } from './run.mjs'

/** The Kafka that the tests run, assembled from its published jars. */
const version = '4.1.0'

const place = inRoot('node_modules', '.cache', `millrace-kafka-${version}`)

/** The folder with the jars of Kafka, where they were brought before and there is a Java. */
export function findKafka() {
  return findExecutable('java') && existsSync(place) ? place : undefined
}

/** Names the jars to what is started from here, and brings them before where they are missing. */
export async function nameKafka() {
  if (process.env.MILLRACE_KAFKA_JARS) return
  if (!findKafka()) await installKafka()
  process.env.MILLRACE_KAFKA_JARS = findKafka() ?? ''
}

/** Brings the jars by Maven, where there are Maven and Java. @returns what went wrong, or nothing */
export async function installKafka() {
  const maven = findExecutable('mvn')
  if (!maven || !findExecutable('java')) return 'Maven and Java 17 are needed'
  // Under another name first: what was interrupted is not taken for whole.
  const unfinished = `${place}.${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  writeFileSync(join(unfinished, 'pom.xml'), pom)
  const { code, output } = await run(maven, [
    '--batch-mode',
    '--quiet',
    '--file',
    join(unfinished, 'pom.xml'),
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${unfinished}`,
  ])
  if (code === 0 && !existsSync(place)) renameSync(unfinished, place)
  else rmSync(unfinished, { recursive: true })
  return code === 0 ? undefined : output
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>millrace</groupId>
  <artifactId>kafka-of-the-tests</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`
