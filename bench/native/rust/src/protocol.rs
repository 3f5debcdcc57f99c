//! The protocol: words in a line on standard input, one JSON object in a line on standard output.
//!
//!     load <path>              reads a plan and makes its keys
//!     round <limit> <path|->   executes it on a new map; with a path it records latencies there
//!     memory <keyKind> <count> measures what entries take
//!     key <keyKind> <rank>     says a key, so that tests see that all languages make the same
//!     quit

use crate::keys::{KEY_KINDS, Keys, Numbers, are_numbers, text_key};
use crate::plan::{MOST_KEYS, Plan};
use crate::rivals::{Contest, Rival, contest_of, measure_memory};
use crate::round::Answer;
use std::io::{self, Write};

pub fn serve(rival: Rival) -> io::Result<()> {
    let mut session = Session {
        rival,
        contest: None,
    };
    for line in io::stdin().lines() {
        let line = line?;
        let (command, rest) = line.split_once(' ').unwrap_or((&line, ""));
        if command == "quit" {
            break;
        }
        let answer = match session.answer(command, rest) {
            Ok(json) => json,
            Err(error) => format!("{{\"error\":{}}}", quote(&error)),
        };
        writeln!(io::stdout(), "{answer}")?;
        io::stdout().flush()?;
    }
    Ok(())
}

/// A conversation with the harness, about one rival.
struct Session {
    rival: Rival,
    /// Of the plan that was loaded last.
    contest: Option<Box<dyn Contest>>,
}

impl Session {
    fn answer(&mut self, command: &str, rest: &str) -> Answer {
        match command {
            "load" => self.load(rest),
            "round" => self.round(rest),
            "memory" => {
                let (kind, count) = kind_and_number(command, rest)?;
                Ok(measure_memory(self.rival, kind, count))
            }
            "key" => {
                let (kind, rank) = kind_and_number(command, rest)?;
                let key = if are_numbers(kind) {
                    Numbers::new(kind).with(rank, u64::to_string)
                } else {
                    quote(&text_key(kind, rank))
                };
                Ok(format!("{{\"key\":{key}}}"))
            }
            _ => Err(format!(
                "there is no command {command:?}; there are load, round, memory, key and quit"
            )),
        }
    }

    fn load(&mut self, path: &str) -> Answer {
        self.contest = None; // lets the plan before go, with its keys
        self.contest = Some(contest_of(self.rival, Plan::read(path)?));
        let (title, version) = (self.rival.title(), self.rival.version());
        Ok(format!(
            "{{\"ok\":true,\"rival\":{},\"version\":{}}}",
            quote(title),
            quote(&version)
        ))
    }

    fn round(&self, rest: &str) -> Answer {
        let parts = rest
            .split_once(' ')
            .and_then(|(limit, path)| Some((limit.parse().ok()?, path)));
        let Some((limit, path)) = parts else {
            return Err(format!(
                "round takes a limit and a path (or -), not {rest:?}"
            ));
        };
        let contest = self
            .contest
            .as_ref()
            .ok_or("there is no plan: load one first")?;
        contest.round(limit, (path != "-").then_some(path))
    }
}

/// Reads a kind of keys, and how many or which of them.
fn kind_and_number(command: &str, rest: &str) -> Result<(u32, u32), String> {
    let numbers = rest
        .split_once(' ')
        .and_then(|(kind, number)| Some((kind.parse().ok()?, number.parse().ok()?)));
    match numbers {
        Some((kind, number)) if kind < KEY_KINDS && (1..=MOST_KEYS).contains(&number) => {
            Ok((kind, number))
        }
        _ => Err(format!(
            "{command} takes a kind of keys and a number from 1, not {rest:?}"
        )),
    }
}

/// A string in JSON.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control < ' ' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            plain => quoted.push(plain),
        }
    }
    quoted + "\""
}
