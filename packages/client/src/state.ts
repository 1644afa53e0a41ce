export { createState as state } from './state/create-state.ts'
export type { StateReducers } from './state/state-reducers.ts'
export type {
  HandedOver,
  StateClient,
  StateOptions,
  StateStatus,
  StateView,
  TopicState,
} from './state/topic-state.ts'
