//! A round: a new map, what is in it before, the streams from one barrier, and what came of it.

use crate::keys::Keys;
use crate::plan::Plan;
use crate::rival::{Session, Table, Tally, execute};
use crate::runner::{Execute, Runner};
use crate::values::{lasting, value_of};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::atomic::{
    AtomicBool, AtomicUsize,
    Ordering::{AcqRel, Acquire, Relaxed},
};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Instant;

/// An answer to the harness in JSON, or why there is none.
pub type Answer = Result<String, String>;

/// A thread: how long it took, and the streams that it did.
struct Worker {
    nanoseconds: u64,
    streams: Vec<usize>,
}

pub fn round<K: Keys, T: Table<K>>(
    plan: &Plan,
    keys: &K,
    limit: usize,
    latencies: Option<&str>,
) -> Answer {
    let table: T = fill(plan, keys);
    let mut runners: Vec<Mutex<Runner>> = (0..plan.streams.len())
        .map(|stream| Mutex::new(Runner::new(plan, stream, limit, latencies.is_some())))
        .collect();
    let workers = race(plan, &runners, &|operations, place| {
        execute(&table, keys, operations, place)
    });
    let runners: Vec<Runner> = runners
        .drain(..)
        .map(|runner| runner.into_inner().unwrap())
        .collect();
    if let Some(path) = latencies {
        write_samples(path, &workers, &runners).map_err(|error| format!("{path}: {error}"))?;
    }
    let content = sum_content(plan, keys, &table);
    Ok(summarize(
        plan,
        &workers,
        &runners,
        latencies.is_some(),
        table.size(),
        content,
    ))
}

/// Makes a map with what is there before.
fn fill<K: Keys, T: Table<K>>(plan: &Plan, keys: &K) -> T {
    let table = T::with_capacity(if plan.presize {
        plan.key_count as usize
    } else {
        plan.bound as usize
    });
    let map = table.session();
    for rank in 0..plan.prefill {
        let value = if plan.counters { 0 } else { value_of(rank, 0) };
        keys.with(rank, |key| map.set(K::own(key), value));
    }
    drop(map);
    table
}

/// Sums up what is there at the end, key by key.
fn sum_content<K: Keys, T: Table<K>>(plan: &Plan, keys: &K, table: &T) -> u64 {
    let map = table.session();
    let values = (0..plan.key_count).filter_map(|rank| keys.with(rank, |key| map.get(key)));
    values
        .map(|value| {
            if plan.counters {
                value.into()
            } else {
                lasting(value)
            }
        })
        .sum()
}

/// Lets all threads go at once. Each has a stream, or takes tasks until there are no more.
fn race(plan: &Plan, runners: &[Mutex<Runner>], execute: Execute) -> Vec<Worker> {
    let (ready, next_task) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let start = OnceLock::new();
    let stop = AtomicBool::new(false);
    let run = |stream: usize| runners[stream].lock().unwrap().run(&stop, execute);
    let work = |thread: usize| {
        let mut streams = Vec::with_capacity(runners.len());
        ready.fetch_add(1, AcqRel);
        let start: Instant = wait_for(|| start.get().copied());
        if plan.has_tasks() {
            loop {
                let stream = next_task.fetch_add(1, Relaxed);
                if stream >= runners.len() {
                    break;
                }
                run(stream);
                streams.push(stream);
            }
        } else {
            run(thread);
            streams.push(thread);
        }
        Worker {
            nanoseconds: start.elapsed().as_nanos() as u64,
            streams,
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..plan.threads)
            .map(|thread| scope.spawn(move || work(thread)))
            .collect();
        wait_for(|| (ready.load(Acquire) == plan.threads).then_some(()));
        start.set(Instant::now()).unwrap();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// Looks again and again, so that threads begin at the same moment, whatever it takes to wake them.
fn wait_for<R>(look: impl Fn() -> Option<R>) -> R {
    loop {
        if let Some(found) = look() {
            return found;
        }
        thread::yield_now();
    }
}

/// Adds up the streams that are measured: in the background it is the first only.
fn summarize(
    plan: &Plan,
    workers: &[Worker],
    runners: &[Runner],
    sampled: bool,
    size: usize,
    content: u64,
) -> String {
    let measured = if plan.background { 1 } else { workers.len() };
    let nanoseconds = workers[..measured]
        .iter()
        .map(|worker| worker.nanoseconds)
        .max()
        .unwrap_or(0);
    let mut found = Tally::default();
    for runner in &runners[..if plan.background { 1 } else { runners.len() }] {
        found.add(&runner.found);
    }
    let read = if plan.counters { 0 } else { found.read }; // counters change while others count
    let threads: Vec<String> = workers
        .iter()
        .map(|worker| describe(worker, runners, sampled))
        .collect();
    format!(
        concat!(
            r#"{{"nanoseconds":{},"threads":[{}],"operations":{},"hits":{},"sum":{},"removed":{},"visited":{},"#,
            r#""size":{},"content":{}}}"#
        ),
        nanoseconds,
        threads.join(","),
        found.operations,
        found.hits,
        read + found.scanned,
        found.removed,
        found.visited,
        size,
        content
    )
}

fn describe(worker: &Worker, runners: &[Runner], sampled: bool) -> String {
    let own = || worker.streams.iter().map(|stream| &runners[*stream]);
    let operations: usize = own().map(|runner| runner.found.operations).sum();
    let samples: usize = own().map(|runner| runner.samples.len()).sum();
    let samples = if sampled {
        format!(r#","samples":{samples}"#)
    } else {
        String::new()
    };
    format!(
        r#"{{"nanoseconds":{},"operations":{operations}{samples}}}"#,
        worker.nanoseconds
    )
}

/// Writes the latencies of one thread after the other.
fn write_samples(path: &str, workers: &[Worker], runners: &[Runner]) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for stream in workers.iter().flat_map(|worker| &worker.streams) {
        for sample in &runners[*stream].samples {
            file.write_all(&sample.to_le_bytes())?;
        }
    }
    file.flush()
}
