// A schedule: which thread begins, and at which event another one takes over. Everything else follows: a thread runs
// until it ends or has to wait, and then the first that can goes on. As text it is short enough for a variable:
//
//     v1,12:0,30:1         thread 1 begins; at event 12 thread 0 goes on, at event 30 thread 1
//     a0,7:1,dead@57       the same with all checkpoints as events; and thread 0 dies at the 57th that it passes
import { type Event, START } from './control.js'

export interface Decision {
  readonly event: number
  readonly thread: number
}

export interface Schedule {
  /** Whether steps that only concern the thread itself are events, too. */
  readonly seesAll: boolean
  /** The first is who begins: event 0. */
  readonly decisions: readonly Decision[]
  /** At which of its checkpoints, from 1, the thread dies that may die; 0: it lives. */
  readonly deathAt: number
}

export function textOf({ seesAll, decisions, deathAt }: Schedule): string {
  const [first, ...rest] = decisions
  const parts = [`${seesAll ? 'a' : 'v'}${first?.thread ?? 0}`]
  for (const { event, thread } of rest) parts.push(`${event}:${thread}`)
  if (deathAt) parts.push(`dead@${deathAt}`)
  return parts.join()
}

export function parse(text: string): Schedule {
  const match = /^([av])(\d)((?:,\d+:\d)*)(?:,dead@(\d+))?$/.exec(text)
  if (!match) throw new Error(`not a schedule: ${text}`)
  const [, mode, first, rest, deathAt] = match
  const pairs = [...rest!.matchAll(/(\d+):(\d)/g)]
  const decisions = pairs.map(([, event, thread]) => ({ event: +event!, thread: +thread! }))
  const beginning = { event: 0, thread: +first! }
  return { seesAll: mode === 'a', decisions: [beginning, ...decisions], deathAt: Number(deathAt ?? 0) }
}

/** The decisions that made a difference. */
export function shortened(schedule: Schedule, events: readonly Event[]): Schedule {
  const isChange = ({ event, thread }: Decision): boolean => {
    const at = events[event]
    return event === 0 || (at !== undefined && at.chosen === thread && at.chosen !== byDefault(at))
  }
  return { ...schedule, decisions: schedule.decisions.filter(isChange) }
}

/** Who goes on if the schedule does not say. */
function byDefault({ thread, enabled }: Event): number {
  return enabled & (1 << thread) ? thread : 31 - Math.clz32(enabled & -enabled)
}

/** What it costs to let another thread go on there: 1 for a preemption, 0 if the thread could not have gone on. */
function priceAt({ thread, id, enabled }: Event): number {
  return id !== START && enabled & (1 << thread) ? 1 : 0
}

interface Extension {
  readonly next: Schedule
  readonly price: number
}

/** All schedules that differ from this one in a single decision more, behind its last; and what that costs. */
export function* extensions(schedule: Schedule, events: readonly Event[]): Generator<Extension> {
  const last = schedule.decisions.at(-1)?.event ?? -1
  for (let event = last + 1; event < events.length; event++) {
    const { enabled, chosen } = events[event]!
    for (let thread = 0; enabled >> thread; thread++) {
      if (thread === chosen || !(enabled & (1 << thread))) continue
      const decisions = [...schedule.decisions, { event, thread }]
      yield { next: { ...schedule, decisions }, price: priceAt(events[event]!) }
    }
  }
}
