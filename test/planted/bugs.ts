import type { Bug } from './bug.js'
import { GROWING } from './bugs/growing.js'
import { MEMORY } from './bugs/memory.js'
import { READING } from './bugs/reading.js'
import { RECOVERY } from './bugs/recovery.js'
import { TRACING } from './bugs/tracing.js'
import { WRAPPER } from './bugs/wrapper.js'
import { WRITING } from './bugs/writing.js'

/** All bugs that are planted: each breaks one promise of the core or of the wrapper. */
export const BUGS: readonly Bug[] = [...READING, ...WRITING, ...GROWING, ...MEMORY, ...RECOVERY, ...TRACING, ...WRAPPER]
