/*
 * The protocol of a bucket, for the model checker SPIN: docs/design/hashmap.md, sections 3 to 6, and docs/DESIGN.md, sections 2 and 5, with nothing left of it
 * but the loads and stores that threads can see. SPIN tries every interleaving of
 *
 *     two readers         get, without a lock
 *     two writers         set, delete, or a split: so many OPERATIONS each
 *     one death           of the first writer, at any of its steps
 *     one recovery        by somebody else, at any time after it. With more DEATHS, that one dies as well, and
 *                         another begins again
 *
 * and of all that these may choose. The names are those of the sources. What is left out, how to run this and how to
 * read what SPIN says: README.md. Memory is sequentially consistent here; docs/MEMORY-MODEL.md argues why it may be.
 */
#ifndef READERS
#define READERS 2
#endif
#ifndef OPERATIONS
#define OPERATIONS 1
#endif
#ifndef DEATHS
#define DEATHS 1
#endif

/* ---- 1. Memory that all see ----------------------------------------------------------------------------------- */

/* Two heads of two slots, and two keys that are their own hashes: 0 stays with the parent, 1 moves to the child. */
#define P 0                     /* the parent, index 0: always LIVE */
#define C 1                     /* its child, index 1: LIVE when it has been evacuated into */
#define STAYS 0
#define MOVES 1
#define homeOf(k, d) ((k) & (d))        /* hash & maskOf(depth), for depths 0 and 1 */

byte lock[2];
byte depth[2];                  /* of `next`: a head is responsible for the keys whose low bits are its index */
byte tophash[2];                /* bit s: slot s is used. All keys have one tag, so each used slot is to be looked at */
byte key[4], value[4];          /* slot s of head h is number 2 * h + s */
short count[3];                 /* entries inserted less those removed, by thread: since its last unlock */

/* A value names its key, so that a torn pair shows: 4 * key, and 1 if it was there already, else 1 + its writer. */
#define ABSENT  0
#define NOTHING 4               /* what no operation makes of a key */
#define valueOf(k, n) (4 * (k) + (n))

/* The lock word (sync/lock.ts): version or owner, behind LIVE and LOCKED. There are fewer unlocks than versions. */
#define LOCKED  1
#define LIVE    2
#define VERSION 4
#define lockedBy(thread) (((thread) * VERSION) | LOCKED)
#define isMine(word)     (((word) & LOCKED) && (word) / VERSION == me)

/* ---- 2. What a thread leaves when it dies: its journal (layout/thread.ts, sync/journal.ts) -------------------- */

typedef Journal {
  byte lock;                    /* 1 + the head that it holds or is about to take; 0 for none */
  byte word;                    /* what its lock word was */
  bit child;                    /* in the middle of a split */
  byte logged;                  /* how many words are noted and not committed: */
  byte oldTophash               /*   the first; the second is the count, which was 0 */
}
Journal journal[3];

mtype = { ATTACHED, DEAD, RECOVERING, FREE };
mtype state[3] = ATTACHED;
byte deaths;

/* A step of a thread, at which it may die instead. Only thread 1 does, whoever acts in its name: both writers do the
   same. A death where it holds and intends nothing is not tried: that leaves nothing, as if the thread were slow. */
#define step(x) if :: x :: me == 1 && deaths < DEATHS -> deaths++; goto dead fi

/* Steps that only recovery can tell apart are in one `atomic` with their neighbour: the journal is nobody else's. */

/* ---- 3. What ought to be: no memory, but what the proof compares it with -------------------------------------- */

byte truth[2];                  /* by key: what the last write that was unlocked made of it, ABSENT or 1 to 3 */
byte wish[3] = NOTHING;         /* by thread: what its operation is to make ... */
byte wishKey[3];                /* ... of this key */
byte possible[2];               /* by key: what was true since its reader's last look at a lock word, as bits */

hidden byte x, s, found;        /* scratch of the checks below */

/* A write happens, for all: it is unlocked. */
inline makeTrue(k, n) {
  assert(count[me] == (n != ABSENT) - (truth[k] != ABSENT));
  count[me] = 0;
  truth[k] = n;
  if
  :: possible[k] -> possible[k] = possible[k] | (1 << n)
  :: else
  fi
}

/* What a head has for a key. */
inline lookUp(b, k) {
  found = ABSENT;
  for (s : 2 * b .. 2 * b + 1) {
    if
    :: (tophash[b] & (1 << (s - 2 * b))) && key[s] == k ->
         assert(found == ABSENT);                               /* once */
         assert(value[s] / 4 == k && value[s] % 4 != ABSENT);   /* whole */
         found = value[s] % 4
    :: else
    fi
  }
  s = 0
}

/* What an unlocked head must look like (structures/hashmap/check.ts). */
inline inspect(b) {
  for (x : STAYS .. MOVES) {
    lookUp(b, x);
    assert(found == ABSENT || homeOf(x, depth[b]) == b);        /* no ghost */
    assert(found == truth[x] || homeOf(x, depth[b]) != b)       /* nothing lost, nothing else */
  }
  x = 0; found = 0
}

/* ---- 4. Locks, and who is responsible (sync/lock.ts, structures/hashmap/locate.ts) ----------------------------------------- */

/* locate(): the head `at` that is responsible for k, and the lock word `seen` under which it is. A thread's view of the
   level may be old or new, so it begins with either. `watch` is for the proof: what was true at that look. */
inline locate(k, watch, truths) {
  if
  :: at = P
  :: k == MOVES -> at = C
  fi;
  do
  :: d_step { seen = lock[at]; watch = truths };
     if
     :: seen & LIVE ->
          home = homeOf(k, depth[at]);
          if
          :: home == at -> break
          :: else -> at = home
          fi
     :: else ->
          assert(at != P);                                      /* head 0 is LIVE, or the table was deleted */
          at = P
     fi
  od;
  home = 0
}

/* Forgets the lock. What else is in the journal means nothing then; that it is 0 makes fewer states. */
inline forget() {
  d_step { journal[me].lock = 0; journal[me].word = 0 }
}

/* tryLock(): the intent first; then the lock, if its word still is what was seen. */
inline tryLock(b) {
  atomic {
    d_step { journal[me].word = seen; journal[me].lock = 1 + b };
    step(taken = (lock[b] == seen));
    if
    :: taken -> lock[b] = lockedBy(me) | (seen & LIVE)
    :: else -> forget()
    fi;
    seen = 0
  }
}

/* unlock(): the word in the journal comes back, as another version if anything was changed. */
inline release(b, version) {
  assert(isMine(lock[b]));                                      /* one owner */
  lock[b] = journal[me].word + version
}

inline unlock(b, version, isWrite) {
  atomic {
    step(d_step {
      release(b, version);
      if
      :: isWrite -> makeTrue(wishKey[me], wish[me])
      :: else
      fi;
      inspect(b)
    });
    step(forget())
  }
}

/* ---- 5. get (structures/hashmap/read.ts) ----------------------------------------------------------------------------------- */

proctype Reader(byte k) {
  byte at, seen, home, tags, slot, n;
retry:
  locate(k, possible[k], 1 << truth[k]);
  if
  :: seen & LOCKED ->
       d_step { seen = 0; possible[k] = 0 };
       !(lock[at] & LOCKED) -> at = 0;
       goto retry
  :: else
  fi;
  tags = tophash[at];
  slot = 2 * at;
  do
  :: tags == 0 -> break
  :: tags & 1 ->
       if
       :: key[slot] == k -> n = value[slot]; break
       :: else -> tags = tags >> 1; slot++
       fi
  :: else -> tags = tags >> 1; slot++
  od;
  tags = 0;
  d_step {
    if
    :: lock[at] == seen ->
         assert(n == ABSENT || n / 4 == k);                     /* not torn */
         assert(possible[k] & (1 << (n % 4)));                 /* true at a moment between the two looks */
         seen = 0
    :: else
    fi;
    at = 0; slot = 0; n = 0; possible[k] = 0
  };
  if
  :: seen != 0 -> seen = 0; goto retry
  :: else
  fi
}

/* ---- 6. set and delete (structures/hashmap/write.ts, structures/hashmap/chain.ts) ------------------------------------------------------- */

/* Nobody else changes a locked chain, so to look at it is one step: whether the key is there, its slot, a free slot. */
inline find(k) {
  d_step {
    free = 2 * at + (tophash[at] & 1);
    slot = 2 * at;
    if
    :: (tophash[at] & 1) && key[slot] == k
    :: else -> slot++
    fi;
    isThere = (tophash[at] & (1 << (slot - 2 * at))) && key[slot] == k;
    assert(isThere == (truth[k] != ABSENT))                     /* it is the right chain */
  }
}

inline lockHome(k) {
  do
  :: locate(k, s, 0);
     if
     :: seen & LOCKED -> seen = 0; !(lock[at] & LOCKED)
     :: else ->
          tryLock(at);
          if
          :: taken -> break
          :: else
          fi
     fi
  od;
  taken = 0;
  find(k)
}

/* The tophash word of the chain and the count go together: see sync/journal.ts. */
inline note() {
  d_step { journal[me].oldTophash = tophash[at]; journal[me].logged = 2 }
}

inline commit() {
  d_step { journal[me].logged = 0; journal[me].oldTophash = 0 }
}

inline set(k) {
  lockHome(k);
  if
  :: isThere ->
       step(value[slot] = valueOf(k, wish[me]))
  :: else ->
       step(d_step { value[free] = valueOf(k, wish[me]); key[free] = k });
       atomic {
         step(note());
         step(tophash[at] = tophash[at] | (1 << (free - 2 * at)));
         step(count[me]++);
         step(commit())
       }
  fi;
  unlock(at, VERSION, true)
}

inline delete(k) {
  lockHome(k);
  if
  :: isThere ->
       atomic {
         step(note());
         step(tophash[at] = tophash[at] & ~(1 << (slot - 2 * at)));
         step(count[me]--);
         step(commit())
       };
       unlock(at, VERSION, true)
  :: else ->
       unlock(at, 0, false)
  fi
}

/* ---- 7. A split (structures/hashmap/evacuate.ts) --------------------------------------------------------------------------- */

/* The slots of P whose key moves, as bits. */
#define movers ((tophash[P] & 1) * (key[0] == MOVES) + (tophash[P] & 2) * (key[1] == MOVES))

inline copyMovers() {
  d_step {
    tophash[C] = (movers != 0);
    if
    :: movers -> key[2 * C] = MOVES; value[2 * C] = value[movers / 2]
    :: else
    fi
  }
}

inline split() {
  atomic {
    step(d_step { depth[C] = 1; journal[me].child = 1 });
    step(copyMovers());                                         /* nobody can see the child */
    step(lock[C] = LIVE)
  };
  atomic {
    step(depth[P] = 1);
    step(journal[me].child = 0)
  };
  step(tophash[P] = tophash[P] & ~movers);
  unlock(P, VERSION, false)
}

inline evacuate() {
  do
  :: lock[C] & LIVE -> break
  :: else ->
       seen = lock[P];
       if
       :: seen & LOCKED -> seen = 0; !(lock[P] & LOCKED)
       :: else ->
            tryLock(P);
            if
            :: taken && (lock[C] & LIVE) -> unlock(P, 0, false); break
            :: taken && !(lock[C] & LIVE) -> split(); break
            :: else
            fi
       fi
  od
}

/* ---- 8. Writers ----------------------------------------------------------------------------------------------- */

inline intend(k, n) {
  d_step { wishKey[me] = k; wish[me] = n }
}

proctype Writer(byte me) {
  byte at, seen, home, slot, free, operations;
  bit taken, isThere;
  do
  :: operations == OPERATIONS -> break
  :: else ->
       if
       :: intend(MOVES, 1 + me) -> set(MOVES)
       :: intend(MOVES, ABSENT) -> delete(MOVES)
       :: intend(STAYS, ABSENT) -> delete(STAYS)
       :: true -> evacuate()
       fi;
       atomic {
         operations++;
         at = 0; slot = 0; free = 0; taken = 0; isThere = 0; wishKey[me] = 0; wish[me] = NOTHING
       }
  od;
  goto done;
dead:
  atomic { state[me] = DEAD; at = 0; seen = 0; slot = 0; free = 0; taken = 0; isThere = 0 };
done:
  skip
}

/* ---- 9. Recovery (recovery.ts, structures/hashmap/repair.ts): in the dead thread's name, with its journal -------------------- */

/* Puts the old values back, the newest first. Their lock is held still, by the dead. */
inline undo() {
  if
  :: journal[me].logged ->
       atomic {
         step(count[me] = 0);
         step(journal[me].logged = 1);
         step(tophash[journal[me].lock - 1] = journal[me].oldTophash);
         step(commit())
       }
  :: else
  fi
}

/* A split whose child is LIVE goes on. Of any other, the entries have never left. */
inline settleSplit() {
  if
  :: journal[me].child ->
       atomic {
         if
         :: lock[C] & LIVE -> step(depth[P] = 1)
         :: else -> d_step { depth[C] = 0; tophash[C] = 0; key[2 * C] = 0; value[2 * C] = 0 }
         fi;
         step(journal[me].child = 0)
       }
  :: else
  fi
}

/* Withdraws ghosts: entries that a split has moved. */
inline tidy() {
  if
  :: at == P && depth[P] == 1 && movers -> step(tophash[P] = tophash[P] & ~movers)
  :: else
  fi
}

/* What the dead thread wanted has happened wholly or not at all: from here on that is so for all. */
inline unlockRecovered() {
  atomic {
    step(d_step {
      release(at, VERSION);
      if
      :: wish[me] != NOTHING && homeOf(wishKey[me], depth[at]) == at ->
           lookUp(at, wishKey[me]);
           assert(found == truth[wishKey[me]] || found == wish[me]);
           makeTrue(wishKey[me], found)
      :: else
      fi;
      inspect(at)
    });
    step(forget())
  }
}

inline settleLock() {
  if
  :: journal[me].lock ->
       at = journal[me].lock - 1;
       if
       :: isMine(lock[at]) -> settleSplit(); tidy(); unlockRecovered()
       :: else -> forget()
       fi
  :: else
  fi;
  assert(!isMine(lock[P]) && !isMine(lock[C]))                  /* the dead hold nothing */
}

proctype Recovery() {
  byte me = 1, at;
end:
  do
  :: d_step { state[me] == DEAD -> state[me] = RECOVERING };
     undo();
     settleLock();
     d_step { state[me] = FREE; wish[me] = NOTHING; wishKey[me] = 0; at = 0 }
  od;
dead:
  atomic { state[me] = DEAD; at = 0 };
  goto end
}

/* ---- 10. All of it -------------------------------------------------------------------------------------------- */

init {
  lock[P] = LIVE;
  tophash[P] = 1; key[0] = STAYS; value[0] = valueOf(STAYS, 1); truth[STAYS] = 1;
  if
  :: d_step { tophash[P] = 3; key[1] = MOVES; value[1] = valueOf(MOVES, 1); truth[MOVES] = 1 }
  :: true
  fi;
  atomic {
    run Writer(1); run Writer(2); run Recovery();
    run Reader(MOVES);
    if
    :: READERS > 1 -> run Reader(STAYS)
    :: else
    fi
  }
  timeout ->                                                    /* nobody can go on: all is done, or it is a deadlock */
  d_step {
    assert(!(lock[P] & LOCKED) && !(lock[C] & LOCKED));
    inspect(P);
    inspect(C)
  }
}
