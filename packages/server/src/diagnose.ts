import { type LogFinding, unknownLog } from '@millrace/log'
import type { Settings } from './options.ts'

/** After how long a silence proxies close a connection unless told otherwise, in milliseconds: nginx, AWS ALB. */
const proxyTimeout = 60_000

/** What there is to say of a server's settings, and what its log says. */
export async function diagnose({
  log,
  heartbeat,
  maxAge,
}: Pick<Settings, 'log' | 'heartbeat' | 'maxAge'>): Promise<readonly LogFinding[]> {
  const ofLog = await log.diagnose?.({ streamAge: maxAge })
  return [heartbeatFinding(heartbeat), ...(ofLog ?? [unknownLog])]
}

function heartbeatFinding(heartbeat: number): LogFinding {
  const subject = 'heartbeat'
  const message = `A stream is silent for ${heartbeat / 1_000} s at most`
  if (heartbeat <= proxyTimeout / 2) return { level: 'ok', subject, message }
  const isLate = heartbeat >= proxyTimeout
  return {
    level: isLate ? 'fault' : 'warn',
    subject,
    message: isLate
      ? `${message}, and nginx and AWS ALB close a connection after 60 s of silence`
      : `${message}: nginx and AWS ALB, which close a connection after 60 s of silence, may do so where one heartbeat is late`,
    cure: 'Set heartbeat to 30000 or less (docs/behind-a-proxy.md, "Timeouts")',
  }
}
