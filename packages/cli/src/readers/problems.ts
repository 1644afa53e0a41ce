import type { Problem } from '../model/problem.ts'
import type { Place } from './source/place.ts'
import { writePointer } from './source/pointer.ts'

/** Collects what a person should know, each thing once. */
export interface Problems {
  /** Stops the import. */
  error(place: Place, message: string): void
  /** Was left out or loosened. */
  loss(place: Place, message: string): void
  /** Was mended and does no harm. */
  warning(place: Place, message: string, about?: Problem['about']): void
  /** For what has no place in a value: text that could not be read. */
  add(problem: Problem): void
  /** In the order of the text, the files as they were met. */
  readonly list: readonly Problem[]
}

export function createProblems(): Problems {
  const list: Problem[] = []
  const known = new Set<string>()

  const add = (problem: Problem) => {
    const identity = JSON.stringify([problem.severity, problem.file, problem.pointer, problem.message])
    if (known.has(identity)) return
    known.add(identity)
    list.push(problem)
  }
  const at = (severity: Problem['severity']) => (place: Place, message: string, about?: Problem['about']) =>
    add({ severity, ...documentPlace(place), ...(about === undefined ? {} : { about }), message })

  return {
    error: at('error'),
    loss: at('loss'),
    warning: at('warning'),
    add,
    get list() {
      const files = [...new Set(list.map(({ file }) => file))]
      return list.toSorted(
        (left, right) =>
          files.indexOf(left.file) - files.indexOf(right.file) || (left.line ?? 0) - (right.line ?? 0),
      )
    },
  }
}

/** A place as a person finds it. */
export function documentPlace({ file, tokens }: Place): Pick<Problem, 'file' | 'pointer' | 'line'> {
  return { file: file.path, pointer: writePointer(tokens), line: file.lineOf(tokens) }
}
