// How numbers are written.

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
const THREE_DIGITS = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export function formatCompact(number: number): string {
  return COMPACT.format(number)
}

export function formatWhole(number: number): string {
  return WHOLE.format(number)
}

export function formatRatio(ratio: number): string {
  return `${THREE_DIGITS.format(ratio)}×`
}

export function formatPercent(share: number): string {
  return `${THREE_DIGITS.format(share * 100)} %`
}

export function formatMilliseconds(milliseconds: number): string {
  return formatNanoseconds(milliseconds * 1e6)
}

export function formatNanoseconds(nanoseconds: number): string {
  if (nanoseconds < 999.5e3) return `${THREE_DIGITS.format(nanoseconds / 1e3)} µs`
  if (nanoseconds < 999.5e6) return `${THREE_DIGITS.format(nanoseconds / 1e6)} ms`
  return `${THREE_DIGITS.format(nanoseconds / 1e9)} s`
}

/** A measured time cannot be told from others within one step of the clock. */
export function formatLatency(nanoseconds: number, clockStep: number): string {
  if (nanoseconds <= clockStep * 1.01) return `≤ ${formatNanoseconds(clockStep)}`
  return formatNanoseconds(nanoseconds)
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 ** 2) return `${THREE_DIGITS.format(bytes / 1024)} KiB`
  return `${THREE_DIGITS.format(bytes / 1024 ** 2)} MiB`
}
