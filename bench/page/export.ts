// What the page has measured, for others: as files, and on the clipboard.
import type { Inspection } from 'tophash'
import { longestPause, type Growth } from './run/growth-results.js'
import { CONTENDERS, NAMES, type Contender } from './run/protocol.js'
import type { MixResults } from './run/results.js'
import { coreCount, type Settings } from './settings.js'

export interface Everything {
  mix?: { settings: Settings; results: MixResults } | undefined
  growth?: { settings: Settings; growth: Growth } | undefined
  inspection?: Inspection | undefined
}

export interface Environment {
  browser: string
  logicalCores: number
  isolated: boolean
  userAgent: string
}

export function readEnvironment(): Environment {
  const { userAgent } = navigator
  const name = /(Firefox|Edg|Chrome|Version)\/[\d.]+/.exec(userAgent)?.[0].replace('/', ' ') ?? 'Browser'
  const browser = name.replace('Version', 'Safari').replace('Edg ', 'Edge ')
  return { browser, logicalCores: coreCount(), isolated: crossOriginIsolated, userAgent }
}

/** Times are in nanoseconds in `mix`, and in milliseconds in `growth`; rates are operations per second. */
export function toJson({ mix, growth, inspection }: Everything): string {
  return JSON.stringify(
    {
      format: 'tophash-page-1',
      date: new Date().toISOString(),
      environment: readEnvironment(),
      mix: mix && { settings: mix.settings, clockStep: mix.results.clockStep, contenders: toContenders(mix.results) },
      growth: growth && { settings: growth.settings, ...toGrowth(growth.growth) },
      inspection: inspection && { ...inspection, sample: [...inspection.sample] },
    },
    undefined,
    2,
  )
}

function toContenders(results: MixResults): object {
  const partOf = (contender: Contender): object => ({
    name: NAMES[contender],
    ...results.summary(contender),
    turns: results.turns(contender),
    histogram: results.encodedHistogram(contender),
  })
  return Object.fromEntries(CONTENDERS.map((contender) => [contender, partOf(contender)]))
}

function toGrowth({ lines, levels, evacuation, lost }: Growth): object {
  const parts = Object.entries(lines).map(([grower, line]) => [grower, { ...line, longestPause: longestPause(line) }])
  return { ...Object.fromEntries(parts), levels, evacuation, lostEvents: lost }
}

export function download(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

/** Says whether the browser allowed it. */
export function copy(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
}
