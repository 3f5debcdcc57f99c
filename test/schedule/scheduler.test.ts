// The scheduler itself, on threads that only count: it finds what is to be found, says how to see it again, tries what
// it says that it tries, and finds nothing where there is nothing.
import { afterAll, describe, expect, it } from 'vitest'
import { Crew, ScheduleError, Standstill } from '../harness/schedule/crew.js'
import { type Plan, type Report, explore } from '../harness/schedule/explore.js'
import { type Schedule, parse, textOf } from '../harness/schedule/schedule.js'
import { TOY_NAMES, type ToyOperation } from '../harness/schedule/toy.js'

const crew = new Crew('toy.actor')
afterAll(() => crew.dismiss())

const nameOf = (id: number): string => TOY_NAMES[id] ?? `(${id})`
const WORD = 0
const [LOCK_A, LOCK_B] = [1, 2]

/** What the threads do, each. */
type Toys = readonly (readonly ToyOperation[])[]

/** Tries schedules of these threads until the word is not what it must be in the end. */
async function tried(threads: Toys, plan: Partial<Plan> = {}): Promise<Report & { texts: string[] }> {
  const memory = new SharedArrayBuffer(16)
  const words = new Int32Array(memory)
  await crew.load(threads.map((operations) => ({ memory, operations })))
  const expected = threads.flat().filter(([what]) => what === 'increment').length
  const texts: string[] = []
  const execute = (schedule: Schedule) => {
    words.fill(0)
    texts.push(textOf(schedule))
    const { events } = run(schedule)
    if (words[WORD] !== expected) throw new ScheduleError(`The word is ${words[WORD]}.`, schedule, events, nameOf)
    return { events, passed: 0 }
  }
  const report = await explore({ preemptions: 2, most: 10_000, random: 0, ...plan }, threads.length, execute)
  return { ...report, texts }
}

function run(schedule: Schedule): ReturnType<Crew['execute']> {
  try {
    return crew.execute(schedule)
  } catch (error) {
    if (error instanceof Standstill) throw new ScheduleError(error.message, schedule, error.events, nameOf)
    throw error
  }
}

async function failureOf(threads: Toys, plan?: Partial<Plan>): Promise<ScheduleError> {
  const error: unknown = await tried(threads, plan).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ScheduleError)
  return error as ScheduleError
}

const increment = ['increment', WORD] as const
const guarded = [['lock', LOCK_A], increment, ['unlock', LOCK_A]] as const

describe('the scheduler', () => {
  it('finds a lost update with one preemption, and says where', async () => {
    await tried([[increment], [increment]], { preemptions: 0 }) // without one there is none
    const { message, schedule } = await failureOf([[increment], [increment]], { preemptions: 1 })
    expect(schedule).toBe('v0,1:1')
    expect(message).toContain('The word is 1.')
    expect(message).toMatch(/thread 0 {2}loaded {2}--> 1/)
  })

  it('plays a schedule again, as it was', async () => {
    const { message, schedule } = await failureOf([[increment, increment], [increment], [increment]])
    for (let again = 0; again < 3; again++) {
      process.env.TOPHASH_SCHEDULE = schedule
      try {
        expect((await failureOf([[increment, increment], [increment], [increment]])).message).toBe(message)
      } finally {
        delete process.env.TOPHASH_SCHEDULE
      }
    }
  })

  it('tries each schedule once, and all of them', async () => {
    const locked = await tried([guarded, guarded])
    expect(new Set(locked.texts).size).toBe(locked.executions)
    expect(locked.complete).toBe(2)

    // Two threads that never wait, of n steps each. Either can begin; the first preemption is after one of its steps,
    // the second after one of the other's; and then nobody is left to be preempted by.
    const n = 2
    const twoSteps = (lock: number): ToyOperation[] => [
      ['lock', lock],
      ['unlock', lock],
    ]
    const apart = await tried([twoSteps(LOCK_A), twoSteps(LOCK_B)])
    expect(new Set(apart.texts).size).toBe(apart.executions)
    expect(apart.executions).toBe(2 * (1 + n + n * n))
  })

  it('finds nothing where a lock is', async () => {
    const { executions, complete } = await tried([guarded, guarded, guarded], { random: 500 })
    expect(complete).toBe(2)
    expect(executions).toBeGreaterThan(500)
  })

  it('finds a deadlock of two locks', async () => {
    const first: ToyOperation[] = [
      ['lock', LOCK_A],
      ['lock', LOCK_B],
      ['unlock', LOCK_B],
      ['unlock', LOCK_A],
    ]
    const other: ToyOperation[] = [
      ['lock', LOCK_B],
      ['lock', LOCK_A],
      ['unlock', LOCK_A],
      ['unlock', LOCK_B],
    ]
    const { message, schedule } = await failureOf([first, other], { preemptions: 1 })
    expect(message).toContain('Deadlock')
    expect(schedule).toBe('v0,1:1')
  })

  it('finds a loop that never ends', async () => {
    const { message } = await failureOf([[increment], [['spin', LOCK_A]]])
    expect(message).toContain('Livelock')
  })

  it('goes on after a failure', async () => {
    await failureOf([[increment], [increment]])
    await tried([guarded, guarded])
  })

  it('finds at random what needs several preemptions, and the same again with the same seed', async () => {
    process.env.TOPHASH_SEED = '7'
    try {
      const plan = { preemptions: 0, random: 2000 }
      const { schedule } = await failureOf([[increment], [increment], [increment]], plan)
      expect(schedule).toMatch(/^a/)
      expect((await failureOf([[increment], [increment], [increment]], plan)).schedule).toBe(schedule)
    } finally {
      delete process.env.TOPHASH_SEED
    }
  })

  it('reads the text of a schedule as it writes it', () => {
    for (const text of ['v0', 'v1,12:0,30:1', 'a2,7:1,dead@57', 'v0,dead@1']) expect(textOf(parse(text))).toBe(text)
    expect(() => parse('v0 12')).toThrow('not a schedule')
  })
})
