// Bugs to plant into bucket.pml, each an edit of its text: the model must find them all, or it proves nothing. The
// first text of an edit must be there exactly once.

/** What the model asserts, by name: how SPIN spells it, without spaces, when it is violated. */
export const CLAIMS = {
  counted: /^\(count\[me\]==/,
  once: /^\(found==0\)$/,
  whole: /^\(\(\(value\[s\]\/4\)==/,
  noGhost: /^\(\(found==0\)\|\|/,
  nothingLost: /^\(\(found==truth\[x\]\)/,
  headZeroIsLive: /^\(at!=0\)$/,
  oneOwner: /^\(\(lock\[\w+\]&1\)&&/,
  notTorn: /^\(\(n==0\)\|\|/,
  current: /^\(possible\[/,
  rightChain: /^\(isThere==/,
  allOrNothing: /^\(\(found==truth\[wishKey/,
  deadHoldNothing: /^\(!\(\(\(lock\[0\]&1\)&&/,
  nobodyHolds: /^\(!\(\(lock\[0\]&1\)\)&&/,
  journalNamesALock: /^-invalidarrayindex$/, // SPIN's own
} as const

export type Claim = keyof typeof CLAIMS

export interface Bug {
  readonly name: string
  readonly edits: readonly (readonly [text: string, instead: string])[]
  /** What shows it. */
  readonly breaks: Claim
  /** The least that it takes; without this one reader, of the key that moves, and one death. */
  readonly flags?: readonly string[]
}

const NO_DEATH = ['-DREADERS=1', '-DDEATHS=0']

export const BUGS: readonly Bug[] = [
  // ---- Reading ----
  {
    name: 'a reader does not ask the depth whether the head is responsible',
    edits: [['  locate(k, possible[k], 1 << truth[k]);', '  at = P; d_step { seen = lock[at]; possible[k] = 1 << truth[k] };']],
    breaks: 'current',
    flags: NO_DEATH,
  },
  {
    name: 'the depth is read before the lock word',
    edits: [
      [
        '  :: d_step { seen = lock[at]; watch = truths };',
        '  :: home = homeOf(k, depth[at]); d_step { seen = lock[at]; watch = truths };',
      ],
      ['          home = homeOf(k, depth[at]);\n', ''],
      ['          :: else -> at = home\n', '          :: home != at -> at = home\n'],
    ],
    breaks: 'rightChain',
    flags: NO_DEATH,
  },
  {
    name: 'a reader ignores LOCKED',
    edits: [['  :: seen & LOCKED ->\n       d_step', '  :: false ->\n       d_step']],
    breaks: 'current',
    flags: NO_DEATH,
  },
  {
    name: 'a reader does not look at the lock word again',
    edits: [
      ['    :: lock[at] == seen ->\n', '    :: true ->\n'],
      ['         seen = 0\n    :: else\n', '         seen = 0\n'],
    ],
    breaks: 'current',
    flags: NO_DEATH,
  },
  {
    name: 'a reader does not look at the lock word again: what it finds is not only old, but torn',
    edits: [
      ['    :: lock[at] == seen ->\n', '    :: true ->\n'],
      ['         seen = 0\n    :: else\n', '         seen = 0\n'],
      ['assert(possible[k] & (1 << (n % 4)));', 'skip;'],
      ['run Reader(MOVES);', 'run Reader(STAYS);'],
    ],
    breaks: 'notTorn',
    flags: NO_DEATH,
  },
  // ---- Locking ----
  {
    name: 'a writer locks whatever word there is, not the one under which it located',
    edits: [['step(taken = (lock[b] == seen));', 'seen = lock[b]; journal[me].word = seen; step(taken = !(seen & LOCKED));']],
    breaks: 'rightChain',
    flags: NO_DEATH,
  },
  {
    name: 'a writer does not ask the depth whether the head is responsible',
    edits: [['  :: locate(k, s, 0);', '  :: at = P; seen = lock[P];']],
    breaks: 'rightChain',
    flags: NO_DEATH,
  },
  {
    name: 'the lock is taken by a load and a store',
    edits: [
      [
        'step(taken = (lock[b] == seen));\n    if\n    :: taken -> lock[b]',
        'step(taken = (lock[b] == seen))\n  };\n  atomic {\n    if\n    :: taken -> lock[b]',
      ],
    ],
    breaks: 'oneOwner',
    flags: NO_DEATH,
  },
  {
    name: 'no write raises the version',
    edits: [['  lock[b] = journal[me].word + version\n', '  lock[b] = journal[me].word\n']],
    breaks: 'rightChain',
    flags: NO_DEATH,
  },
  {
    name: 'a split does not raise the version',
    edits: [['  unlock(P, VERSION, false)\n}\n\ninline evacuate', '  unlock(P, 0, false)\n}\n\ninline evacuate']],
    breaks: 'rightChain',
    flags: NO_DEATH,
  },
  {
    name: 'unlocking does not bring LIVE back',
    edits: [['  lock[b] = journal[me].word + version\n', '  lock[b] = (journal[me].word + version) & ~LIVE\n']],
    breaks: 'headZeroIsLive',
    flags: NO_DEATH,
  },
  // ---- Splitting ----
  {
    name: 'the child is LIVE before the movers are copied',
    edits: [
      [
        '    step(copyMovers());                                         /* nobody can see the child */\n' +
          '    step(lock[C] = LIVE)\n  };\n',
        '    step(lock[C] = LIVE)\n  };\n  step(copyMovers());\n',
      ],
    ],
    breaks: 'rightChain',
    flags: NO_DEATH,
  },
  {
    name: 'the movers are withdrawn before the child is LIVE',
    edits: [
      ['    step(lock[C] = LIVE)\n  };\n', '    step(tophash[P] = tophash[P] & ~movers);\n    step(lock[C] = LIVE)\n  };\n'],
      ['  step(tophash[P] = tophash[P] & ~movers);\n  unlock', '  unlock'],
    ],
    breaks: 'nothingLost',
  },
  {
    name: 'the depth is raised before the child is LIVE',
    edits: [
      ['    step(lock[C] = LIVE)\n  };\n', '    step(depth[P] = 1);\n    step(lock[C] = LIVE)\n  };\n'],
      ['    step(depth[P] = 1);\n    step(journal[me].child = 0)\n', '    step(journal[me].child = 0)\n'],
    ],
    breaks: 'nothingLost',
  },
  {
    name: 'the movers are not withdrawn',
    edits: [['  step(tophash[P] = tophash[P] & ~movers);\n  unlock', '  unlock']],
    breaks: 'noGhost',
    flags: NO_DEATH,
  },
  {
    name: 'a splitter does not look again under the lock whether the child is LIVE',
    edits: [
      ['            :: taken && (lock[C] & LIVE) -> unlock(P, 0, false); break\n', ''],
      ['            :: taken && !(lock[C] & LIVE) -> split(); break', '            :: taken -> split(); break'],
    ],
    breaks: 'nothingLost',
    flags: NO_DEATH,
  },
  {
    name: 'a split copies an entry twice',
    edits: [
      ['    tophash[C] = (movers != 0);', '    tophash[C] = 3 * (movers != 0);'],
      ['value[2 * C] = value[movers / 2]\n', 'value[2 * C] = value[movers / 2]; key[3] = MOVES; value[3] = value[2]\n'],
    ],
    breaks: 'once',
    flags: NO_DEATH,
  },
  {
    name: 'a split is not in the journal',
    edits: [['depth[C] = 1; journal[me].child = 1 });', 'depth[C] = 1 });']],
    breaks: 'nothingLost',
  },
  // ---- The journal ----
  {
    name: 'the intent is written after the lock',
    edits: [
      ['    d_step { journal[me].word = seen; journal[me].lock = 1 + b };\n', ''],
      [
        '    :: taken -> lock[b] = lockedBy(me) | (seen & LIVE)\n',
        '    :: taken -> lock[b] = lockedBy(me) | (seen & LIVE);\n' +
          '       step(d_step { journal[me].word = seen; journal[me].lock = 1 + b })\n',
      ],
    ],
    breaks: 'deadHoldNothing',
  },
  {
    name: 'the intent is forgotten before the lock is released',
    edits: [
      [
        'inline unlock(b, version, isWrite) {\n  atomic {\n',
        'inline unlock(b, version, isWrite) {\n  atomic {\n    step(journal[me].lock = 0);\n',
      ],
    ],
    breaks: 'deadHoldNothing',
  },
  {
    name: 'an insert notes after it has published',
    edits: [
      [
        '         step(note());\n         step(tophash[at] = tophash[at] | (1 << (free - 2 * at)));\n',
        '         step(tophash[at] = tophash[at] | (1 << (free - 2 * at)));\n         step(note());\n',
      ],
    ],
    breaks: 'counted',
  },
  {
    name: 'a removal is committed before it is counted',
    edits: [['         step(count[me]--);\n         step(commit())\n', '         step(commit());\n         step(count[me]--)\n']],
    breaks: 'counted',
  },
  {
    name: 'a slot is filled after the commit',
    edits: [
      ['       step(d_step { value[free] = valueOf(k, wish[me]); key[free] = k });\n       atomic {', '       atomic {'],
      [
        '         step(count[me]++);\n         step(commit())\n',
        '         step(count[me]++);\n         step(key[free] = k);\n         step(commit());\n' +
          '         step(value[free] = valueOf(k, wish[me]))\n',
      ],
    ],
    breaks: 'allOrNothing',
  },
  {
    name: 'an insert pairs a key with the value of another',
    edits: [['value[free] = valueOf(k, wish[me])', 'value[free] = valueOf(1 - k, wish[me])']],
    breaks: 'whole',
    flags: NO_DEATH,
  },
  // ---- Recovery ----
  {
    name: 'nobody recovers',
    edits: [[' run Recovery();', '']],
    breaks: 'nobodyHolds',
  },
  {
    name: 'recovery unlocks without undoing',
    edits: [['     undo();\n', '']],
    breaks: 'counted',
  },
  {
    name: 'recovery undoes after it has unlocked',
    edits: [
      ['     undo();\n     settleLock();\n', '     settleLock();\n     undo();\n'],
      ['tophash[journal[me].lock - 1] = journal', 'tophash[at] = journal'], // the journal names it no more
    ],
    breaks: 'nothingLost',
  },
  {
    name: 'recovery forgets what it has undone before it is',
    edits: [
      [
        '         step(journal[me].logged = 1);\n         step(tophash',
        '         step(journal[me].logged = 0);\n         step(tophash',
      ],
    ],
    breaks: 'counted',
    flags: ['-DREADERS=1', '-DDEATHS=2'],
  },
  {
    name: 'recovery does not go on with a split',
    edits: [['settleSplit(); tidy();', 'tidy();']],
    breaks: 'nothingLost',
  },
  {
    name: 'recovery does not withdraw ghosts',
    edits: [['settleSplit(); tidy();', 'settleSplit();']],
    breaks: 'noGhost',
  },
  {
    name: 'recovery does not raise the version',
    edits: [['      release(at, VERSION);', '      release(at, 0);']],
    breaks: 'rightChain',
  },
  {
    name: 'recovery does not unlock',
    edits: [['-> settleSplit(); tidy(); unlockRecovered()', '-> settleSplit(); tidy()']],
    breaks: 'deadHoldNothing',
  },
  {
    name: 'recovery of a thread that lives',
    edits: [['  :: d_step { state[me] == DEAD -> state', '  :: d_step { journal[me].lock && state[me] == ATTACHED -> state']],
    breaks: 'oneOwner',
    flags: NO_DEATH,
  },
  {
    name: 'two recover the same thread',
    edits: [
      ['  :: d_step { state[me] == DEAD -> state[me] = RECOVERING };', '  :: state[me] == DEAD -> state[me] = RECOVERING;'],
      ['run Recovery();', 'run Recovery(); run Recovery();'],
    ],
    breaks: 'journalNamesALock',
  },
]
