// The suites over SharedMap and SharedSet: no method is skipped. With the default kind, as whoever replaces a Map uses
// them, and with declared kinds, of keys and of values. What was left out of the suites: differences.test.ts.
import { SharedMap, SharedSet } from 'tophash'
import { sized } from '../support/size.js'
import { mapConformance } from './map.js'
import { setConformance } from './set.js'
import type { SampleKind } from './support/samples.js'
import type { MapClass, SetClass } from './support/subject.js'

const lacks = (): undefined => undefined
const KINDS: readonly SampleKind[] = ['number', 'string', 'bigint', 'bytes', 'any']

mapConformance({
  name: 'SharedMap',
  tag: 'SharedMap',
  kind: 'any',
  valueKind: 'any',
  Class: SharedMap as unknown as MapClass,
  lacks,
})
setConformance({ name: 'SharedSet', tag: 'SharedSet', kind: 'any', Class: SharedSet as unknown as SetClass, lacks })

/** Those with which it is tried. */
const DECLARED = sized<readonly SampleKind[]>(['string'], KINDS)

for (const [i, kind] of KINDS.entries()) {
  if (!DECLARED.includes(kind)) continue
  const valueKind = KINDS[(i + 1) % KINDS.length]!
  const name = `SharedMap of ${kind} to ${valueKind}`
  mapConformance({ name, tag: 'SharedMap', kind, valueKind, Class: declaredMap(kind, valueKind), lacks })
  if (kind === 'any') continue
  setConformance({ name: `SharedSet of ${kind}`, tag: 'SharedSet', kind, Class: declaredSet(kind), lacks })
}

/** A class whose only argument is the iterable, like that of Map. */
function declaredMap(key: SampleKind, value: SampleKind): MapClass {
  const Base = SharedMap as unknown as new (entries: unknown, options: object) => object
  class Declared extends Base {
    constructor(entries?: unknown) {
      super(entries, { key, value })
    }
  }
  return Declared as unknown as MapClass
}

function declaredSet(value: SampleKind): SetClass {
  const Base = SharedSet as unknown as new (values: unknown, options: object) => object
  class Declared extends Base {
    constructor(values?: unknown) {
      super(values, { value })
    }
  }
  return Declared as unknown as SetClass
}
