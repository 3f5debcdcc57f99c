//! Plans: all that a contender is to do, as data. bench/streams/plan.ts states the layout of their files.

use crate::keys::KEY_KINDS;
use std::fs;

// Operations are words: what to do in the high 8 bits, the rank of the key in the low 24.
pub const GET: u32 = 0;
pub const SET: u32 = 1;
pub const REMOVE: u32 = 2;
pub const INCREMENT: u32 = 3;
pub const MODIFY: u32 = 4;
pub const SCAN: u32 = 5;
/// Get, and set what is not there.
pub const LOAD: u32 = 6;

pub const KIND_SHIFT: u32 = 24;
pub const RANK_MASK: u32 = (1 << KIND_SHIFT) - 1;
pub const MOST_KEYS: u32 = RANK_MASK;

const MAGIC: &[u8] = b"THPLAN01";
const HEADER_WORDS: usize = 12;

pub struct Plan {
    pub key_kind: u32,
    pub booleans: bool,
    pub key_count: u32,
    pub prefill: u32,
    pub threads: usize,
    /// The values are plain counts.
    pub counters: bool,
    /// Stream 0 is measured, the others begin again and again until it is done.
    pub background: bool,
    /// There may be room for `key_count` entries before.
    pub presize: bool,
    pub sample_every: usize,
    pub loops: usize,
    /// Most entries of a cache; 0: it is a map.
    pub bound: u32,
    pub streams: Vec<Vec<u32>>,
}

impl Plan {
    pub fn read(path: &str) -> Result<Plan, String> {
        let bytes = fs::read(path).map_err(|error| format!("{path}: {error}"))?;
        if bytes.len() < 4 * HEADER_WORDS || !bytes.starts_with(MAGIC) {
            return Err(format!("{path} is not a plan"));
        }
        let plan = decode(&bytes).map_err(|error| format!("{path}: {error}"))?;
        plan.check().map_err(|error| format!("{path}: {error}"))?;
        Ok(plan)
    }

    /// Whether the streams are more than the threads, and so taken by whichever is free.
    pub fn has_tasks(&self) -> bool {
        self.streams.len() > self.threads
    }

    /// How many operations a stream comes to, all loops together.
    pub fn operations_of(&self, stream: usize, limit: usize) -> usize {
        let all = self.streams[stream].len() * self.loops;
        if limit > 0 { all.min(limit) } else { all }
    }

    fn check(&self) -> Result<(), String> {
        let wrong = if self.key_kind >= KEY_KINDS {
            "there is no such kind of keys"
        } else if self.key_count > MOST_KEYS || self.prefill > self.key_count {
            "there are more keys than a plan can have"
        } else if self.threads < 1 || self.streams.len() < self.threads {
            "there are fewer streams than threads, or no threads"
        } else if self.sample_every < 1 || self.loops < 1 {
            "sampleEvery and loops are at least 1"
        } else if self.background && self.has_tasks() {
            "tasks cannot be in the background"
        } else if self.counters && self.booleans {
            "booleans do not count"
        } else {
            return self
                .streams
                .iter()
                .flatten()
                .try_for_each(|operation| self.check_operation(*operation));
        };
        Err(wrong.to_owned())
    }

    fn check_operation(&self, operation: u32) -> Result<(), String> {
        let (kind, rank) = (operation >> KIND_SHIFT, operation & RANK_MASK);
        match kind {
            0..=SCAN if rank >= self.key_count && kind != SCAN => {
                Err(format!("there is no key of rank {rank}"))
            }
            SET | MODIFY if self.counters => Err("counters are incremented, not set".to_owned()),
            INCREMENT if !self.counters => Err("only counters can be incremented".to_owned()),
            LOAD if rank >= self.key_count => Err(format!("there is no key of rank {rank}")),
            LOAD if self.bound == 0 || self.booleans => {
                Err("only a cache of numbers loads".to_owned())
            }
            0..=LOAD => Ok(()),
            _ => Err(format!("there is no operation {kind}")),
        }
    }
}

fn decode(bytes: &[u8]) -> Result<Plan, &'static str> {
    let (quads, remainder) = bytes.as_chunks::<4>();
    let words: Vec<u32> = quads.iter().map(|quad| u32::from_le_bytes(*quad)).collect();
    let flags = words[8];
    let lengths = words[HEADER_WORDS..]
        .get(..words[7] as usize)
        .ok_or("the plan is cut off")?;
    let mut operations = &words[HEADER_WORDS + lengths.len()..];
    let mut streams = Vec::with_capacity(lengths.len());
    for length in lengths {
        let (stream, rest) = operations
            .split_at_checked(*length as usize)
            .ok_or("the plan is cut off")?;
        streams.push(stream.to_vec());
        operations = rest;
    }
    if !operations.is_empty() || !remainder.is_empty() {
        return Err("there is more in the file than the plan says");
    }
    Ok(Plan {
        key_kind: words[2],
        booleans: words[3] == 1,
        key_count: words[4],
        prefill: words[5],
        threads: words[6] as usize,
        counters: flags & 1 != 0,
        background: flags & 2 != 0,
        presize: flags & 4 != 0,
        sample_every: words[9] as usize,
        loops: words[10] as usize,
        bound: words[11],
        streams,
    })
}
