// Everything that a class has to do to pass for a Map.
import { describe } from 'vitest'
import { mapAccess } from './map/access.js'
import { mapClass } from './map/class.js'
import { mapConstructor } from './map/construct.js'
import { mapForEach } from './map/for-each.js'
import { mapGroupBy } from './map/group-by.js'
import { mapIterators } from './map/iterate.js'
import { mapUpsert } from './map/upsert.js'
import type { MapSubject } from './support/subject.js'

export function mapConformance(subject: MapSubject): void {
  describe(subject.name, () => {
    mapConstructor(subject)
    mapAccess(subject)
    mapForEach(subject)
    mapIterators(subject)
    mapUpsert(subject)
    mapClass(subject)
    if (subject.kind === 'any' && subject.valueKind === 'any') mapGroupBy(subject) // its values are arrays
  })
}
