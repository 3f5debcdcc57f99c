/**
 * Checkpoints: between any two steps of which one changes something that another thread, or who recovers this one, may
 * see, or looks at something that others may change. In the checked build each calls out, so that a test can stop a
 * thread exactly there, or let it die. In the release build there is nothing: the call is compiled only where assertions
 * are.
 *
 * The names are the steps that have just been taken. test/recovery has a thread die at each; test/schedule switches from
 * one thread to another there.
 */
export const enum Checkpoint {
  // sync/lock.ts
  LockIntended, LockTaken, LockReleased,
  // sync/lock.ts: the thread is about to sleep, or has looked in vain and will look again
  WaiterFlagged, LockAwaited,
  // sync/lock.ts, for who waits until an unlocked word changes
  WordWatched,
  // sync/journal.ts
  Noted, Committed, Undone,
  // memory/blocks.ts
  HandFilled, ListPopped, LinkWritten, ListPushed, HandEmptied, LargeSetAside, RawOwned, RawEntered,
  // memory/slabs.ts
  SlabMade, SlabLinked, SlabUnlinked, BatchTaken, BlockReturned,
  // memory/runs.ts, memory/units.ts, memory/pages.ts, memory/pressure.ts
  RunFound, RunTaken, UnitsCounted, RunOwned, HintsLowered, RunGiven, PagesHandedOut, SpareTaken, SpareKept,
  OthersCalled, Relieved,
  // memory/value.ts, structures/hashmap/key.ts
  BlockFilled, KeyRetired,
  // structures/hashmap/locate.ts, structures/hashmap/read.ts, structures/hashmap/iterate.ts, memory/value.ts: without a lock, so all of it may be out of date
  LockSeen, DepthSeen, LevelSeen, TagsSeen, KeySeen, LinkFollowed, HeaderSeen, ValueCopied, ReadAgain,
  // structures/hashmap/watch.ts
  ValueCompared,
  // structures/hashmap/chain.ts
  SlotFilled, SlotPublished, BucketLinked, CopyPublished, OriginalWithdrawn, BucketsCut, BucketGiven,
  // structures/hashmap/write.ts
  ValueReplaced, SlotWithdrawn, Counted,
  // structures/hashmap/live.ts
  EndSeen, EndPushed,
  // structures/hashmap/clear.ts
  ChainSaved, ChainEmptied, SlotDrained, ScratchDrained,
  // structures/hashmap/evacuate.ts
  ChildNamed, MoverCopied, ChildLengthened, ChildComplete, ChildLive, SplitCounted, MoversWithdrawn,
  // structures/hashmap/grow.ts
  CountersSeen, RangeClaimed, GrowthAwaited,
  GrowthIntended, GrowthTaken, SegmentMade, SegmentEntered, LevelRaised, SegmentOwned, GrowthReleased,
  // structures/hashmap/shrink.ts
  ShrinkBegun, DepthsLowered, ShrinkOver,
  // structures/bitset/pages.ts
  EntryNamed, EntryTried, BitSeen,
  // structures/queue/: transfer.ts, push.ts, take.ts, receive.ts, wait.ts
  TransferIntended, TransferOver, ItemStaged, ItemWritten, TailMoved, QueueClosed, TakingEntered, HeadMoved,
  BatchHeld, BatchUnlinked, BatchReturned, WaitNoted, WaitBegun, WaitOver, CallAnswered, SignalRaised,
  // structures/cache/
  CreditsMoved, PlaceClaimed, EntryEvicted, ListenerCounted, RingOwned, RemovalCopied,
  // structures/hashmap/removals.ts
  RemovalClaimed, RemovalPublished,
  // heap/collections.ts
  RecordTaken, RecordLinked, CollectionFilled, CollectionPublished, CollectionKept, StripeMade, CollectionOpened, CollectionClosed, CollectionDoomed,
  GhostWithdrawn, HeadDead, CollectionEmpty, DeletionOver, PartFreed,
  // heap.ts, heap/recovery.ts
  SlotTaken, SlotGiven, RecoveryBegun, LockSettled, HandsSettled, GrowthSettled, ChainsSettled,
  RecoveryOver,
  // sync/trace.ts, heap/tracing.ts: only while somebody traces
  RecordingBegun, EventClaimed, EventFilled, EventPublished, RingEntered, RingRetired, RingTaken,
}

@external('env', 'checkpoint')
declare function call(id: i32): void

@inline
export function checkpoint(id: i32): void {
  if (!ASC_NO_ASSERT) call(id)
}
