import type { Workload } from './workload.js'

export const memory: Workload = {
  name: 'memory',
  title: 'Memory',
  about: 'what an entry costs: the growth of the process when a map without capacity given is filled, value = a whole number',
  unit: 'bytes',
  short: { keys: ['number', 'padded'], size: [1_000_000], threads: [1] },
  full: { keys: ['number', 'padded'], size: [1_000_000, 10_000_000], threads: [1] },
  rounds: () => 1,
  operations: ({ size }) => size,
  field: ({ size }) => (size <= 1_000_000 ? 'all' : 'few'),
}
