// Iterations, recorded as visits.
import { nameOf } from '../../support/values.js'
import type { Interval } from './history.js'
import type { Session } from './session.js'
import type { Visit } from './visits.js'

type Shown = readonly (readonly [key: unknown, value: unknown])[]

/** An iteration from beginning to end. `group`: of what it is a part, unless it is whole. */
export function recordVisit(s: Session<unknown>, iterate: () => Shown, group = newGroup(s)): void {
  const { recorder } = s.means
  const call = recorder.now()
  const shown = iterate()
  s.means.visits.push(visitOf(s, { call, returned: recorder.now() }, shown, group))
}

/** A scan: each batch was read between the call and the return of its own. One that throws is no visit. */
export function recordBatches(s: Session<unknown>, scan: (cursor: number) => { cursor: number; entries: Shown }): void {
  const { recorder, visits } = s.means
  const group = newGroup(s)
  const batches: Visit[] = []
  let cursor = 0
  do {
    const call = recorder.now()
    const batch = scan(cursor)
    batches.push(visitOf(s, { call, returned: recorder.now() }, batch.entries, group))
    cursor = batch.cursor
  } while (cursor !== 0)
  visits.push(...batches)
}

function newGroup({ means: { thread, visits } }: Session<unknown>): string {
  return `${thread}/${visits.length}`
}

/** Of other entries than the recorded only that none is shown twice is to be seen, and that values are whole. */
function visitOf(s: Session<unknown>, interval: Interval, shown: Shown, group: string): Visit {
  const { thread, keys } = s.means
  const entries: [number, number][] = []
  const others = new Set<string>()
  for (const [key, value] of shown) {
    const number = keys.numberOf(key)
    const seen = s.numberOf(value)
    const name = nameOf(key)
    if (number !== undefined) entries.push([number, seen])
    else if (others.has(name)) throw new Error(`Iteration ${group} has shown ${name} twice.`)
    else others.add(name)
  }
  return { ...interval, thread, place: s.place, group, entries }
}
