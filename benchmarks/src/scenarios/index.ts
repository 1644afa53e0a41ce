import type { Scenario } from '../scenario.ts'
import { clients } from './clients.ts'
import { connecting } from './connecting.ts'
import { fanOut } from './fan-out.ts'
import { idle } from './idle.ts'
import { latency } from './latency.ts'
import { parser } from './parser.ts'
import { soak } from './soak.ts'
import { storm } from './storm.ts'
import { topics } from './topics.ts'
import { unheard } from './unheard.ts'

/** Every scenario, in the order in which they are run and shown. */
export const scenarios: readonly Scenario[] = [
  fanOut,
  idle,
  connecting,
  storm,
  topics,
  unheard,
  latency,
  soak,
  parser,
  clients,
]
