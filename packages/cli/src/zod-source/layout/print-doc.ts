import { type Doc, type Group, isList } from './doc.ts'

interface Command {
  readonly depth: number
  readonly broken: boolean
  readonly doc: Doc
}

const step = '  '

/** Lays a doc out in lines of at most `width` characters, where its breaks allow. Lines end without spaces. */
export function printDoc(doc: Doc, width: number): string {
  const commands: Command[] = [{ depth: 0, broken: true, doc }]
  let text = ''
  let column = 0

  for (let command = commands.pop(); command !== undefined; command = commands.pop()) {
    const { depth, broken, doc: current } = command
    if (typeof current === 'string') {
      text += current
      column += current.length
    } else if (isList(current)) {
      commands.push(...current.map((part) => ({ depth, broken, doc: part })).reverse())
    } else if (current.kind === 'indent') {
      commands.push({ depth: depth + 1, broken, doc: current.content })
    } else if (current.kind === 'if-broken') {
      commands.push({ depth, broken, doc: broken ? current.broken : current.flat })
    } else if (current.kind === 'comment') {
      text += current.lines(width - step.length * depth).join(`\n${step.repeat(depth)}`)
    } else if (current.kind === 'line') {
      if (broken || current.hard) {
        text = `${text.replace(/ +$/, '')}\n${step.repeat(depth)}`
        column = step.length * depth
      } else {
        text += current.flat
        column += current.flat.length
      }
    } else if (current.kind === 'group') {
      commands.push(formOf(current, depth, commands, column, width))
    } else {
      fillLine(current.items, command, commands, width - column)
    }
  }
  return text
}

// A group on one line, or in the first of its forms that fits, or broken.
function formOf(
  { content, broken, states = [], whole = false }: Group,
  depth: number,
  following: readonly Command[],
  column: number,
  width: number,
): Command {
  const room = width - column
  const flat: Command = { depth, broken: false, doc: content }
  if (!broken && fits(flat, following, room)) return flat
  const fitting = states
    .slice(0, -1)
    .map((doc): Command => ({ depth, broken: false, doc }))
    .find((form, index) => fits(form, following, room, whole && index === 0 ? width : undefined))
  return fitting ?? { depth, broken: true, doc: states.at(-1) ?? content }
}

// One item a step, so that each is measured from where the one before it ended.
function fillLine(items: readonly Doc[], { depth }: Command, commands: Command[], room: number): void {
  const [first, separator, next, ...rest] = items
  if (first === undefined) return
  const one: Command = { depth, broken: false, doc: first }
  if (separator === undefined || next === undefined) {
    commands.push(one)
    return
  }
  const both: Command = { depth, broken: false, doc: [first, separator, next, rest.length > 0 ? ',' : ''] }
  commands.push({ depth, broken: true, doc: { kind: 'fill', items: [next, ...rest] } })
  commands.push({ depth, broken: !fits(both, [], room), doc: separator })
  commands.push(one)
}

/**
 * Whether a command fits up to the first line that breaks for certain, in it or in what follows. With a width, all of its own lines
 * must.
 */
function fits(first: Command, following: readonly Command[], room: number, width?: number): boolean {
  let left = room
  let next = following.length - 1
  const commands: Command[] = [first]
  while (left >= 0) {
    const isOwn = commands.length > 0
    const command = commands.pop() ?? following[next--]
    if (command === undefined) return true
    const { depth, broken, doc } = command
    if (typeof doc === 'string') left -= doc.length
    else if (isList(doc)) commands.push(...doc.map((part) => ({ depth, broken, doc: part })).reverse())
    else if (doc.kind === 'comment') return false
    else if (doc.kind === 'indent') commands.push({ depth: depth + 1, broken, doc: doc.content })
    else if (doc.kind === 'if-broken') left -= (broken ? doc.broken : doc.flat).length
    else if (doc.kind === 'group') {
      const isBroken = doc.broken || broken
      commands.push({ depth, broken: isBroken, doc: (isBroken && doc.states?.at(-1)) || doc.content })
    } else if (doc.kind === 'fill') {
      commands.push(...doc.items.map((part) => ({ depth, broken: false, doc: part })).reverse())
    } else if (doc.hard && isOwn && width !== undefined) left = width - step.length * depth
    else if (broken || doc.hard) return true
    else left -= doc.flat.length
  }
  return false
}
