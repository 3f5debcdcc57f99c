// A contradiction as a person can read it: each operation in a line, with a bar that shows when it ran.
import { ABSENT, type Operation, REFUSED } from './history.js'
import type { State } from './checker.js'
import type { Contradiction } from './minimise.js'
import { DOOMED, UNKNOWN } from '../structures/hashmap/model.js'
import { nameOf } from './values.js'

/** More states than these are not listed. */
const STATES_SHOWN = 8

export function tell({ operations, before, blamed }: Contradiction<Operation, State>): string {
  const stamps = operations.flatMap(({ call, returned }) => [call, returned]).sort((a, b) => a - b)
  const lines = operations.map((operation) => {
    const begin = stamps.indexOf(operation.call)
    const end = stamps.indexOf(operation.returned)
    const bar = `${' '.repeat(begin)}[${'='.repeat(end - begin - 1)}]`.padEnd(stamps.length + 1)
    const mark = operation === blamed ? '   <-- nothing explains this' : ''
    const when = `${operation.call}..${operation.returned}`
    return `thread ${operation.thread}  ${when.padStart(16)}  ${bar} ${describe(operation)}${mark}`
  })
  const { place, key } = blamed
  return [
    `Not linearizable: collection ${place}, key ${key}. Values are named writer.write+added.`,
    `Before it there was ${listStates(before)}.`,
    ...lines,
  ].join('\n')
}

function describe({ name, given, expected, got }: Operation): string {
  const written = given === ABSENT ? '' : show(given)
  const seen = expected === ABSENT ? '' : `saw ${show(expected)}`
  return `${name}(${[seen, written].filter(Boolean).join(', ')}) -> ${YES_OR_NO.has(name) ? got === 1 : show(got)}`
}

const YES_OR_NO = new Set<string>(['has', 'add', 'delete', 'flip', 'compareAndSet', 'compareAndDelete', 'close'])

function listStates(states: readonly State[]): string {
  const shown = states.slice(0, STATES_SHOWN).map(show).join(' or ')
  return states.length > STATES_SHOWN ? `${shown}, or one of ${states.length - STATES_SHOWN} others` : shown
}

function show(state: State): string {
  if (typeof state === 'string') return state || 'nothing'
  if (state === ABSENT) return 'nothing'
  if (state === REFUSED) return 'a refusal'
  if (state === UNKNOWN) return 'some collection'
  return state === DOOMED ? 'no collection' : nameOf(state)
}
