import { expect, it } from 'vitest'
import { judgeFailure } from './judge-failure.ts'

const failure = (code: string, message = 'told by the runtime') => Object.assign(new Error(message), { code })

it.each([
  ['ECONNREFUSED', 'connection', 'Nothing listens there (ECONNREFUSED)', /Start the server/],
  ['ENOTFOUND', 'connection', 'There is no such host (ENOTFOUND)', /Look at the host/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'connection', /^What listens there does not speak https/, /Take http:/],
  ['EPROTO', 'connection', /^What listens there does not speak https/, /Take http:/],
  ['CERT_HAS_EXPIRED', 'certificate', /^It is not trusted: told by the runtime/, /NODE_EXTRA_CA_CERTS/],
  ['ESOMETHING', 'connection', 'told by the runtime (ESOMETHING)', /Look at the address/],
])('says what %s means and what to do', (code, subject, message, cure) => {
  expect(judgeFailure(failure(code))).toEqual({
    level: 'fault',
    subject,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    cure: expect.stringMatching(cure),
  })
})

it('bears what is no error', () => {
  expect(judgeFailure('gone')).toMatchObject({ message: 'gone' })
  // As where all addresses of a host were tried.
  expect(judgeFailure(new AggregateError([]))).toMatchObject({ message: 'There is none' })
})
