// All charts, in the order of the document. One of which the report has nothing is left out.
import type { Chart } from '../draw/draw.js'
import type { Report } from '../report.js'
import { growth } from './growth.js'
import { keys } from './keys.js'
import { memory } from './memory.js'
import { readLatencies, readRates } from './reads.js'
import { store } from './store.js'
import { threads } from './threads.js'
import { counters, hot, mixes, scan, shared, state, ycsb } from './throughput.js'

export const PICTURES = {
  shared,
  store,
  reads: readRates,
  'reads-p99': readLatencies,
  state,
  growth,
  ycsb,
  mixes,
  hot,
  counters,
  scan,
  keys,
  threads,
  memory,
} satisfies Record<string, (report: Report) => Chart | undefined>

export type PictureName = keyof typeof PICTURES
export const PICTURE_NAMES = Object.keys(PICTURES) as PictureName[]
