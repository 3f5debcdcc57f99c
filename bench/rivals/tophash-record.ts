// What a SharedMap did while an insert took long: from its own trace, in words.
import type { SharedMap, TraceEvent } from 'tophash'
import type { Key } from '../streams/keys.js'
import type { Value } from './rival.js'

/** Some 90,000 come of a million inserts. */
const MOST_EVENTS = 2 ** 18

/** Begins a record. What it returns says what fell into a span of time, in milliseconds of the epoch, and ends the record. */
export function record(map: SharedMap<Key, Value>): (start: number, end: number) => string {
  const trace = map.trace({ events: MOST_EVENTS })
  return (start, end) => {
    const events = trace.events().filter((event) => event.start < end && event.start + (event.duration ?? 0) >= start)
    trace.stop()
    return events.length === 0 ? 'the table recorded nothing then' : describe(events)
  }
}

/** One part for each kind of event, the one that took longest first. */
function describe(events: readonly TraceEvent[]): string {
  const kinds = new Map<string, TraceEvent[]>()
  for (const event of events) kinds.set(nameOf(event), [...(kinds.get(nameOf(event)) ?? []), event])
  return [...kinds]
    .map(([name, some]) => ({
      name,
      count: some.length,
      milliseconds: some.reduce((sum, { duration = 0 }) => sum + duration, 0),
    }))
    .sort((one, other) => other.milliseconds - one.milliseconds)
    .map(({ name, count, milliseconds }) => `${count > 1 ? `${count} x ` : ''}${name} (${milliseconds.toFixed(3)} ms)`)
    .join(', ')
}

function nameOf(event: TraceEvent): string {
  return event.name === 'growth' ? `growth to ${event.args.buckets} buckets` : event.name
}
