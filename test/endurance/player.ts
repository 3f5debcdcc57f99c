// Plays random operations on one collection: in eras, each with keys of its own range and a mood of its own, so that
// the collection grows, stays and shrinks. All choices follow from the seed, whatever the number of operations.
import type { Kind, SharedSet } from 'tophash'
import type { TestMap } from '../support/untyped.js'
import { MANY, type MapOperation, SINGLE } from './map-operations.js'
import { WHOLE, verifyMap } from './map-walks.js'
import { ALL, FEW, type SetOperation, verifySet } from './set-operations.js'
import type { Share } from './share.js'

/** Bound to a collection and a share of it. */
type Step = () => void

/** What can be done, and how often in each mood. A name that is there twice is drawn twice as often. */
interface Repertoire {
  readonly moods: readonly (readonly (readonly [name: string, step: Step])[])[]
  readonly wholes: readonly (readonly [name: string, step: Step])[]
  readonly verify: Step
}

/** Ranges of keys: a few, on which everything meets, to so many that the table doubles again and again. */
const SPANS = [6, 60, 600, 6000, 40_000] as const
/** One of so many operations is one on the whole, the fewer the larger the collection. */
const LEAST_BETWEEN_WHOLES = 400

export class Player {
  readonly #share: Share
  readonly #repertoire: Repertoire
  #played = 0
  #sinceVerified = 0
  #left = 0
  #mood: Repertoire['moods'][number] = []

  private constructor(share: Share, repertoire: Repertoire) {
    this.#share = share
    this.#repertoire = repertoire
  }

  static ofMap(map: TestMap, value: Kind, share: Share): Player {
    const scene = { map, value, share }
    const bound = (operations: Readonly<Record<string, MapOperation>>) =>
      Object.entries(operations).map(([name, operation]) => [name, () => operation(scene)] as const)
    return new Player(
      share,
      repertoireOf(bound({ ...SINGLE, ...MANY }), bound(WHOLE), () => verifyMap(scene)),
    )
  }

  static ofSet(set: SharedSet<any>, share: Share): Player {
    const scene = { set, share }
    const bound = (operations: Readonly<Record<string, SetOperation>>) =>
      Object.entries(operations).map(([name, operation]) => [name, () => operation(scene)] as const)
    return new Player(
      share,
      repertoireOf(bound(FEW), bound(ALL), () => verifySet(scene)),
    )
  }

  /** Operations so far. */
  get played(): number {
    return this.#played
  }

  /** Plays so many operations more. @throws what is wrong, with the number and name of the operation */
  play(operations: number): void {
    const end = this.#played + operations
    let name = ''
    try {
      while (this.#played < end) {
        if (this.#left-- === 0) this.#beginEra()
        this.#played++
        this.#sinceVerified++
        const [chosen, step] = this.#choose()
        name = chosen
        step()
      }
      name = 'the comparison of all entries'
      this.#verify()
    } catch (error) {
      throw new Error(`operation ${this.#played}, ${name}: ${(error as Error).message}`, { cause: error })
    }
  }

  #choose(): readonly [name: string, step: Step] {
    const { random, size } = this.#share
    const { wholes } = this.#repertoire
    if (random(LEAST_BETWEEN_WHOLES + 2 * size) === 0) return wholes[random(wholes.length)]!
    return this.#mood[random(this.#mood.length)]!
  }

  /** The first eras are short, so that a short run has seen all sorts of them. */
  #beginEra(): void {
    const { random } = this.#share
    const span = SPANS[random(SPANS.length)]!
    this.#share.use(span)
    this.#left = 500 + random(Math.min(4 * span, 1000 + this.#played))
    this.#mood = this.#repertoire.moods[random(this.#repertoire.moods.length)]!
    if (this.#sinceVerified > 10_000 + 4 * this.#share.size) this.#verify()
  }

  #verify(): void {
    this.#repertoire.verify()
    this.#sinceVerified = 0
  }
}

const GROWING = ['set', 'add', 'fill', 'addMany', 'getOrInsert']
const SHRINKING = ['delete', 'drain', 'deleteMany', 'take']
/** These take as long as many others. */
const LONG = ['getMany', 'setMany', 'getOrInsertMany', 'deleteMany', 'floats', 'fill', 'drain', 'hasMany', 'addMany']
/** So many times a short one is drawn where a long one is drawn once. */
const SHORT_PER_LONG = 40

function repertoireOf(few: Repertoire['wholes'], wholes: Repertoire['wholes'], verify: Step): Repertoire {
  const mood = (favourites: readonly string[]) =>
    few.flatMap((operation) => {
      const times = (LONG.includes(operation[0]) ? 1 : SHORT_PER_LONG) * (favourites.includes(operation[0]) ? 3 : 1)
      return new Array<typeof operation>(times).fill(operation)
    })
  return { moods: [GROWING, [], SHRINKING].map(mood), wholes, verify }
}
