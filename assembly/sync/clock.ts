/**
 * Milliseconds since `epoch` on the clock that all threads share (src/core/clock.ts); NaN if JavaScript cannot say. Called
 * only while somebody traces.
 */
// @ts-ignore: decorator
@external('env', 'clock')
export declare function clock(epoch: f64): f64
