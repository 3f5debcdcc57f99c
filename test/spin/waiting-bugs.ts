// Bugs to plant into waiting.pml, as those of bugs.ts into bucket.pml.
import type { Bug } from './bugs.js'

/** Who waits for a key sleeps for good; who waits for the lock does. */
const [LOST, STUCK, EITHER] = [/^\(\(value==0\)\|\|/, /^!\(asleep\[2\]\)$/, /asleep/]

export const WAITING_BUGS: readonly (Pick<Bug, 'name' | 'edits'> & { readonly breaks: RegExp })[] = [
  {
    name: 'who takes the lock does not take the flag along',
    edits: [['lock = lockedBy(me) | (seen & WAITERS)', 'lock = lockedBy(me)']],
    breaks: LOST,
  },
  {
    name: 'who waits says so of a word that it has not looked under',
    edits: [
      [
        ':: lock == seen -> lock = seen | WAITERS; seen = seen | WAITERS\n                 :: else -> seen = 0\n                 fi\n               };\n               if\n               :: seen != 0 -> sleep(me, seen)',
        ':: !(lock & LOCKED) -> lock = lock | WAITERS; seen = lock\n                 :: else -> seen = 0\n                 fi\n               };\n               if\n               :: seen != 0 -> sleep(me, seen)',
      ],
    ],
    breaks: LOST,
  },
  {
    name: 'who waits says so before it looks, and sleeps on the word that there is then',
    edits: [['sleep(me, seen)', 'seen = lock; sleep(me, seen)']],
    breaks: LOST,
  },
  {
    name: 'who waits does not say so',
    edits: [
      [
        ':: lock == seen -> lock = seen | WAITERS; seen = seen | WAITERS\n                 :: else -> seen = 0\n                 fi\n               };\n               if\n               :: seen != 0 -> sleep(me, seen)',
        ':: lock == seen -> skip\n                 :: else -> seen = 0\n                 fi\n               };\n               if\n               :: seen != 0 -> sleep(me, seen)',
      ],
    ],
    breaks: LOST,
  },
  {
    name: 'the word is not compared when the thread goes to sleep',
    edits: [[':: lock == expected -> asleep[who] = true', ':: true -> asleep[who] = true']],
    breaks: EITHER,
  },
  {
    name: 'a writer looks for the flag before it lets go of the lock',
    edits: [['step(d_step { held = lock; lock = word[me] + version })', 'held = lock; step(lock = word[me] + version)']],
    breaks: STUCK,
  },
  {
    name: 'the lock is forgotten before those who wait were woken',
    edits: [
      [
        '  step(if :: held & WAITERS -> wakeAll() :: else fi);\n  step(intended[me] = 0)',
        '  step(intended[me] = 0);\n  step(if :: held & WAITERS -> wakeAll() :: else fi)',
      ],
    ],
    breaks: EITHER,
  },
  {
    name: 'recovery does not wake those whom the dead writer was about to wake',
    edits: [
      ['       :: else -> wakeAll()\n       fi;\n       intended[1] = 0', '       :: else\n       fi;\n       intended[1] = 0'],
    ],
    breaks: EITHER,
  },
]
