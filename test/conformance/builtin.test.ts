// The suites over the Map and the Set of the runtime: what fails here is wrong in the suite. What an older runtime
// lacks is skipped; Node 26 has everything.
import { mapConformance } from './map.js'
import { setConformance } from './set.js'
import type { MapClass, SetClass } from './support/subject.js'

const lacks =
  (Class: MapConstructor | SetConstructor) =>
  (method: string): string | undefined =>
    method in Class.prototype || method in Class ? undefined : `not in Node ${process.version}`

mapConformance({
  name: 'Map',
  tag: 'Map',
  kind: 'any',
  valueKind: 'any',
  Class: Map as unknown as MapClass,
  lacks: lacks(Map),
})
setConformance({ name: 'Set', tag: 'Set', kind: 'any', Class: Set as unknown as SetClass, lacks: lacks(Set) })
