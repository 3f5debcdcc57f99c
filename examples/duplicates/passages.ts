// From the first place of every phrase to what can be read: copied passages, and how much of the text is one.
import { fileAt, type SearchJob } from './job.js'
import type { Firsts } from './strategies/strategy.js'

/** So many phrases that follow each other here as they do where the first of them occurs first. */
export interface Copy {
  phrases: number
  place: number
  first: number
}

/** The same phrases, at two places or more. */
export interface Passage {
  phrases: number
  /** The first one comes first. */
  places: number[]
}

export interface Copies {
  /** At all places. */
  phrases: number
  /** Those of them that occur before. */
  copied: number
  /** The longest, one for each file where such a one occurs first. */
  longest: Passage[]
}

export function gatherCopies(job: SearchJob, firsts: Firsts, most: number): Copies {
  const passages = new Map<string, Passage>()
  let [phrases, copied] = [0, 0]
  firsts.forEach((found, index) => {
    phrases += found.length
    for (const copy of copiesIn(job, firsts, index)) {
      copied += copy.phrases
      addTo(passages, copy)
    }
  })
  const sorted = [...passages.values()].sort((a, b) => b.phrases - a.phrases || a.places[0]! - b.places[0]!)
  return { phrases, copied, longest: onePerFile(job, sorted).slice(0, most) }
}

/** The copies in a file, each as long as can be. */
export function* copiesIn(job: SearchJob, firsts: Firsts, index: number): Generator<Copy> {
  const found = firsts[index]!
  const place = job.places[index]!
  for (let begin = 0, next = 0; begin < found.length; begin = next) {
    const first = found[begin]!
    next = begin + 1
    if (first === place + begin) continue
    // Some of the phrases that follow may occur still earlier elsewhere: then they do so for the original, too.
    const origin = fileAt(job, first)
    const original = firsts[origin]!
    let at = first - job.places[origin]! + 1
    while (next < found.length && at < original.length && found[next] === original[at]) [next, at] = [next + 1, at + 1]
    yield { phrases: next - begin, place: place + begin, first }
  }
}

function addTo(passages: Map<string, Passage>, { phrases, place, first }: Copy): void {
  const name = `${first} ${phrases}`
  const passage = passages.get(name)
  if (passage) passage.places.push(place)
  else passages.set(name, { phrases, places: [first, place] })
}

/** The first for each file: else two builds of one library would fill the list. */
function onePerFile(job: SearchJob, passages: Passage[]): Passage[] {
  const chosen = new Map<number, Passage>()
  for (const passage of passages) {
    const file = fileAt(job, passage.places[0]!)
    if (!chosen.has(file)) chosen.set(file, passage)
  }
  return [...chosen.values()]
}
