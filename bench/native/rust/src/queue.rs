//! crossbeam's ArrayQueue, for bench/queue. Words in a line on standard input, numbers in a line on standard output:
//!
//!     round <kind> <threads at each end> <items> <capacity>   nanoseconds, and what the items were worth
//!     hop <count> <capacity>                                  nanoseconds of each way there and back
//!
//! It has nothing to wait with: who finds no room, or nothing, backs off as crossbeam advises, and looks again.

use crossbeam_queue::ArrayQueue;
use crossbeam_utils::Backoff;
use std::io::{self, BufRead, Write};
use std::thread;
use std::time::{Duration, Instant};

const TEXTS: usize = 1000;
const LENGTH: usize = 100;

struct Visit {
    user: f64,
    visits: f64,
    online: bool,
}

pub fn serve() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let unknown = || io::Error::other(format!("there are round and hop, not '{line}'"));
        writeln!(output, "{}", answer(&line).ok_or_else(unknown)?)?;
        output.flush()?;
    }
    Ok(())
}

fn answer(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let number = |index: usize| words.get(index)?.parse::<usize>().ok();
    match words[0] {
        "round" => {
            let (took, sum) = race(words.get(1)?, number(2)?, number(3)?, number(4)?)?;
            Some(format!("{} {}", took.as_nanos(), sum))
        }
        "hop" => Some(hop(number(1)?, number(2)?)),
        _ => None,
    }
}

fn race(kind: &str, ends: usize, items: usize, capacity: usize) -> Option<(Duration, f64)> {
    Some(match kind {
        "numbers" => round(ends, items, capacity, |n| n as f64, |item| item),
        "strings" => {
            let texts: Vec<String> = (0..TEXTS).map(|n| format!("{n:x>LENGTH$}")).collect();
            let worth = |item: String| (item.len() + item.as_bytes()[LENGTH - 1] as usize) as f64;
            round(ends, items, capacity, |n| texts[n % TEXTS].clone(), worth)
        }
        "objects" => round(ends, items, capacity, new_visit, worth_of_visit),
        _ => return None,
    })
}

fn new_visit(n: usize) -> Visit {
    Visit {
        user: (n % TEXTS) as f64,
        visits: n as f64,
        online: n.is_multiple_of(2),
    }
}

fn worth_of_visit(item: Visit) -> f64 {
    item.user + item.visits + f64::from(u8::from(item.online))
}

/// From so many threads to as many: from the first that begins to the last that ends.
fn round<T: Send>(
    ends: usize,
    items: usize,
    capacity: usize,
    make: impl Fn(usize) -> T + Sync,
    worth: impl Fn(T) -> f64 + Sync,
) -> (Duration, f64) {
    let queue = ArrayQueue::new(capacity);
    let share = items / ends;
    let (queue, make, worth) = (&queue, &make, &worth);
    let begin = Instant::now();
    let sum = thread::scope(|scope| {
        let consumers: Vec<_> = (0..ends)
            .map(|_| scope.spawn(move || (0..share).map(|_| worth(pop(queue))).sum::<f64>()))
            .collect();
        for end in 0..ends {
            scope
                .spawn(move || (end * share..(end + 1) * share).for_each(|n| push(queue, make(n))));
        }
        consumers
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    (begin.elapsed(), sum)
}

fn push<T>(queue: &ArrayQueue<T>, mut item: T) {
    let backoff = Backoff::new();
    while let Err(back) = queue.push(item) {
        item = back;
        backoff.snooze();
    }
}

fn pop<T>(queue: &ArrayQueue<T>) -> T {
    let backoff = Backoff::new();
    loop {
        if let Some(item) = queue.pop() {
            return item;
        }
        backoff.snooze();
    }
}

fn hop(count: usize, capacity: usize) -> String {
    let (forth, back) = (ArrayQueue::new(capacity), ArrayQueue::new(capacity));
    let samples: Vec<String> = thread::scope(|scope| {
        scope.spawn(|| (0..count).for_each(|_| push(&back, pop(&forth))));
        (0..count)
            .map(|n| {
                let begin = Instant::now();
                push(&forth, n as f64);
                assert_eq!(pop(&back), n as f64, "another number came back");
                begin.elapsed().as_nanos().to_string()
            })
            .collect()
    });
    samples.join(" ")
}
