//! What entries take: keys that nobody else holds, values, and the map around them.

use crate::keys::Keys;
use crate::rival::{Session, Table};
use std::{fs, process};

/// Measures a new map with so many keys, which a function makes; that of a cache is told how many.
pub fn measure<K: Keys, T: Table<K>>(
    count: u32,
    capacity: u32,
    new_key: impl Fn(u32) -> K::Owned,
) -> String {
    let before = resident_bytes();
    let table = T::with_capacity(capacity as usize);
    for rank in 0..count {
        table.session().set(new_key(rank), rank);
    }
    let bytes = resident_bytes() - before;
    drop(table);
    let each = bytes as f64 / f64::from(count);
    format!(
        r#"{{"bytesPerEntry":{each},"rssBytes":{bytes},"reported":null,"how":"resident memory"}}"#
    )
}

/// Asks Linux, or elsewhere the ps command; 0 if neither can say.
fn resident_bytes() -> i64 {
    let kilobytes = match fs::read_to_string("/proc/self/status") {
        Ok(status) => status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(number_in),
        Err(_) => process::Command::new("ps")
            .args(["-o", "rss=", "-p", &process::id().to_string()])
            .output()
            .ok()
            .and_then(|output| number_in(&String::from_utf8_lossy(&output.stdout))),
    };
    kilobytes.unwrap_or(0) * 1024
}

fn number_in(text: &str) -> Option<i64> {
    text.split_whitespace().next()?.parse().ok()
}
