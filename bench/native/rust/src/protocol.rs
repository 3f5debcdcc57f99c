//! The protocol: words in a line on standard input, one JSON object in a line on standard output.
//!
//!     load <path>              reads a plan and makes its keys
//!     round <limit> <path|->   executes it on a new map; with a path it records latencies there
//!     memory <keyKind> <count> measures what entries take
//!     quit

use crate::keys::KEY_KINDS;
use crate::plan::{MOST_KEYS, Plan};
use crate::rivals::{Contest, Rival, contest_of, measure_memory};
use std::io::{self, Write};

/// An answer in JSON, or why there is none.
pub type Answer = Result<String, String>;

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
            "memory" => self.memory(rest),
            _ => Err(format!(
                "there is no command {command:?}; there are load, round, memory and quit"
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

    fn memory(&self, rest: &str) -> Answer {
        let parts = rest
            .split_once(' ')
            .and_then(|(kind, count)| Some((kind.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((kind, count)) if kind < KEY_KINDS && (1..=MOST_KEYS).contains(&count) => {
                Ok(measure_memory(self.rival, kind, count))
            }
            _ => Err(format!(
                "memory takes a kind of keys and how many, not {rest:?}"
            )),
        }
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
