// Two of the planted bugs, one of the wrapper and, in the large size, one of the core: to show that they are caught, and that what
// runs them works. All of them: npm run planted.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Bug } from './bug.js'
import { BUGS } from './bugs.js'
import { some } from '../support/size.js'
import { tryTest } from './trial.js'
import { Workshop } from './workshop.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Those whose tests are short. */
const NAMES = ['a batch is read through a stale view', 'a split does not raise the version of the parent']

let workshop: Workshop
beforeAll(async () => (workshop = await Workshop.open(ROOT, path.join(ROOT, 'build/planted/sample'), { isBuilt: true })), 600_000)
afterAll(() => workshop.close())

it.each(some(NAMES, 1))(
  'turns its test red: %s',
  async (name) => {
    const bug = named(name)
    if (name === NAMES[0]) expect(await tryTest(workshop.folder, ...bug.test)).toMatchObject({ outcome: 'green' })
    expect(await workshop.with(bug, () => tryTest(workshop.folder, ...bug.test))).toMatchObject({ outcome: 'red' })
  },
  600_000,
)

function named(name: string): Bug {
  const found = BUGS.find((bug) => bug.name === name)
  if (!found) throw new Error(`There is no planted bug named '${name}' any more: choose another one.`)
  return found
}
