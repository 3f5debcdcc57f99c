// The table for people.
import type { Report, WorkloadReport } from '../bench.js'
import type { Environment } from './environment.js'
import type { Result, Row, Settings } from './measurement.js'
import type { Spread } from './statistics.js'

const LEGEND = `Each figure is a median over the rounds, with the smallest and the largest beside it. The ratio says how many
times as fast the first contender is as the second; it is taken within each round. The checksums were right.`

export function reportText({ environment, settings, workloads }: Report): string {
  return [reportHeader(environment, settings), ...workloads.map(reportWorkload), LEGEND].join('\n\n')
}

export function reportHeader(environment: Environment, { size, rounds, keyRange }: Settings): string {
  const { tophash, runtime, system, processor, cores, memoryGiB, loadAverage, date } = environment
  return [
    `tophash ${tophash}, ${runtime}`,
    `${system}, ${cores} x ${processor}, ${memoryGiB} GiB, load average ${loadAverage.join(' ')}`,
    `${grouped(size)} entries, ${keyRange} number keys, rounds: ${rounds}, after warming up, ${date}`,
  ].join('\n')
}

function reportWorkload({ name, about, rows }: WorkloadReport): string {
  return [`${name}: ${about}`, ...rows.map(reportRow)].join('\n')
}

function reportRow({ name, results, ratio, target, met, checksum }: Row): string {
  const verdict = target === undefined ? '' : `   target ${times(target)}: ${met ? 'met' : 'missed'}`
  return [
    `  ${name}`,
    ...results.map(reportResult),
    `    ${'ratio'.padEnd(12)} ${withSpread(ratio, times)}${verdict}`,
    `    ${'checksum'.padEnd(12)} ${String(checksum).padStart(9)}`,
  ].join('\n')
}

function reportResult({ contender, nanoseconds, also }: Result): string {
  const more = Object.entries(also).map(([name, value]) => `, ${name} ${duration(value)}`)
  return `    ${contender.padEnd(12)} ${withSpread(nanoseconds, duration)}${more.join('')}`
}

function withSpread({ median, min, max }: Spread, format: (value: number) => string): string {
  return `${format(median).padStart(9)}   (${format(min)} to ${format(max)})`
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} x`
}

function duration(nanoseconds: number): string {
  if (nanoseconds >= 1e6) return `${(nanoseconds / 1e6).toFixed(2)} ms`
  if (nanoseconds >= 1e4) return `${(nanoseconds / 1e3).toFixed(1)} us`
  return `${nanoseconds.toFixed(nanoseconds > 0 && nanoseconds < 100 ? 1 : 0)} ns`
}

function grouped(n: number): string {
  return n.toLocaleString('en-US')
}
