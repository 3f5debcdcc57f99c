// Everything that a class has to do to pass for a Set.
import { describe } from 'vitest'
import { setAccess } from './set/access.js'
import { setChanges } from './set/changes.js'
import { setClass } from './set/class.js'
import { setConstructor } from './set/construct.js'
import { setForEach } from './set/for-each.js'
import { setIterators } from './set/iterate.js'
import { setRecord } from './set/record.js'
import { setResults } from './set/results.js'
import { setSteps } from './set/steps.js'
import type { SetSubject } from './support/subject.js'

export function setConformance(subject: SetSubject): void {
  describe(subject.name, () => {
    setConstructor(subject)
    setAccess(subject)
    setForEach(subject)
    setIterators(subject)
    setClass(subject)
    if (subject.kind === 'bytes') return // to the Set that a set method returns, equal bytes are different objects
    setRecord(subject)
    setResults(subject)
    setSteps(subject)
    setChanges(subject)
  })
}
