import { type Finding, fault } from '../finding.ts'

const certificate =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT|ERR_SSL_|HOSTNAME_MISMATCH)/

const cures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Start the server, or look at host and port: nothing listens there',
  ENOTFOUND: 'Look at the host: its name is not known',
  EAI_AGAIN: 'Look at the network: names are not looked up',
  ECONNRESET: 'Look at what listens there: it closed the connection, as for https where http is spoken',
  EPROTO: 'Look at the port: what listens there does not speak https',
  ERR_SSL_WRONG_VERSION_NUMBER: 'Look at the port: what listens there does not speak https',
}

/** Why there was no answer at all. */
export function judgeFailure(error: unknown): Finding {
  const { code = '', message = String(error) } = error as {
    readonly code?: string
    readonly message?: string
  }
  if (code !== 'ERR_SSL_WRONG_VERSION_NUMBER' && certificate.test(code)) {
    return fault(
      'certificate',
      `It is not trusted: ${message} (${code})`,
      'Take one of an authority that clients know. For one of your own: NODE_EXTRA_CA_CERTS=ca.pem millrace doctor …',
    )
  }
  return fault(
    'connection',
    message === '' ? code : message,
    cures[code] ?? 'Look at the address, and at what stands on the way',
  )
}
