// The thread's side of the scheduler. Of all threads one has the baton; it runs until it comes to a checkpoint at which
// the schedule names another one, until it ends, or until it has to wait. Whoever has it decides, so that the others
// sleep and there is no switch but those that the schedule wants.
import { AWAITING, BETWEEN, type Control, DEADLOCK, DIED, ENDED, JUDGE, LIVELOCK } from './control.js'

/** What the numbers of checkpoints mean to the scheduler. */
export interface Steps {
  /** The thread's own business: to switch there is the same as to switch at the step before. */
  readonly private: readonly number[]
  /** So is a look at what the thread has locked. */
  readonly looks: readonly number[]
  readonly taken: number
  /** Who waits for a lock of this thread's can look again. */
  readonly released: readonly number[]
  /** The thread waits for a lock. */
  readonly waiting: readonly number[]
  /** The thread has looked in vain, and looks again when others have done something. */
  readonly yielding: readonly number[]
  /** Pairs of which the second is the same as the first if it follows it. */
  readonly twins: readonly (readonly [number, number])[]
}

/** What is thrown where a thread dies. */
export class Death extends Error {
  constructor(readonly checkpoint: number) {
    super(`death at checkpoint ${checkpoint}`)
  }
}
/** Something has gone wrong in another thread, or this one. */
class Abort extends Error {}

const AWAITED = ['awaited0', 'awaited1', 'awaited2'] as const

type Role = 'private' | 'look' | 'taken' | 'released' | 'waiting' | 'yielding' | undefined

export class Baton {
  readonly #control: Control
  readonly #me: number
  readonly #bit: number
  readonly #roles: Role[] = []
  readonly #twinOf: number[] = []
  #isLocking = false
  #last = BETWEEN
  /** Who takes and releases locks here. */
  identity = 0
  /** Whose lock this thread waits for, 0: it does not say. */
  awaited: () => number = () => 0
  /** Checkpoints that this thread has passed. */
  passed = 0
  #deathAt = 0
  #seesAll = false

  constructor(control: Control, me: number, steps: Steps) {
    this.#control = control
    this.#me = me
    this.#bit = 1 << me
    for (const id of steps.private) this.#roles[id] = 'private'
    for (const id of steps.looks) this.#roles[id] = 'look'
    for (const id of steps.released) this.#roles[id] = 'released'
    for (const id of steps.waiting) this.#roles[id] = 'waiting'
    for (const id of steps.yielding) this.#roles[id] = 'yielding'
    this.#roles[steps.taken] = 'taken'
    for (const [first, second] of steps.twins) this.#twinOf[second] = first
  }

  /** Waits until this thread may begin. False: there is nothing to do any more. */
  begin(mayDie: boolean): boolean {
    this.#control.awaitTurn(this.#me)
    this.#isLocking = false
    this.#last = BETWEEN
    this.passed = 0
    this.#deathAt = mayDie ? this.#control.get('deathAt') : 0
    this.#seesAll = this.#control.get('seesAll') !== 0
    return this.#control.get('isOver') === 0
  }

  /** Whether the execution has failed: then a thread that begins late ends at once. */
  get hasFailed(): boolean {
    return this.#control.get('failure') !== 0
  }

  /** Called at each checkpoint. */
  readonly step = (id: number): void => {
    if (++this.passed === this.#deathAt) throw new Death(id)
    const role = this.#roles[id]
    if (!this.#isPoint(id, role)) return
    this.#last = id
    if (role === 'released') this.#wake()
    if (role === 'waiting') this.#waitForLock(id)
    else if (role === 'yielding') this.#wait('stepWaiters', id)
    else this.#comeTo(id, true)
  }

  /** Whether it matters which thread goes on from here. */
  #isPoint(id: number, role: Role): boolean {
    const isUnderLock = this.#isLocking
    if (role === 'taken') this.#isLocking = true
    else if (role === 'released') this.#isLocking = false
    if (this.#seesAll) return true
    if (role === 'private' || (role === 'look' && isUnderLock)) return false
    return this.#twinOf[id] === undefined || this.#twinOf[id] !== this.#last
  }

  /** Between two operations. */
  between(): void {
    this.#last = BETWEEN
    this.#comeTo(BETWEEN, true)
  }

  /** A moment in the order of all beginnings and ends of operations. */
  tick(): number {
    const now = this.#control.get('clock') + 1
    this.#control.set('clock', now)
    return now
  }

  /** Returns when another thread has ended. */
  awaitEnd(of: number): void {
    while (!(this.#control.get('ended') & (1 << of))) this.#wait('endWaiters', AWAITING)
  }

  /** This thread is through, or dead: another one goes on. */
  end(hasDied: boolean): void {
    const control = this.#control
    if (this.hasFailed) {
      if (control.countEnding() === control.get('threads')) control.pass(JUDGE)
      return
    }
    control.set('ended', control.get('ended') | this.#bit)
    control.set('endWaiters', 0)
    try {
      this.#comeTo(hasDied ? DIED : ENDED, false)
    } catch (error) {
      if (!(error instanceof Abort)) throw error
      if (control.countEnding() === control.get('threads')) control.pass(JUDGE)
    }
  }

  #waitForLock(id: number): void {
    this.#control.set(AWAITED[this.#me]!, this.awaited())
    this.#wait('lockWaiters', id)
  }

  /** Those who wait for this thread can look again. */
  #wake(): void {
    const control = this.#control
    for (let thread = 0; thread < control.get('threads'); thread++) {
      const awaited = control.get(AWAITED[thread]!)
      if (awaited !== 0 && awaited !== this.identity) continue
      control.set('lockWaiters', control.get('lockWaiters') & ~(1 << thread))
    }
  }

  #wait(waiters: 'lockWaiters' | 'stepWaiters' | 'endWaiters', id: number): void {
    this.#control.set(waiters, this.#control.get(waiters) | this.#bit)
    this.#comeTo(id, false)
  }

  /** An event: whoever the schedule names goes on, else this thread if it can, else the first that can. */
  #comeTo(id: number, canGoOn: boolean): void {
    const control = this.#control
    control.set('stepWaiters', control.get('stepWaiters') & this.#bit)
    const ended = control.get('ended')
    const waiting = control.get('lockWaiters') | control.get('endWaiters')
    const all = (1 << control.get('threads')) - 1
    let enabled = all & ~ended & ~waiting & ~control.get('stepWaiters')
    if (enabled === 0 && ended !== all) enabled = all & ~ended & ~waiting // there is nobody to wait for: look again
    if (enabled === 0 && ended !== all) this.#fail(DEADLOCK)
    const named = control.decisionAt(control.get('events'))
    const first = canGoOn ? this.#me : enabled === 0 ? JUDGE : 31 - Math.clz32(enabled & -enabled)
    const chosen = named >= 0 && enabled & (1 << named) ? named : first
    if (!control.note({ thread: this.#me, id, enabled, chosen })) this.#fail(LIVELOCK)
    if (chosen === this.#me) return
    control.pass(chosen)
    if (ended & this.#bit) return
    control.awaitTurn(this.#me)
    if (this.hasFailed) throw new Abort()
  }

  /** Ends the execution: all threads are woken, and leave what they are doing. */
  #fail(failure: number): never {
    this.#control.set('failure', failure)
    for (let thread = 0; thread < this.#control.get('threads'); thread++) {
      if (thread !== this.#me && !(this.#control.get('ended') & (1 << thread))) this.#control.pass(thread)
    }
    // Those that have ended already do not come to their end again.
    for (let ended = this.#control.get('ended') & ~this.#bit; ended; ended &= ended - 1) this.#control.countEnding()
    throw new Abort()
  }
}

/** Whether an error is this scheduler's, and not to be caught by what runs under it. */
export function isAbort(error: unknown): boolean {
  return error instanceof Abort
}
