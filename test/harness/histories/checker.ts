// Whether a history is linearizable: whether each operation can be given a moment between its call and its return, so
// that one after the other they do what they did.
//
// The search is Wing & Gong's ("Testing and verifying concurrent objects", 1993) with what Lowe added ("Testing for
// linearizability", 2017): operations are linearized just in time, when one of them returns, and states that were
// reached before are not looked at again. A configuration is a state together with which of the running operations have
// taken effect; walking through the history in time, all configurations are kept that are still possible. If a return
// leaves none, nothing explains the history up to there.
import type { Interval } from './history.js'

/** A state as a value that can be compared. */
export type State = number | string

/** The state after an operation; undefined if it cannot have done in this state what it did. */
export type Step<O, S extends State = number> = (state: S, operation: O) => S | undefined

interface Configuration<S> {
  readonly state: S
  /** Bits of the running operations that have taken effect. */
  readonly done: number
}

/** An operation has a bit while it runs. More at once than threads do on one key are not needed. */
const MOST_RUNNING = 31

/**
 * The operation at whose return nothing explains the history any more, whichever of the given states it began in;
 * undefined: it is linearizable.
 */
export function findContradiction<O extends Interval, S extends State>(
  history: readonly O[],
  step: Step<O, S>,
  initial: readonly S[],
): O | undefined {
  const running: (O | undefined)[] = []
  let possible: Configuration<S>[] = initial.map((state) => ({ state, done: 0 }))
  for (const { operation, isCall } of momentsOf(history)) {
    if (isCall) {
      begin(running, operation)
      continue
    }
    const bit = 1 << running.indexOf(operation)
    possible = linearize(possible, running, bit, step)
    if (possible.length === 0) return operation
    running[running.indexOf(operation)] = undefined
  }
  return undefined
}

interface Moment<O> {
  readonly operation: O
  readonly isCall: boolean
  readonly time: number
}

/** Calls and returns in order. Where two have one stamp, as in made-up histories, calls come first: they overlap. */
function momentsOf<O extends Interval>(history: readonly O[]): Moment<O>[] {
  const moments = history.flatMap((operation): Moment<O>[] => [
    { operation, isCall: true, time: operation.call },
    { operation, isCall: false, time: operation.returned },
  ])
  return moments.filter(({ time }) => time !== Infinity).sort((a, b) => a.time - b.time || Number(b.isCall) - Number(a.isCall))
}

function begin<O>(running: (O | undefined)[], operation: O): void {
  const free = running.indexOf(undefined)
  if (free >= 0) running[free] = operation
  else if (running.push(operation) > MOST_RUNNING) throw new Error(`More than ${MOST_RUNNING} operations at once.`)
}

/** All configurations in which the operation of this bit has taken effect, which has to be by now; without its bit. */
function linearize<O, S extends State>(
  possible: readonly Configuration<S>[],
  running: readonly (O | undefined)[],
  bit: number,
  step: Step<O, S>,
): Configuration<S>[] {
  const seen = new Set<string>()
  const results = new Map<string, Configuration<S>>()
  const open = [...possible]
  for (let from = open.pop(); from; from = open.pop()) {
    const { state, done } = from
    const name = `${state}/${done}`
    if (seen.has(name)) continue
    seen.add(name)
    if (done & bit) {
      results.set(name, { state, done: done & ~bit })
      continue
    }
    for (let index = 0; index < running.length; index++) {
      const operation = running[index]
      if (operation === undefined || done & (1 << index)) continue
      const next = step(state, operation)
      if (next !== undefined) open.push({ state: next, done: done | (1 << index) })
    }
  }
  return [...results.values()]
}
