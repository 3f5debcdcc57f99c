/**
 * Milliseconds since `epoch` on the clock that all threads share (src/core/clock.ts); NaN if JavaScript cannot say. Called
 * while somebody traces; and for caches, which give their stripe, negative, for the epoch: the program may have a clock of its own
 * for one.
 */
@external('env', 'clock')
export declare function clock(epoch: f64): f64
