// What can be chosen, and how a URL says it: ?kind=fresh&keys=1000&workers=2&reads=95&distribution=uniform&ms=50&run=1
import { KEY_KINDS, type KeyKind } from '../streams/keys.js'
import { DISTRIBUTIONS, type Distribution } from '../streams/zipfian.js'

export interface Settings {
  workers: number
  /** Number of keys. */
  keys: number
  kind: KeyKind
  /** Per cent of the operations; the others set an existing key. */
  reads: number
  distribution: Distribution
  /** How long each contender runs, all its turns together. */
  ms: number
  /** Requests that a worker has under way to the Map on the main thread. */
  inFlight: number
}

/** What `run=` in a URL starts. */
export type Start = 'mix' | 'growth'

type Text<Name extends keyof Settings> = readonly [Settings[Name], string]
export type NumberSetting = 'workers' | 'keys' | 'reads' | 'ms' | 'inFlight'
export type ChoiceSetting = 'kind' | 'distribution'

const KIND_NAMES: Record<KeyKind, string> = {
  number: 'Numbers',
  wide: 'Large numbers',
  seen: 'Seen strings',
  fresh: 'Fresh strings',
  long: '64-byte strings',
  padded: '16-byte strings',
}

const DISTRIBUTION_NAMES: Record<Distribution, string> = {
  uniform: 'Uniform',
  zipfian: 'Zipfian 0.99',
}

export const CHOICES: { [Name in ChoiceSetting]: readonly Text<Name>[] } = {
  kind: KEY_KINDS.map((kind) => [kind, KIND_NAMES[kind]] as const),
  distribution: DISTRIBUTIONS.map((distribution) => [distribution, DISTRIBUTION_NAMES[distribution]] as const),
}

/** `usual` is what the list offers; a URL may say anything from `min` to `max`. */
export const LIMITS: Record<NumberSetting, { min: number; max: number; usual: number[] }> = {
  workers: { min: 1, max: 100, usual: workerCounts() },
  keys: { min: 1, max: 10_000_000, usual: [1_000, 10_000, 100_000, 1_000_000] },
  reads: { min: 0, max: 100, usual: [] },
  ms: { min: 20, max: 600_000, usual: [1_000, 3_000, 10_000, 30_000] },
  inFlight: { min: 1, max: 1_000, usual: [1, 8, 64] },
}

const INITIAL: Settings = {
  workers: clamp(coreCount() - 1, 1, 8), // one is left to this page, which draws and answers messages
  keys: 100_000,
  kind: 'fresh',
  reads: 90,
  distribution: 'zipfian',
  ms: 3_000,
  inFlight: 1,
}

export function coreCount(): number {
  return navigator.hardwareConcurrency || 1
}

/** What a URL does not say, or says wrongly, is as usual. */
export function readQuery(query: URLSearchParams): Settings {
  const number = (name: NumberSetting): number => {
    const given = query.get(name)
    const value = Number(given)
    if (!given || !Number.isInteger(value)) return INITIAL[name]
    return clamp(value, LIMITS[name].min, LIMITS[name].max)
  }
  return {
    workers: number('workers'),
    keys: number('keys'),
    kind: KEY_KINDS.find((kind) => kind === query.get('kind')) ?? INITIAL.kind,
    reads: number('reads'),
    distribution: DISTRIBUTIONS.find((name) => name === query.get('distribution')) ?? INITIAL.distribution,
    ms: number('ms'),
    inFlight: number('inFlight'),
  }
}

export function readStart(query: URLSearchParams): Start | undefined {
  const run = query.get('run')
  if (run === null) return undefined
  return run === 'growth' ? 'growth' : 'mix'
}

/** The same settings as a link; with `start` it runs when it is opened. */
export function toQuery(settings: Settings, start?: Start): string {
  const query = new URLSearchParams(Object.entries(settings).map(([name, value]) => [name, String(value)]))
  if (start) query.set('run', start === 'mix' ? '1' : start)
  return `?${query}`
}

/** The settings in a few words, for captions and reports. */
export function describe(settings: Settings): string {
  const { reads, distribution } = settings
  return (
    `${describeKeys(settings)}, ${reads} % reads and ${100 - reads} % sets, ` + DISTRIBUTION_NAMES[distribution].toLowerCase()
  )
}

/** What of them matters to growth. */
export function describeKeys({ workers, keys, kind }: Settings): string {
  const threads = workers === 1 ? '1 worker' : `${workers} workers`
  return `${threads}, ${keys.toLocaleString('en')} keys (${KIND_NAMES[kind].toLowerCase()})`
}

/** 1, 2, 4 ..., as many as there are cores, and one less. */
function workerCounts(): number[] {
  const counts = [1, 2, 4, 8, coreCount() - 1, coreCount()].filter((count) => count > 0)
  return [...new Set(counts)].sort((a, b) => a - b)
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max)
}
