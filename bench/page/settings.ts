// What can be chosen, in the form and by URL parameters: ?kind=string&keys=1000&workers=2&ms=50&rounds=1&inFlight=1&run=1
import { KEY_KINDS, type KeyKind } from './keys.js'

export interface Settings {
  kind: KeyKind
  keys: number
  /** The largest number of workers; the run also measures 1, 2, 4 ... below it. */
  workers: number
  /** Of one measurement. */
  ms: number
  rounds: number
  /** Requests that a worker has under way to the Map on the main thread. */
  inFlight: number
}

type NumberSetting = Exclude<keyof Settings, 'kind'>

const LIMITS: Record<NumberSetting, { min: number; max: number; usual: number[]; initial: number }> = {
  keys: { min: 1, max: 5_000_000, usual: [1_000, 10_000, 100_000, 1_000_000], initial: 100_000 },
  workers: { min: 1, max: 128, usual: workerCounts(Math.max(4, coreCount())), initial: clamp(coreCount(), 4, 16) },
  ms: { min: 10, max: 10_000, usual: [50, 200, 1_000], initial: 200 },
  rounds: { min: 1, max: 99, usual: [1, 3, 5, 9], initial: 3 },
  inFlight: { min: 1, max: 1_000, usual: [1, 8, 64], initial: 1 },
}

const FORMAT = new Intl.NumberFormat('en')

/** 1, 2, 4 ... and `most` itself. */
export function workerCounts(most: number): number[] {
  const counts: number[] = []
  for (let count = 1; count < most; count *= 2) counts.push(count)
  return [...counts, most]
}

export function coreCount(): number {
  return navigator.hardwareConcurrency || 1
}

/** Fills the form's lists and chooses what the URL says, or the usual. */
export function initForm(form: HTMLFormElement, url: URLSearchParams): void {
  const kind = selectIn(form, 'kind')
  for (const [value, label] of Object.entries(KEY_KINDS)) kind.add(new Option(label, value))
  const wanted = url.get('kind')
  kind.value = wanted !== null && Object.hasOwn(KEY_KINDS, wanted) ? wanted : 'string'

  for (const name of Object.keys(LIMITS) as NumberSetting[]) {
    const { min, max, usual, initial } = LIMITS[name]
    const given = Number(url.get(name) ?? Number.NaN)
    const value = Number.isInteger(given) ? clamp(given, min, max) : initial
    const select = selectIn(form, name)
    for (const choice of [...new Set([...usual, value])].sort((a, b) => a - b)) {
      select.add(new Option(FORMAT.format(choice), String(choice)))
    }
    select.value = String(value)
  }
}

export function readForm(form: HTMLFormElement): Settings {
  const number = (name: NumberSetting): number => Number(selectIn(form, name).value)
  return {
    kind: selectIn(form, 'kind').value as KeyKind,
    keys: number('keys'),
    workers: number('workers'),
    ms: number('ms'),
    rounds: number('rounds'),
    inFlight: number('inFlight'),
  }
}

/** The same settings as a link. */
export function toQuery(settings: Settings): string {
  return `?${new URLSearchParams(Object.entries(settings).map(([name, value]) => [name, String(value)]))}`
}

function selectIn(form: HTMLFormElement, name: keyof Settings): HTMLSelectElement {
  return form.elements.namedItem(name) as HTMLSelectElement
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max)
}
