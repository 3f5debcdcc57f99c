// What a run would measure, and about how long it would take on two cores.
import type { Item } from '../bench.js'
import { describeVariant } from '../workloads/variants.js'

/** Of a contender: until its process runs and has compiled its code. */
const START_SECONDS = 0.4
/** Of a round: its map is made, and looked through afterwards; and the part that is timed. */
const SECONDS_PER_ENTRY = 0.6e-6
const TIMED_SECONDS = 0.25

export function listText(items: readonly Item[]): string {
  const lines = items.map((item) => {
    const contenders = item.rivals.length === 1 ? item.rivals[0]! : `${item.rivals.length} contenders`
    return `${item.workload.name}: ${describeVariant(item.variant)}; ${contenders}, rounds: ${item.rounds}`
  })
  const seconds = items.reduce((sum, item) => sum + secondsOf(item), 0)
  return [...lines, `${items.length} measurements, some ${Math.ceil(seconds / 60)} minutes if all contenders are there`].join(
    '\n',
  )
}

function secondsOf({ workload, variant, rivals, rounds }: Item): number {
  const played = (rounds + 1) * (workload.latency ? 2 : 1)
  return rivals.length * (START_SECONDS + played * (TIMED_SECONDS + variant.size * SECONDS_PER_ENTRY))
}
