//! Runs one of Rust's concurrent maps on the plans of the benchmark: rivals <name>. It speaks the protocol that
//! protocol.rs describes, so the harness cannot tell it from a contender written in JavaScript. Or crossbeam's queue: rivals queue.

mod keys;
mod memory;
mod plan;
mod protocol;
mod queue;
mod rival;
mod rival_dashmap;
mod rival_moka;
mod rival_papaya;
mod rival_papaya_counters;
mod rivals;
mod round;
mod runner;
mod values;

use std::{env, process::exit};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name] = arguments.as_slice() else { fail() };
    let result = match rivals::find(name) {
        Some(rival) => protocol::serve(rival),
        None if name == "queue" => queue::serve(),
        None => fail(),
    };
    if let Err(error) = result {
        eprintln!("{error}");
        exit(1);
    }
}

fn fail() -> ! {
    eprintln!("usage: rivals {}", rivals::NAMES.join(" | "));
    exit(2);
}
