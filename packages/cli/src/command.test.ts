import { expect, it } from 'vitest'
import { runCommand } from './command.ts'

async function run(...args: string[]) {
  let printed = ''
  let noted = ''
  const code = await runCommand(args, {
    print: (text) => {
      printed += text
    },
    note: (text) => {
      noted += text
    },
    color: false,
    signal: AbortSignal.abort(),
  })
  return { code, printed, noted }
}

it('explains itself', async () => {
  expect(await run('--help')).toMatchObject({
    code: 0,
    printed: expect.stringContaining('millrace tail <url>'),
  })
  expect(await run()).toMatchObject({ code: 2, printed: expect.stringContaining('millrace tail <url>') })
  expect(await run('tail', '--help')).toMatchObject({
    code: 0,
    printed: expect.stringContaining('--from <place>'),
  })
})

it('says what is wrong with a command line', async () => {
  expect(await run('follow')).toEqual({
    code: 2,
    printed: '',
    noted: 'There is no command "follow"; there is "tail".\n',
  })
  expect(await run('tail')).toMatchObject({ code: 2, noted: expect.stringMatching(/^Which stream\?/) })
})

it('ends at once when it is told to before it began', async () => {
  expect(await run('tail', 'http://localhost:9/events', 'orders/42')).toEqual({
    code: 0,
    printed: '',
    noted: '',
  })
})
