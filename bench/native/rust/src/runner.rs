//! A runner executes one stream: from its barrier to its end, loop after loop, with a look at the clock around those
//! operations whose latency is asked for.

use crate::plan::Plan;
use crate::rival::Tally;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

/// Operations in one call at most.
const RUN: usize = 1000;
/// Operations that a stream in the background does before it looks whether it may stop.
const BACKGROUND_RUN: usize = 16;

/// Does a part of a stream, which begins at a place of it.
pub type Execute<'a> = &'a (dyn Fn(&[u32], usize) -> Tally + Sync);

pub struct Runner<'plan> {
    stream: &'plan [u32],
    total: usize,
    /// Until the measured stream has ended.
    endless: bool,
    /// 0: no latencies.
    sample_every: usize,
    pub found: Tally,
    pub samples: Vec<u32>,
}

impl<'plan> Runner<'plan> {
    pub fn new(plan: &'plan Plan, stream: usize, limit: usize, sampled: bool) -> Self {
        let endless = plan.background && stream > 0;
        let total = plan.operations_of(stream, limit);
        let sample_every = if sampled && !endless {
            plan.sample_every
        } else {
            0
        };
        Runner {
            stream: &plan.streams[stream],
            total,
            endless,
            sample_every,
            found: Tally::default(),
            samples: Vec::with_capacity(if sample_every > 0 {
                total.div_ceil(sample_every)
            } else {
                0
            }),
        }
    }

    /// Executes the stream by a function that does a part of it, which begins at a place.
    pub fn run(&mut self, stop: &AtomicBool, execute: Execute) {
        if self.endless {
            return self.run_until(stop, execute);
        }
        let mut done = 0;
        while done < self.total {
            let place = done % self.stream.len();
            let most = RUN.min(self.total - done).min(self.stream.len() - place);
            done += self.run_from(done, place, most, execute);
        }
        stop.store(true, Relaxed);
    }

    /// Executes operations, but not beyond one that is to be timed, and says how many.
    fn run_from(&mut self, done: usize, place: usize, most: usize, execute: Execute) -> usize {
        let part = &self.stream[place..place + most];
        let untimed = match self.sample_every {
            0 => most,
            every => most.min((every - done % every) % every),
        };
        if untimed > 0 {
            self.found.add(&execute(&part[..untimed], place));
            return untimed;
        }
        let start = Instant::now();
        let found = execute(&part[..1], place);
        let nanoseconds = start.elapsed().as_nanos();
        self.samples
            .push(u32::try_from(nanoseconds).unwrap_or(u32::MAX));
        self.found.add(&found);
        1
    }

    fn run_until(&mut self, stop: &AtomicBool, execute: Execute) {
        for start in (0..self.stream.len()).step_by(BACKGROUND_RUN).cycle() {
            if stop.load(Relaxed) {
                return;
            }
            let end = self.stream.len().min(start + BACKGROUND_RUN);
            self.found.add(&execute(&self.stream[start..end], start));
        }
    }
}
