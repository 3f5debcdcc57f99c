// Looks into the SharedMap while it is used, a few times a second, and draws what it finds.
import type { Inspection, SharedMap } from 'tophash'
import type { Key } from '../../streams/keys.js'
import { BarsChart } from './bars-chart.js'
import { BucketGrid } from './bucket-grid.js'
import { byId, canvas } from './elements.js'
import { formatBytes, formatPercent, formatWhole } from './format.js'
import { showHeap, showSegments } from './inspector-tables.js'
import { readScale } from './theme.js'

/** Between two looks: it takes the main thread a millisecond or two. */
const INTERVAL_MS = 250

/** Chains that are looked at and drawn. */
const CHAINS = 2048

const SLOTS = 8
const FIRST_TOPHASH = 128

export class Inspector {
  /** What was drawn last. */
  last: Inspection | undefined
  #map: SharedMap<Key, number> | undefined
  #lookedAt = 0
  readonly #grid = new BucketGrid(canvas('bucket-grid'))
  readonly #fill = new BarsChart(byId('fill-chart'), {
    title: 'Head buckets by number of entries',
    nameOf: String,
    colors: () => readScale('fill', SLOTS + 1),
  })
  readonly #chains = new BarsChart(byId('chains-chart'), {
    title: 'Chains by number of overflow buckets',
    nameOf: String,
  })
  readonly #tophashes = new BarsChart(byId('tophash-chart'), {
    title: 'Entries by tophash byte',
    nameOf: (place) => String(place + FIRST_TOPHASH),
  })

  /** From now on this map; `undefined` before it is let go: what is there then stays drawn. */
  watch(map: SharedMap<Key, number> | undefined): void {
    if (!map) this.#look()
    this.#map = map
    this.#lookedAt = 0
  }

  /** Looks, unless it has only just done so. */
  draw(): void {
    if (performance.now() - this.#lookedAt >= INTERVAL_MS) this.#look()
  }

  applyTheme(): void {
    this.#grid.draw()
    for (const chart of [this.#fill, this.#chains, this.#tophashes]) chart.applyTheme()
  }

  #look(): void {
    if (!this.#map) return
    const inspection = this.#map.inspect({ buckets: CHAINS })
    this.#lookedAt = performance.now()
    this.last = inspection
    showFacts(inspection)
    this.#grid.show(inspection.sample, describeGrid(inspection))
    this.#fill.show(inspection.fill, describeFill(inspection))
    const longest = inspection.chains.findLastIndex((count) => count > 0)
    this.#chains.show(inspection.chains.slice(0, Math.max(longest, 2) + 1), `The longest has ${Math.max(longest, 0)}`)
    const tophashes = inspection.tophashes.slice(FIRST_TOPHASH)
    this.#tophashes.show(tophashes, describeTophashes(tophashes))
    showSegments(byId('segments'), inspection.segments)
    showHeap(byId('heap'), inspection.heap)
    byId('inspector').dataset.drawn = 'true'
  }
}

function showFacts({ level, buckets, sampled, entries, pending, heap }: Inspection): void {
  const loaded = sampled - pending
  byId('fact-level').textContent = `2^${level} = ${formatWhole(buckets)}`
  byId('fact-load').textContent = loaded > 0 ? (entries / loaded).toFixed(2) : '–'
  byId('fact-evacuated').textContent = formatPercent(sampled > 0 ? loaded / sampled : 1)
  byId('fact-heap').textContent = `${formatBytes(heap.usedBytes)} of ${formatBytes(heap.memoryBytes)}`
  byId('fact-sampled').textContent = sampled === buckets ? 'all' : `${formatWhole(sampled)} of ${formatWhole(buckets)}`
}

function describeGrid({ sampled, buckets, pending }: Inspection): string {
  return (
    `${formatWhole(sampled)} of ${formatWhole(buckets)} chains, drawn as cells: the fuller, the darker. ` +
    `${formatWhole(pending)} are not evacuated into yet`
  )
}

function describeFill({ fill }: Inspection): string {
  return fill.map((count, entries) => `${entries}: ${formatWhole(count)}`).join(', ')
}

function describeTophashes(counts: number[]): string {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const mean = formatWhole(total / counts.length)
  return `From ${Math.min(...counts)} to ${Math.max(...counts)}, ${mean} on average`
}
