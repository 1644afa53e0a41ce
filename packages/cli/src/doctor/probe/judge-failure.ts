import { type Finding, fault } from '../finding.ts'

const certificate =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/

const noTls = [
  'What listens there does not speak https',
  'Take http://, or the port that speaks https',
] as const
const noWay = ['The host does not answer', 'Look at the host, and at firewalls on the way'] as const

/** What it means, and what to do, by the code that the runtime gives. */
const known: Readonly<Record<string, readonly [message: string, cure: string]>> = {
  ECONNREFUSED: ['Nothing listens there', 'Start the server, or look at host and port'],
  ECONNRESET: [
    'It hung up without an answer',
    'Look at what listens there: it may speak https, or be no server',
  ],
  EHOSTUNREACH: noWay,
  ENETUNREACH: noWay,
  ETIMEDOUT: noWay,
  ENOTFOUND: ['There is no such host', 'Look at the host'],
  EAI_AGAIN: ['Names of hosts cannot be looked up just now', 'Look at the network'],
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
}

/** Why there was no answer at all. */
export function judgeFailure(error: unknown): Finding {
  const { code = '', message = String(error) } = error as {
    readonly code?: string
    readonly message?: string
  }
  const [
    what = message === '' ? 'There is none' : message,
    cure = 'Look at the address, and at what stands on the way',
  ] = known[code] ?? []
  const told = code === '' ? what : `${what} (${code})`
  if (!certificate.test(code)) return fault('connection', told, cure)
  return fault(
    'certificate',
    `It is not trusted: ${told}`,
    'Take one of an authority that clients know. For one of your own: NODE_EXTRA_CA_CERTS=ca.pem millrace doctor …',
  )
}
