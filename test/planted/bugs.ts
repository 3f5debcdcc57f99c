import type { Bug } from './bug.js'
import { ADAPTERS } from './bugs/adapters.js'
import { BITSET } from './bugs/bitset.js'
import { CACHE } from './bugs/cache.js'
import { GROWING } from './bugs/growing.js'
import { HASHING } from './bugs/hashing.js'
import { MEMORY } from './bugs/memory.js'
import { OBJECTS } from './bugs/objects.js'
import { QUEUES } from './bugs/queue.js'
import { REDIS } from './bugs/redis.js'
import { READING } from './bugs/reading.js'
import { RECOVERY } from './bugs/recovery.js'
import { KNOWN } from './bugs/known.js'
import { STRINGS } from './bugs/strings.js'
import { TRACING } from './bugs/tracing.js'
import { VALUES } from './bugs/values.js'
import { WAITING_FOR_KEYS } from './bugs/waiting.js'
import { WRAPPER } from './bugs/wrapper.js'
import { WRITING } from './bugs/writing.js'

/** All bugs that are planted: each breaks one promise of the core or of the wrapper. */
export const BUGS: readonly Bug[] = [
  ...ADAPTERS,
  ...READING,
  ...WRITING,
  ...GROWING,
  ...HASHING,
  ...MEMORY,
  ...RECOVERY,
  ...TRACING,
  ...WRAPPER,
  ...VALUES,
  ...OBJECTS,
  ...STRINGS,
  ...KNOWN,
  ...BITSET,
  ...QUEUES,
  ...CACHE,
  ...WAITING_FOR_KEYS,
  ...REDIS,
]
