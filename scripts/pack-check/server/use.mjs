import * as contract from '@millrace/contract'
import * as log from '@millrace/log'
import * as server from '@millrace/server'
import * as node from '@millrace/server/node'
import * as zod from 'zod'
import { exercise } from './exercise.cjs'

await exercise({ contract, log, server, node, zod })
