/*
 * Waiting for a key, for the model checker SPIN: docs/design/hashmap.md, section 9, and docs/DESIGN.md, section 2. One chain, of which nothing
 * is left but its lock word and the value of one key, which is 0 and becomes 1. SPIN tries every interleaving of
 *
 *     two waiters        (WAITING) until the value is not 0 any more
 *     a writer           that makes it 1, and may die at any step; then it is recovered, at any time after that
 *     another one        that writes to another key of the chain, or changes nothing; if the lock is taken it sleeps, too
 *
 * When nothing can go on any more, nobody may sleep who has something to see.
 */
#ifndef WAITING
#define WAITING 2
#endif

#define LOCKED  1
#define WAITERS 2
#define VERSION 4
#define lockedBy(thread) ((thread) * VERSION | LOCKED)

byte lock;                      /* version or owner, behind WAITERS and LOCKED */
byte value;
bool asleep[3];                 /* in the engine's list of waiters: the two, and the second writer */

byte intended[3], word[3];      /* the journal: the lock that a thread holds or is about to take, and its word */
bool isDead, isRecovered;

/* A step of the first writer, at which it may die instead. */
#define step(x) if :: x :: me == 1 && !isDead -> isDead = true; goto dead fi

inline wakeAll() {
  d_step { asleep[0] = false; asleep[1] = false; asleep[2] = false }
}

/* Who sleeps: the engine compares the word when it enters the thread into its list. */
inline sleep(who, expected) {
  atomic {
    if
    :: lock == expected -> asleep[who] = true
    :: else
    fi
  };
end_slept:
  !asleep[who]                                                  /* for good, if there is nothing to see: init looks */
}

/* ---- watch(), and what TypeScript does with it (structures/hashmap/watch.ts, src/table/waiting.ts) ---------------------------- */

proctype Waiter(byte me) {
  byte seen, found;
  do
  :: seen = lock;
     if
     :: seen & LOCKED -> !(lock & LOCKED)
     :: else ->
          found = value;
          if
          :: found != 0 -> break                                /* a changed word would only make it look again */
          :: else ->
               atomic {
                 if
                 :: lock == seen -> lock = seen | WAITERS; seen = seen | WAITERS
                 :: else -> seen = 0
                 fi
               };
               if
               :: seen != 0 -> sleep(me, seen)
               :: else
               fi
          fi
     fi
  od
}

/* ---- Locks (sync/lock.ts) ------------------------------------------------------------------------------------------------ */

inline tryLock() {
  step(d_step { word[me] = seen & ~WAITERS; intended[me] = 1 });
  atomic {
    step(taken = (lock == seen));
    if
    :: taken -> lock = lockedBy(me) | (seen & WAITERS)
    :: else -> intended[me] = 0
    fi
  }
}

/* The exchange, the wake-up, the journal, in this order. */
inline release(version) {
  step(d_step { held = lock; lock = word[me] + version });
  step(if :: held & WAITERS -> wakeAll() :: else fi);
  step(intended[me] = 0)
}

inline lockHome(sleeper) {
  do
  :: seen = lock;
     if
     :: seen & LOCKED ->
          if
          :: me == 1 -> !(lock & LOCKED)
          :: else ->
               atomic {
                 if
                 :: lock == seen -> lock = seen | WAITERS; seen = seen | WAITERS
                 :: else -> seen = 0
                 fi
               };
               if
               :: seen != 0 -> sleep(sleeper, seen)
               :: else
               fi
          fi
     :: else ->
          tryLock();
          if
          :: taken -> break
          :: else
          fi
     fi
  od
}

proctype Writer(byte me) {
  byte seen, held;
  bool taken;
  lockHome(2);
  if
  :: me == 1 ->
       step(value = 1);
       release(VERSION)
  :: else ->
       if
       :: release(VERSION)
       :: release(0)
       fi
  fi;
dead:
  seen = 0; held = 0; taken = false
}

/* Becomes the first writer: lets go of the lock if that has it, and else wakes whom it may have been about to wake (heap/recovery.ts). */
proctype Recovery() {
  byte held;
end_nobody:
  isDead;
  if
  :: intended[1] ->
       if
       :: (lock & LOCKED) && lock / VERSION == 1 ->
            d_step { held = lock; lock = word[1] + VERSION };
            if
            :: held & WAITERS -> wakeAll()
            :: else
            fi
       :: else -> wakeAll()
       fi;
       intended[1] = 0
  :: else
  fi;
  isRecovered = true
}

init {
  lock = VERSION;
  atomic {
    run Waiter(0);
#if WAITING == 2
    run Waiter(1);
#endif
    run Writer(1); run Writer(2); run Recovery()
  };
  timeout;                                                      /* nothing can go on */
  assert(!asleep[2]);                                           /* nor does anybody wait for a lock that is free */
  assert(value == 0 || (!asleep[0] && !asleep[1]));             /* no wake-up was lost */
  assert(!(lock & LOCKED))
}
