import { SCAN, SET, operationOf } from '../streams/plan.js'
import { forEachThread, mixedStream, planOf } from './mixing.js'
import type { Workload } from './workload.js'

const STREAM_OF_WRITERS = 100_000

export const scan: Workload = {
  name: 'scan',
  title: 'Visiting all',
  about: 'one thread visits every entry, alone or while the others set existing keys',
  unit: 'entries',
  short: { case: ['alone', 'while others write'], keys: ['seen'], size: [100_000], threads: [2] },
  full: { case: ['alone', 'while others write'], keys: ['seen'], size: [100_000, 1_000_000], threads: [2] },
  field: ({ size }, usual) => (usual ? 'all' : size > 100_000 ? 'few' : 'fast'),
  plan(variant, { operations, seed }) {
    const { size } = variant
    const visits = new Uint32Array(Math.max(1, Math.ceil(operations / size))).fill(operationOf(SCAN, 0))
    if (variant.case === 'alone') return planOf(variant, { threads: 1, streams: [visits] })
    const writers = forEachThread(Math.max(1, variant.threads - 1), seed, (_, draw) => {
      return mixedStream(Math.min(operations, STREAM_OF_WRITERS), [[SET, 100]], draw, () => draw(size))
    })
    return planOf(variant, { threads: writers.length + 1, background: true, streams: [visits, ...writers] })
  },
}
