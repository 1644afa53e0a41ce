import { generateKeyPairSync, sign } from 'node:crypto'

/** A key, and a certificate for `localhost` that it signed itself, as PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** Makes a certificate, so that no key lies in the repository and none ever expires. [RFC 5280 §4.1] */
export function createCertificate(now = new Date()): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const dayBefore = new Date(now.getTime() - 86_400_000)
  const dayAfter = new Date(now.getTime() + 86_400_000)
  const name = sequence(set(sequence(oid(2, 5, 4, 3), text('localhost'))))
  // [RFC 5758 §3.2] ecdsa-with-SHA256
  const algorithm = sequence(oid(1, 2, 840, 10045, 4, 3, 2))
  // subjectAltName: dNSName localhost
  const alternative = sequence(oid(2, 5, 29, 17), octets(sequence(block(0x82, Buffer.from('localhost')))))
  const content = sequence(
    block(0xa0, integer(2)),
    integer(1),
    algorithm,
    name,
    sequence(time(dayBefore), time(dayAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    block(0xa3, sequence(alternative)),
  )
  const signature = block(0x03, Buffer.from([0]), sign('sha256', content, privateKey))
  return {
    cert: pem('CERTIFICATE', sequence(content, algorithm, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

// [X.690 §8.1] A tag, a length, and what is in it.
function block(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const lengthBytes =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content])
}

const sequence = (...parts: readonly Buffer[]) => block(0x30, ...parts)
const set = (...parts: readonly Buffer[]) => block(0x31, ...parts)
const octets = (content: Buffer) => block(0x04, content)
const integer = (value: number) => block(0x02, Buffer.from([value]))
const text = (value: string) => block(0x0c, Buffer.from(value))
// YYMMDDHHMMSSZ
const time = (date: Date) =>
  block(0x17, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(2, 14)}Z`))

// Two arcs in the first byte, and seven bits of each further one to a byte.
function oid(first: number, second: number, ...arcs: readonly number[]): Buffer {
  const bytes = arcs.flatMap((arc) => {
    const groups = [arc & 0x7f]
    for (let rest = arc >> 7; rest > 0; rest >>= 7) groups.unshift((rest & 0x7f) | 0x80)
    return groups
  })
  return block(0x06, Buffer.from([first * 40 + second, ...bytes]))
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
