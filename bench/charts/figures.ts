// Numbers as people read them: three significant digits everywhere, and units that fit.

const DIGITS = 3

/** 0.0123, 1.23, 12.3, 123, 1,230: never an exponent, and no digit that was not measured. */
export function digits(value: number, significant = DIGITS): string {
  if (!Number.isFinite(value)) return '-'
  if (value === 0) return '0'
  const short = Number(value.toPrecision(significant))
  const decimals = Math.max(0, significant - 1 - Math.floor(Math.log10(Math.abs(short))))
  return short.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}

/** All digits: counts are exact. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

/** A count in a title: 1 thousand, 100 thousand, 10 million. */
export function spelled(count: number): string {
  if (count >= 1e6 && count % 1e5 === 0) return `${count / 1e6} million`
  if (count >= 1e3 && count % 100 === 0 && count < 1e6) return `${count / 1e3} thousand`
  return grouped(count)
}

interface Unit {
  scale: number
  name: string
}

const TIMES: Unit[] = [
  { scale: 1e9, name: 's' },
  { scale: 1e6, name: 'ms' },
  { scale: 1e3, name: 'µs' },
  { scale: 1, name: 'ns' },
]
const RATES: Unit[] = [
  { scale: 1e6, name: 'M' },
  { scale: 1e3, name: 'k' },
  { scale: 1, name: '' },
]

export function duration(nanoseconds: number): string {
  return withUnit(nanoseconds, TIMES)
}

/** Operations a second: 12.3 M, 45.6 k. */
export function rate(perSecond: number): string {
  return withUnit(perSecond, RATES)
}

export function seconds(value: number): string {
  return `${digits(value)} s`
}

/** As at axes, where numbers are round: 10 M rather than 10.0 M. */
export function shortened(figure: string): string {
  return figure.replace(/(\.\d*?)0+(?= |$)/, '$1').replace(/\.(?= |$)/, '')
}

/** How many times: 1.23 x. */
export function times(ratio: number): string {
  return `${digits(ratio)} x`
}

/** The unit is chosen after rounding, so that there is no 1,000 k. */
function withUnit(value: number, units: Unit[]): string {
  const short = Number(value.toPrecision(DIGITS))
  const unit = units.find(({ scale }) => Math.abs(short) >= scale) ?? units.at(-1)!
  return `${digits(value / unit.scale)} ${unit.name}`.trimEnd()
}
